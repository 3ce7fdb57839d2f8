"""``python -m tests.conformance CASES.jsonl > RESULTS.jsonl``: evaluate every case, write one typed result per line."""

import json
import sys
from pathlib import Path

from tests.conformance.cases import read_cases, run_case


def main() -> None:
    for case in read_cases(Path(sys.argv[1])):
        print(json.dumps(run_case(case), ensure_ascii=False))


main()
