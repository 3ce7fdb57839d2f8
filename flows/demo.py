"""The main job on real parts: what ``make demo`` shows.

A fresh user database in SQLite, one flow, and the four ways in which it can end. Every command is run as it is printed,
in the folder of the project; the database and the outbox are in a new folder that is named. Exits with 0 only when all
four cases went as they must.
"""

from __future__ import annotations

import io
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from email import message_from_bytes, policy
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
FLOW = "flows/resend-confirmation-email.yaml"
ALICE, NOBODY = "alice@youremail.com", "nobody@youremail.com"


def main() -> int:
    """Show it; gives the exit code."""
    folder = Path(tempfile.mkdtemp(prefix="blockwright-demo-"))
    shop = Shop(folder)
    print("A user registered and lost the confirmation email. This flow sends it again:\n")
    print(indented((PROJECT / FLOW).read_text(encoding="utf-8").partition("tests:")[0].rstrip()))
    print("\nA new user database and an outbox, in an app that requires confirmation; alice has not confirmed yet:\n")
    shop.settle()
    shop.call("users settings emailConfirmationRequired=true")
    shop.call(f"users add {ALICE} --status EMAIL_CONFIRMATION_PENDING")

    print("1. Alice is pending: she gets the email, and the flow ends well.\n")
    good = shop.resend(ALICE, 0) and shop.shows_mails(1)

    print("2. Alice has confirmed: the flow fails with 3102, and no email goes out.\n")
    shop.call(f"users confirm {ALICE}")
    good &= shop.resend(ALICE, 1, "failed with 3102")

    print("3. Nobody has this identity: the flow fails with 3104.\n")
    good &= shop.resend(NOBODY, 1, "failed with 3104")

    print("4. The app does not require confirmation any more: the flow fails with 3103.\n")
    shop.call("users settings emailConfirmationRequired=false")
    good &= shop.resend(ALICE, 1, "failed with 3103")
    good &= shop.has_mails(1)

    print("All four cases went as they must." if good else "NOT all cases went as they must; see above.")
    print(f"The database and the outbox are still in {folder}")
    return 0 if good else 1


class Shop:
    """A folder with a user database and an outbox, and the command that works on them."""

    def __init__(self, folder: Path) -> None:
        self._outbox = folder / "outbox"
        self._names = {
            "BLOCKWRIGHT_USERS": f"sqlite:///{(folder / 'users.db').as_posix()}",
            "BLOCKWRIGHT_MAIL": f"outbox:{self._outbox}",
        }

    def settle(self) -> None:
        """Print how the command learns where the users and the mails are."""
        print("".join(f"$ export {name}={value}\n" for name, value in self._names.items()))

    def call(self, line: str) -> subprocess.CompletedProcess[str]:
        """Print a command, run it as it is printed, and print what it says."""
        print(f"$ blockwright {line}")
        done = subprocess.run(
            [*command(), *shlex.split(line)],
            cwd=PROJECT,
            env=os.environ | self._names,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
        print(f"{done.stdout}(exit code {done.returncode})\n", flush=True)
        return done

    def resend(self, identity: str, code: int, said: str = "") -> bool:
        """Run the flow; whether it ended as it must."""
        done = self.call(f'run {FLOW} -i "user identity={identity}"')
        return done.returncode == code and said in done.stdout

    def shows_mails(self, count: int) -> bool:
        """Print the mails that lie in the outbox; whether there are as many as there must be."""
        for path in sorted(self._outbox.glob("*.eml")):
            mail = message_from_bytes(path.read_bytes(), policy=policy.default)
            body = mail.get_body(("plain",))
            print(f"The mail in {path}, as plain text:\n")
            heads = "\n".join(f"{name}: {mail[name]}" for name in ("From", "To", "Subject", "Date"))
            print(indented(f"{heads}\n\n{body.get_content() if body else ''}".rstrip()) + "\n")
        return self.has_mails(count)

    def has_mails(self, count: int) -> bool:
        """Whether there are as many mails in the outbox as there must be."""
        return len([*self._outbox.glob("*.eml")]) == count


def command() -> list[str]:
    """How the command is called that belongs to this Python."""
    script = shutil.which("blockwright", path=str(Path(sys.executable).parent))
    return [script] if script else [sys.executable, "-m", "blockwright.cli"]


def indented(text: str) -> str:
    return "\n".join(f"    {line}".rstrip() for line in text.splitlines())


if __name__ == "__main__":
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    sys.exit(main())
