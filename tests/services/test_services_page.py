"""The page about services is true: its examples run, and its tables name what there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from blockwright.services import UserService, open_mailer, open_users
from blockwright.services import users as protocols
from blockwright.services.backends.stored import StoredUsers
from blockwright.services.backends.stored.where import parse
from blockwright.services.records import Column, ColumnType
from blockwright.services.settings import Settings

PAGE = (Path(__file__).parents[2] / "docs" / "services.md").read_text("utf-8")
EXAMPLES = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_an_example_runs(number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    exec(compile(EXAMPLES[number], f"docs/services.md, example {number + 1}", "exec"), {"__name__": "example"})


def test_the_page_has_examples() -> None:
    assert len(EXAMPLES) == 4


def test_the_settings_are_those_there_are() -> None:
    written = re.findall(r"^\| `(\w+)` \| ([^|]+) \| ", PAGE, re.MULTILINE)

    assert {name: default for name, default in written if name in Settings().to_dict()} == {
        name: str(default).lower() if isinstance(default, bool) else str(default)
        for name, default in Settings().to_dict().items()
    }


def test_every_method_of_a_user_service_is_named() -> None:
    methods = [name for name in dir(UserService) if not name.startswith("_")]

    assert [name for name in methods if f"`{name}(" not in PAGE] == []


def rows_of(heading: str) -> list[list[str]]:
    """The cells of each row of a table, which begins with this heading."""
    table = PAGE.partition(f"\n| {heading} |")[2].partition("\n\n")[0]
    return [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in table.splitlines()[2:]]


def test_the_protocols_are_those_there_are() -> None:
    named = [cells[0].strip("`") for cells in rows_of("protocol")]
    family = [each.__name__ for each in UserService.__mro__ if each.__module__ == UserService.__module__]

    assert sorted([*named, "UserService"]) == sorted(family)


def test_backendless_provides_the_protocols_that_are_said() -> None:
    users = open_users("https://example.backendless.app")
    provided = [isinstance(users, getattr(protocols, cells[0].strip("`"))) for cells in rows_of("protocol")]

    assert "Backendless provides the first eight" in PAGE
    assert provided == [True] * 8 + [False] * 7


def test_every_condition_of_the_page_can_be_read() -> None:
    columns = {
        name: Column(name, type)
        for name, type in {
            "age": ColumnType.INT,
            "name": ColumnType.STRING,
            "phone": ColumnType.STRING,
            "email": ColumnType.STRING,
            "created": ColumnType.DATETIME,
        }.items()
    }
    conditions = [text for cells in rows_of("in a condition") for text in re.findall(r"`([a-z]+ [^`]+)`", cells[0])]

    assert len(conditions) == 8
    for condition in conditions:
        parse(condition, columns)


def test_every_code_that_the_protocols_name_is_explained() -> None:
    documents = [method.__doc__ or "" for name, method in vars(StoredUsers).items()]
    documents += [getattr(UserService, name).__doc__ or "" for name in dir(UserService) if not name.startswith("_")]
    codes = {code for text in documents for code in re.findall(r"\b[123]\d{3}\b", text)} - {"1970"}

    explained = " ".join(cells[0] for cells in rows_of("code"))
    assert len(codes) > 30
    assert [code for code in sorted(codes) if code not in explained] == []


def test_every_url_of_a_user_service_opens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    urls = [cells[0].strip("`") for cells in rows_of("URL")]

    assert len(urls) == 8
    for url in urls:
        open_mailer(url) if url.startswith("outbox:") else open_users(url)
