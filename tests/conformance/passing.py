"""``python -m tests.conformance.passing CASES.jsonl``: write down which cases pass."""

import sys
from pathlib import Path

from tests.conformance.cases import passes, read_cases


def main() -> None:
    names = sorted(case["id"] for case in read_cases(Path(sys.argv[1])) if passes(case))
    Path(__file__).with_name("passing.txt").write_text("\n".join(names) + "\n", encoding="utf-8")


main()
