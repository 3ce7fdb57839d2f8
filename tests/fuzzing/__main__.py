"""Try millions of inputs: ``python -m tests.fuzzing [--seconds N] [TARGET…]``, or ``make fuzz``.

Each target is tried by coverage, which atheris steers, and by chance alone, which is much quicker for each input; by
chance alone where atheris is not installed. What breaks a promise is kept in ``.fuzz/``;
``python -m tests.fuzzing TARGET FILE…`` tries such files again.
"""

from __future__ import annotations

import argparse
import importlib.util
import random
import re
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

KEPT = Path(__file__).parents[2] / ".fuzz"

MEMORY = 1 << 30
"""Bytes of memory that trying may take in all."""

BUDGET = 200_000
"""Steps of one evaluation here, so that what is slow for its steps shows early, and more can be tried."""

SHARES = {"expression": 8, "flow": 4, "unary_tests": 2, "document": 2}
"""How much of the time a target gets, where it is not 1."""


def main(arguments: Sequence[str]) -> int:
    reader = argparse.ArgumentParser(prog="python -m tests.fuzzing", description="Try millions of inputs.")
    reader.add_argument("targets", nargs="*", help="what to try, everything without one; then files to try again")
    reader.add_argument("--seconds", type=float, default=120, help="how long, in all")
    reader.add_argument("--way", choices=sorted(WAYS), help=argparse.SUPPRESS)
    given = reader.parse_args(arguments)
    files = [Path(target) for target in given.targets if Path(target).is_file()]
    names = [target for target in given.targets if not Path(target).is_file()]
    if files:
        return again(names[0], files)
    if given.way:
        _bound_memory()
        return WAYS[given.way](names[0], given.seconds)
    return all_of(names, given.seconds)


def all_of(names: Sequence[str], seconds: float) -> int:
    """Try targets, each in processes of its own; how many of them broke a promise."""
    from tests.fuzzing.targets import TARGETS

    wanted = names or list(TARGETS)
    ways = sorted(WAYS)
    if importlib.util.find_spec("atheris") is None:
        print("atheris is not installed, so inputs are chosen by chance alone")
        ways = ["chance"]
    parts = sum(SHARES.get(name, 1) for name in wanted) * len(ways)
    broken = 0
    for name in wanted:
        print(f"{name}: {TARGETS[name].__doc__}", flush=True)
        broken += sum([not _kept_promise(name, way, seconds * SHARES.get(name, 1) / parts) for way in ways])
    print(f"Promises were broken {broken} times; the inputs are in {KEPT}." if broken else "Every promise was kept.")
    return broken


def _kept_promise(name: str, way: str, seconds: float) -> bool:
    command = [sys.executable, "-m", "tests.fuzzing", "--way", way, "--seconds", str(seconds), name]
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    tried = re.search(r"number_of_executed_units: (\d+)", done.stdout + done.stderr)
    print(f"  by {way}: {int(tried[1]) if tried else 0:,} inputs in {seconds:.0f} seconds", flush=True)
    if done.returncode:
        print(done.stdout[-2_000:] + done.stderr[-6_000:])
    return not done.returncode


def again(name: str, files: Sequence[Path]) -> int:
    """Try inputs that were kept."""
    from tests.fuzzing.targets import TARGETS

    for file in files:
        TARGETS[name](file.read_bytes())
    print("every promise was kept")
    return 0


def by_coverage(name: str, seconds: float) -> int:
    """Try inputs that reach new places in the code, and changes of these."""
    import atheris

    with atheris.instrument_imports(include=["blockwright"]):
        from tests.fuzzing import seeds, targets
    _small_budget()
    corpus = KEPT / name
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds.of(name)):
        (corpus / f"seed-{number}").write_bytes(seed)
    # How long an input takes is judged by the targets, in seconds of work; this only ends what hangs.
    options = [
        f"-max_total_time={max(1, round(seconds))}",
        "-timeout=60",
        "-max_len=1000",
        "-print_final_stats=1",
        f"-rss_limit_mb={MEMORY >> 20}",
        f"-artifact_prefix={KEPT}/{name}-",
    ]
    atheris.Setup([sys.argv[0], *options, str(corpus)], targets.TARGETS[name])
    atheris.Fuzz()
    return 0


def by_chance(name: str, seconds: float) -> int:
    """Try random bytes, and what is known to make sense with something changed."""
    from tests.fuzzing import seeds, targets

    _small_budget()
    chance = random.Random()
    known = seeds.of(name)
    end = time.monotonic() + seconds
    tried = 0
    while time.monotonic() < end:
        data = chance.randbytes(chance.choice([5, 20, 60, 150, 300, 1_000]))
        if known and tried % 4 == 0:
            seed = chance.choice(known)
            place = chance.randrange(len(seed))
            data = seed[:place] + data[:3] + seed[place + chance.randrange(5) :]
        tried += 1
        try:
            targets.TARGETS[name](data)
        except BaseException:
            file = KEPT / f"{name}-{tried}-{time.time():.0f}"
            file.parent.mkdir(exist_ok=True)
            file.write_bytes(data)
            raise
    print(f"number_of_executed_units: {tried}")
    return 0


WAYS = {"coverage": by_coverage, "chance": by_chance}


def _small_budget() -> None:
    from blockwright.expressions import running

    assert running.STEPS > BUDGET
    running.STEPS = BUDGET


def _bound_memory() -> None:
    try:
        import resource
    except ImportError:
        return
    # atheris itself reserves about as much, and never uses it.
    resource.setrlimit(resource.RLIMIT_AS, (2 * MEMORY, 2 * MEMORY))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
