"""Try millions of inputs: ``python -m tests.fuzzing [--seconds N] [TARGET…]``, or ``make fuzz``.

Steered by coverage with atheris where it is installed, otherwise by chance alone. What breaks a promise is kept in
``.fuzz/``; ``python -m tests.fuzzing TARGET FILE`` tries such a file again.
"""

from __future__ import annotations

import argparse
import importlib.util
import random
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

KEPT = Path(__file__).parents[2] / ".fuzz"
MEMORY = 2 << 30
"""Bytes of memory that trying may take in all."""

BUDGET = 200_000
"""Steps of one evaluation here, so that what is slow for its steps shows early, and more can be tried."""

SHARES = {"expression": 8, "document": 2}
"""How much of the time a target gets, where it is not 1."""


def main(arguments: Sequence[str]) -> int:
    reader = argparse.ArgumentParser(prog="python -m tests.fuzzing", description=__doc__)
    reader.add_argument("targets", nargs="*", help="what to try; all without one; a file is tried again")
    reader.add_argument("--seconds", type=float, default=120, help="how long, in all")
    reader.add_argument("--alone", action="store_true", help=argparse.SUPPRESS)
    given = reader.parse_args(arguments)
    files = [Path(target) for target in given.targets if Path(target).is_file()]
    names = [target for target in given.targets if not Path(target).is_file()]
    if files:
        return again(names[0], files)
    if given.alone:
        return alone(names[0], given.seconds)
    return all_of(names, given.seconds)


def all_of(names: Sequence[str], seconds: float) -> int:
    """Try each target in a process of its own; the number of those that broke a promise."""
    from tests.fuzzing.targets import TARGETS

    wanted = names or list(TARGETS)
    parts = sum(SHARES.get(name, 1) for name in wanted)
    broken = []
    for name in wanted:
        share = seconds * SHARES.get(name, 1) / parts
        print(f"--- {name}: {TARGETS[name].__doc__ or ''} ({share:.0f} seconds)", flush=True)
        command = [sys.executable, "-m", "tests.fuzzing", "--alone", "--seconds", str(share), name]
        if subprocess.run(command, check=False).returncode:
            broken.append(name)
    print(f"broken: {', '.join(broken)}; the inputs are in {KEPT}" if broken else "every promise was kept")
    return len(broken)


def again(name: str, files: Sequence[Path]) -> int:
    """Try inputs that were kept."""
    from tests.fuzzing.targets import TARGETS

    for file in files:
        TARGETS[name](file.read_bytes())
    print("every promise was kept")
    return 0


def alone(name: str, seconds: float) -> int:
    """Try one target in this process, in bounded memory."""
    _bound_memory()
    if importlib.util.find_spec("atheris") is None:
        print("atheris is not installed, so inputs are chosen by chance alone")
        return _by_chance(name, seconds)
    return _by_coverage(name, seconds)


def _by_coverage(name: str, seconds: float) -> int:
    import atheris

    with atheris.instrument_imports(include=["blockwright"]):
        from tests.fuzzing import seeds, targets
    _small_budget()
    corpus = KEPT / name
    corpus.mkdir(parents=True, exist_ok=True)
    if name == "expression":
        for number, seed in enumerate(seeds.expressions()):
            (corpus / f"seed-{number}").write_bytes(seed)
    options = [
        f"-max_total_time={max(1, round(seconds))}",
        "-timeout=20",
        "-max_len=1000",
        "-print_final_stats=0",
        "-verbosity=0",
        f"-rss_limit_mb={MEMORY >> 20}",
        f"-artifact_prefix={KEPT}/{name}-",
    ]
    atheris.Setup([sys.argv[0], *options, str(corpus)], targets.TARGETS[name])
    atheris.Fuzz()
    return 0


def _by_chance(name: str, seconds: float) -> int:
    from tests.fuzzing import seeds, targets

    _small_budget()
    chance = random.Random()
    known = [*seeds.expressions()]
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        data = chance.randbytes(chance.choice([5, 20, 60, 150, 300]))
        if chance.random() < 0.3:
            seed = chance.choice(known)
            place = chance.randrange(len(seed))
            data = seed[:place] + data[:3] + seed[place + chance.randrange(5) :]
        try:
            targets.TARGETS[name](data)
        except BaseException:
            KEPT.mkdir(exist_ok=True)
            (KEPT / f"{name}-crash").write_bytes(data)
            raise
    return 0


def _small_budget() -> None:
    from blockwright.expressions import running

    assert running.STEPS
    running.STEPS = BUDGET


def _bound_memory() -> None:
    try:
        import resource
    except ImportError:
        return
    # The fuzzer itself reserves much address space that it never uses.
    resource.setrlimit(resource.RLIMIT_AS, (2 * MEMORY, 2 * MEMORY))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
