"""``blockwright serve`` as a process: what it prints, serves and mails, and how it ends."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from blockwright.cli.main import main
from blockwright.services import UserService, open_users
from tests.cli.pack import install
from tests.server.world import PATIENCE

ALICE = "alice@yourmail.com"
COMMAND = [sys.executable, "-m", "blockwright.cli"]
HOLD = "flow: hold\nsteps:\n  - try:\n      - wait until stopped\n    always:\n      - log: tidied up\n"
GREET = "flow: greet\ninputs: {name: text}\nsteps:\n  - return: hello ${name}\n"


@dataclass
class Serving:
    process: subprocess.Popen[str]
    url: str
    client: httpx.Client

    def stop(self, number: signal.Signals = signal.SIGTERM) -> tuple[int, str]:
        """Ends it; gives its exit code, and what it printed on stderr."""
        self.process.send_signal(number)
        _, err = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, err


@contextmanager
def serve(folder: Path, *options: str) -> Iterator[Serving]:
    words = [*COMMAND, "serve", "--users", "sqlite:///users.db", "--mail", "outbox:./outbox", "--port", "0", *options]
    with subprocess.Popen(
        words, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        try:
            assert process.stdout is not None
            url = process.stdout.readline().strip()
            assert re.fullmatch(r"http://127\.0\.0\.1:\d+", url), process.communicate()
            with httpx.Client(base_url=url, timeout=PATIENCE) as client:
                yield Serving(process, url, client)
        finally:
            process.kill()


@dataclass
class Called:
    """What came of a call in this process, which so cannot have begun to serve."""

    code: int
    out: str
    err: str


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Called]:
    monkeypatch.chdir(tmp_path)

    def called(*words: str) -> Called:
        code = main(["serve", "--mail", "memory:", "--port", "0", *words])
        return Called(code, *capsys.readouterr())

    return called


def mail_in(folder: Path) -> str:
    """The one mail in the outbox, as soon as it is there."""
    until = time.monotonic() + PATIENCE
    while not (found := list(folder.glob("*.eml"))):
        assert time.monotonic() < until
        time.sleep(0.02)
    assert len(found) == 1
    return found[0].read_text()


def test_a_user_registers_confirms_and_logs_in_on_a_served_app(tmp_path: Path) -> None:
    flows = tmp_path / "flows"
    flows.mkdir()
    (flows / "greet.yaml").write_text(GREET)
    users = open_users(f"sqlite:///{tmp_path}/users.db")
    assert isinstance(users, UserService)
    asyncio.run(users.change_settings({"emailConfirmationRequired": True}))

    with serve(tmp_path, "--flows", "flows") as serving:
        client, body = serving.client, {"email": ALICE, "password": "correct horse"}
        assert client.get("/health").json() == {"status": "ok"}
        assert client.post("/flows/greet", json={"name": "Al"}).json() == "hello Al"
        assert client.post("/api/users/register", json=body).json()["userStatus"] == "EMAIL_CONFIRMATION_PENDING"
        mail = mail_in(tmp_path / "outbox")
        token = re.search(r"http://localhost:8080/users/confirm\?token=([\w-]+)", mail)
        assert token is not None
        confirmed = client.post("/users/confirm", data={"token": token[1]}, follow_redirects=True)
        assert "Your address is confirmed" in confirmed.text
        logged_in = client.post("/api/users/login", json={"login": ALICE, "password": "correct horse"}).json()
        code, err = serving.stop()

    assert logged_in["email"] == ALICE
    assert code == 143
    lines = err.splitlines()
    assert re.fullmatch(r"app id [0-9A-F-]{36}", lines[0])
    assert [line.partition(" ")[0] for line in lines[1:3]] == ["rest", "js"]
    assert "blockwright users keys add owner" in err
    assert "mails are in ./outbox" in err
    assert "POST /users/confirm 303" in err
    assert lines[-1] == "blockwright: stopped"
    for secret in (ALICE, token[1], logged_in["user-token"], "correct horse"):
        assert secret not in err


def test_an_edit_counts_without_a_new_start_and_a_broken_one_is_in_the_log(tmp_path: Path) -> None:
    flows = tmp_path / "flows"
    (flows / "below").mkdir(parents=True)
    greet, word = flows / "greet.yaml", flows / "below" / "word.yaml"
    greet.write_text("flow: greet\nsteps:\n  - word:\n    save as: word\n  - return: = word\n")
    word.write_text("flow: word\nsteps:\n  - return: hello\n")

    with serve(tmp_path, "--flows", "flows") as serving:
        assert serving.client.post("/flows/greet").json() == "hello"
        word.write_text("flow: word\nsteps:\n  - retrun: good evening\n")
        (flows / "new.yaml").write_text("flow: new\nsteps:\n  - return: new\n")
        answered(serving, "/flows/new", "new")
        assert serving.client.post("/flows/greet").json() == "hello"
        word.write_text("flow: word\nsteps:\n  - return: good evening\n")
        answered(serving, "/flows/greet", "good evening")
        _, err = serving.stop()

    assert "`word` goes on as it was, because what its files say now is wrong:\nflows/below/word.yaml:3:5:" in err
    assert "The flow `new` is new." in err
    assert "The flow `greet` is changed." in err


def answered(serving: Serving, address: str, answer: str) -> None:
    """Waits until a call is answered so."""
    until = time.monotonic() + PATIENCE
    while serving.client.post(address).json() != answer:
        assert time.monotonic() < until
        time.sleep(0.02)


def test_the_keys_of_the_first_start_are_those_of_the_next(tmp_path: Path) -> None:
    with serve(tmp_path) as serving:
        first = serving.stop(signal.SIGINT)
    with serve(tmp_path) as serving:
        second = serving.stop(signal.SIGINT)

    assert first == second
    assert first[0] == 130


def test_stopping_ends_runs_and_lets_them_tidy_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(install(tmp_path / "packs")), prepend=os.pathsep)
    (tmp_path / "hold.yaml").write_text(HOLD)
    with serve(tmp_path, "--flows", ".") as serving:
        port = int(serving.url.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as call:
            call.sendall(b"POST /flows/hold HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")
            assert serving.client.get("/flows").status_code == 200
            started = time.monotonic()
            code, err = serving.stop()

    assert code == 143
    assert "tidied up" in err
    assert time.monotonic() - started < 5


def test_flows_that_are_wrong_are_shown_and_nothing_is_served(call: Callable[..., Called], tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text("flow: one\nsteps:\n  - retrun: 1\n")

    done = call("--flows", ".", "--users", "memory:")

    assert (done.code, done.out) == (2, "")
    assert "one.yaml:3:5" in done.err
    assert "^^^^^^" in done.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--flows", "nowhere"], "there is no folder nowhere"),
        (["--flows", "."], "there is no flow in the folder ."),
        (["--trusted-proxy", "nonsense"], "--trusted-proxy takes an address or a network"),
        (["--users", "nonsense:"], "No user service is known for nonsense: URLs"),
        (["--mail", "nonsense:"], "No mailer is known for nonsense: URLs"),
        (["--host", "nowhere.invalid"], "cannot listen at nowhere.invalid"),
        (["--port", "70000"], "--port"),
    ],
)
def test_a_call_that_cannot_work_is_said_in_a_sentence(
    call: Callable[..., Called], words: list[str], said: str
) -> None:
    done = call("--users", "memory:", *words)

    assert (done.code, done.out) == (2, "")
    assert said in done.err


def test_a_port_that_is_taken_is_said_in_a_sentence(call: Callable[..., Called]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = call("--users", "memory:", "--port", port)

    assert done.code == 2
    assert f"cannot listen at 127.0.0.1, port {port}" in done.err


def test_without_its_libraries_it_says_what_to_install(
    call: Callable[..., Called], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "uvicorn", None)

    done = call("--users", "memory:")

    assert done.code == 2
    assert 'pip install "blockwright[server]"' in done.err
