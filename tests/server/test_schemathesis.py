"""schemathesis against ``blockwright serve`` itself, on SQLite: whatever its OpenAPI document allows, and what it does
not, is answered as it says and never with a mistake of the server's."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from blockwright.services import open_users
from blockwright.services.records import KeyKind
from tests.services.world import run

CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
SCHEMATHESIS = [sys.executable, "-c", "import sys; from schemathesis.cli import schemathesis; sys.exit(schemathesis())"]
SERVE = [
    sys.executable,
    "-m",
    "blockwright.cli",
    "serve",
    "--mail",
    "queue:",
    "--port",
    "0",
    "--users",
    "sqlite:///users.db",
]


@pytest.mark.parametrize(
    ("phases", "examples"),
    [
        ("examples,coverage,fuzzing", 3),
        pytest.param("examples,coverage,fuzzing,stateful", 200, marks=pytest.mark.long),
    ],
)
def test_a_served_app_keeps_to_its_document(tmp_path: Path, phases: str, examples: int) -> None:
    users = open_users(f"sqlite:///{tmp_path}/users.db", None)
    key = run(users.make_key(KeyKind.OWNER)).value  # type: ignore[attr-defined]
    run(users.close())  # type: ignore[attr-defined]

    log = tmp_path / "log"
    with (
        log.open("wb") as errors,
        subprocess.Popen(SERVE, cwd=tmp_path, stdout=subprocess.PIPE, stderr=errors) as server,
    ):
        try:
            assert server.stdout is not None
            document = f"{server.stdout.readline().decode().strip()}/openapi.json"
            options = ["--checks", CHECKS, "--phases", phases, "-n", str(examples), "--seed", "4", "--no-color"]
            words = [*SCHEMATHESIS, "run", document, *options, "-H", f"Authorization: Bearer {key}"]
            done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, timeout=1800)
        finally:
            server.kill()

    assert done.returncode == 0, done.stdout
    assert "Test cases:" in done.stdout
    assert "a call failed with" not in log.read_text()
