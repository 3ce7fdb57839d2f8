"""The real command, called with words: in this process where that is the same, in one of its own where it is not."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from blockwright.cli.main import main

ALICE = "alice@youremail.com"
FLOWS = Path(__file__).parents[2] / "flows"
RESEND = FLOWS / "resend-confirmation-email.yaml"


@dataclass(frozen=True)
class Result:
    """What came of a call."""

    code: int
    out: str
    err: str


@dataclass
class Command:
    """The command in a folder of its own, with a user database and an outbox there."""

    folder: Path
    capture: pytest.CaptureFixture[str]

    def __call__(self, *words: str) -> Result:
        """Call the command in this process."""
        self.capture.readouterr()
        code = main(words)
        out, err = self.capture.readouterr()
        return Result(code, out, err)

    def alone(self, *words: str, text: str = "", environment: Mapping[str, str] | None = None) -> Result:
        """Call the command in a process of its own, with this text as its input."""
        done = subprocess.run(
            self.words(*words),
            input=text.encode(),
            capture_output=True,
            cwd=self.folder,
            env=os.environ | dict(environment or {}),
            timeout=60,
            check=False,
        )
        return Result(done.returncode, done.stdout.decode(), done.stderr.decode())

    def start(self, *words: str) -> subprocess.Popen[str]:
        """Begin a call in a process of its own."""
        return subprocess.Popen(
            self.words(*words),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=self.folder,
            encoding="utf-8",
        )

    def words(self, *words: str) -> list[str]:
        """The words by which a process runs the command: its own script, as a shell would."""
        return [str(Path(sys.executable).with_name("blockwright")), *words]

    def write(self, name: str, text: str) -> str:
        """Write a file into the folder; gives its name."""
        (self.folder / name).write_text(text, encoding="utf-8")
        return name

    def resend(self, *words: str, identity: str = ALICE) -> Result:
        """Run the first flow."""
        return self("run", str(RESEND), "-i", f"user identity={identity}", *words)

    def mails(self) -> list[str]:
        """The mails in the outbox, in the order in which they were sent."""
        return [each.read_text(encoding="utf-8") for each in sorted((self.folder / "outbox").glob("*.eml"))]
