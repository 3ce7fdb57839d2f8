"""The page about the server: its calls are made, its Python runs, and its tables know every address."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from blockwright import Runtime
from blockwright.server import Options, ServedFlows, load_flows
from blockwright.services.backends.memory import MemoryStore
from blockwright.services.backends.stored import StoredUsers
from blockwright.services.records import KeyKind
from tests.server.test_flows_api import GREET
from tests.server.world import Machine, Mailbox, Place, served
from tests.services.world import QuickHasher

PAGE = Path(__file__).parents[2].joinpath("docs", "server.md").read_text(encoding="utf-8")
SHORT_GREET = re.sub(r"  price.*?\nsteps:.*", "steps:\n  - return: hello ${name}\n", GREET, flags=re.DOTALL)


@pytest.fixture
def place(machine: Machine, tmp_path: Path) -> Iterator[Place]:
    (tmp_path / "greet.yaml").write_text(SHORT_GREET)
    users = StoredUsers(MemoryStore(), Mailbox(), passwords=QuickHasher())
    flows = ServedFlows(load_flows(Runtime(users=users), tmp_path), 2)
    with served(machine, Options(remember=0), flows, users) as place:
        yield place


def examples() -> Iterator[tuple[list[str], str]]:
    """The calls of curl on the page, as words, and what they print."""
    for block in re.findall(r"```console\n(.*?)```", PAGE, re.DOTALL):
        for call in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, printed = call.partition("\n")
            words = shlex.split(command)
            if words[0] == "curl":
                yield words[1:], printed.strip()


def test_the_calls_on_the_page_print_what_it_says(place: Place) -> None:
    known = {"$OWNER_KEY": place.keys[KeyKind.OWNER]}
    calls = 0
    for words, printed in examples():
        answer = curl(place, words, known)
        pattern = re.escape(printed).replace("…", ".*")
        assert re.fullmatch(pattern, answer, re.DOTALL), (words, answer)
        token = re.search(r'"user-token":"([^"]+)"', answer)
        if token:
            known["$TOKEN"] = token[1]
        calls += 1
    assert calls > 10


def curl(place: Place, words: list[str], known: dict[str, str]) -> str:
    method, url, body, headers = "GET", "", None, {}
    rest = iter(words)
    for word in rest:
        match word:
            case "-X":
                method = next(rest)
            case "-H":
                name, _, value = next(rest).partition(": ")
                for variable, meant in known.items():
                    value = value.replace(variable, meant)
                headers[name] = value
            case "--json":
                body, headers["content-type"] = next(rest).encode(), "application/json"
                method = "POST" if method == "GET" else method
            case _:
                url = word.removeprefix("http://localhost:8080")
    return place.client.request(method, url, content=body, headers=headers).text


def test_the_python_on_the_page_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)

    exec(compile(code, "docs/server.md", "exec"), {})


def test_every_address_is_on_the_page(place: Place) -> None:
    paths = place.get("/openapi.json").record["paths"]
    assert isinstance(paths, dict)
    text = re.sub(r"<[a-zA-Z]+>", "{}", PAGE).replace("accounts/{}/confirm`, `/unlock`, `/status", "")
    for path in paths:
        short = re.sub(r"\{\w+\}", "{}", path).removeprefix("/api").removeprefix("/owner/")
        short = short.removesuffix("/confirm").removesuffix("/unlock").removesuffix("/status")
        assert short.removesuffix("/{}") in text, path
