from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.world import Command


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """The command in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BLOCKWRIGHT_USERS", "sqlite:///users.db")
    monkeypatch.setenv("BLOCKWRIGHT_MAIL", "outbox:outbox")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.delenv("BLOCKWRIGHT_DEBUG", raising=False)
    return Command(tmp_path, capsys)


@pytest.fixture
def pending(command: Command) -> Command:
    """The command where alice has not confirmed yet."""
    assert command("users", "settings", "emailConfirmationRequired=true").code == 0
    assert command("users", "add", "alice@youremail.com", "--status", "EMAIL_CONFIRMATION_PENDING").code == 0
    return command
