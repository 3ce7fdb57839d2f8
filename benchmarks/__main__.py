"""Run every benchmark: ``python -m benchmarks``, or ``make bench``."""

from __future__ import annotations

import importlib
import pkgutil

import benchmarks

NOT_BENCHMARKS = {"__main__", "bare_service", "measure", "rivals"}


def main() -> None:
    for module in sorted(found.name for found in pkgutil.iter_modules(benchmarks.__path__)):
        if module not in NOT_BENCHMARKS:
            print(f"\n{module}")
            importlib.import_module(f"benchmarks.{module}").main()


if __name__ == "__main__":
    main()
