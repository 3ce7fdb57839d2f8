"""``make demo`` shows the main job, and says whether it went well."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.flows.test_flows import FLOWS


def test_the_demo_shows_all_four_cases_on_real_parts(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(FLOWS / "demo.py")],
        capture_output=True,
        encoding="utf-8",
        env={"TMPDIR": str(tmp_path), "PATH": ""},
        timeout=120,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
    for code in (3102, 3103, 3104):
        assert f"flows/resend-confirmation-email.yaml:11:5: failed with {code}: " in done.stdout
        assert f"   = {code} means: " in done.stdout
    assert done.stdout.count("   |     ^^^^^^^^^^^^^^^^^^^^^^^^^\n") == 3
    assert "    To: alice@youremail.com\n" in done.stdout
    (mail,) = tmp_path.glob("blockwright-demo-*/outbox/*.eml")
    assert str(mail) in done.stdout
