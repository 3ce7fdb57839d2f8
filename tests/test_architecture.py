"""The arrows between the rooms of the house run one way."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_imports_follow_the_arrows_of_the_architecture() -> None:
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()", "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


def test_no_module_is_longer_than_one_sitting_can_read() -> None:
    modules = [path for root in ("runtime", "blocks") for path in (ROOT / root).rglob("*.py")]
    assert len(modules) > 50
    long = {str(path): lines for path in modules if (lines := path.read_text(encoding="utf-8").count("\n")) > 500}
    assert not long
