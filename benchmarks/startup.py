"""How long it takes to begin: `import blockwright`, and the command, as processes beside a bare Python."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks.measure import ratio, report

FLOWS = Path(__file__).parents[1] / "flows"
EVERYTHING = (
    "import blockwright; [getattr(blockwright, name) for name in blockwright.__all__]; "
    "blockwright.Runtime(users='memory:')"
)


NO_LIMITS = ["resendSeconds=0", "mailsPerAddressAndDay=0", "mailsPerClientAndHour=0", "mailsPerHour=0"]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {
            "BLOCKWRIGHT_USERS": f"sqlite:///{folder}/users.db",
            "BLOCKWRIGHT_MAIL": f"outbox:{folder}/outbox",
        }
        command = process("-m", "blockwright.cli", environment=environment)
        command("users", "settings", "emailConfirmationRequired=true", *NO_LIMITS)()
        command("users", "add", "alice@youremail.com", "--status", "PENDING")()
        bare = process("-c", "pass", environment=environment)()
        order = ["-i", "lines=[{article: tulips, price: 2.50, amount: 12}]"]
        resend = ["-i", "user identity=alice@youremail.com"]
        for name, ours, aim in (
            ("import blockwright", process("-c", "import blockwright", environment=environment)(), "100 ms more"),
            ("import all of it, make a Runtime", process("-c", EVERYTHING, environment=environment)(), "no aim"),
            ("blockwright --help", command("--help"), "no aim"),
            ("blockwright blocks", command("blocks"), "no aim"),
            ("blockwright expr", command("expr", "1 + 2"), "no aim"),
            ("blockwright run, no service", command("run", str(FLOWS / "price-of-an-order.yaml"), *order), "no aim"),
            (
                "blockwright run, SQLite",
                command("run", str(FLOWS / "resend-confirmation-email.yaml"), *resend),
                "no aim",
            ),
        ):
            report(name, "bare Python", ratio(ours, bare, rounds=5), aim)


def process(*first: str, environment: dict[str, str]) -> Callable[..., Callable[[], object]]:
    """What makes calls of Python that begin with these words."""

    def words(*more: str) -> Callable[[], object]:
        def call() -> object:
            return subprocess.run([sys.executable, *first, *more], capture_output=True, env=environment, check=True)

        return call

    return words


if __name__ == "__main__":
    main()
