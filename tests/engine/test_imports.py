"""``import blockwright`` costs next to nothing: what is not asked for is not imported."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("pydantic", "lark", "yaml", "sqlalchemy", "rich", "typer", "asyncio")


def imported_after(code: str) -> set[str]:
    """Which heavy packages a fresh Python has imported after running ``code``."""
    ask = f"{code}\nimport sys\nprint(*(name for name in {HEAVY!r} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True, timeout=60)
    return set(done.stdout.split())


@pytest.mark.parametrize(
    "code",
    [
        "import blockwright",
        "from blockwright import Failure, Place",
        "from blockwright import block\n@block('a')\ndef a(b: int) -> int:\n    return b",
    ],
)
def test_the_package_and_blocks_need_nothing_heavy(code: str) -> None:
    assert imported_after(code) == set()


def test_running_a_flow_needs_neither_the_command_nor_a_database() -> None:
    code = "from blockwright import Runtime\nRuntime().load_text('flow: f\\nsteps:\\n  - return: 1\\n').run()"
    assert imported_after(code) <= {"pydantic", "lark", "yaml", "asyncio"}


def test_every_public_name_is_there() -> None:
    import blockwright

    assert [name for name in blockwright.__all__ if getattr(blockwright, name, None) is None] == []
    assert set(blockwright.__all__) <= set(dir(blockwright))
    with pytest.raises(AttributeError, match="module 'blockwright' has no attribute 'Nonsense'"):
        _ = blockwright.Nonsense
