"""The page about mail is true: its examples run, and its tables name what there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from blockwright.services import open_mailer
from blockwright.services.backends.stored import delivery
from blockwright.services.records import MailState
from blockwright.services.template_language import FILTERS
from blockwright.services.wording import NAMES, VALUES

PAGE = (Path(__file__).parents[2] / "docs" / "mail.md").read_text("utf-8")
EXAMPLES = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_an_example_runs(number: int) -> None:
    exec(compile(EXAMPLES[number], f"docs/mail.md, example {number + 1}", "exec"), {"__name__": "example"})


def first_column(heading: str) -> list[str]:
    table = PAGE.partition(f"| {heading} |")[2].partition("\n\n")[0]
    return re.findall(r"^\| `([^`]+)` \|", table, re.MULTILINE)


def test_the_tables_name_what_there_is() -> None:
    assert len(EXAMPLES) == 3
    assert first_column("state") == list(MailState)
    assert first_column("template") == list(NAMES)
    assert first_column("value") == [f"{{{{ {name} }}}}" for name in VALUES]
    assert first_column("option") == ["timeout=30", "ca=/etc/ssl/company.pem", "hello=app.example.com", "tls=no"]
    for name in FILTERS:
        assert f"`{name}`" in PAGE


def test_every_url_of_the_page_opens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    urls = first_column("URL")

    assert len(urls) == 6
    for url in urls:
        open_mailer(url)


def test_the_times_of_the_page_are_those_of_the_queue() -> None:
    minutes = [pause // delivery.MINUTE for pause in (*delivery.PAUSES, delivery.LAST_PAUSE)]

    assert minutes == [1, 2, 5, 15, 60, 180]
    assert delivery.GIVE_UP == 4 * delivery.DAY
    assert delivery.LEASE == 5 * delivery.MINUTE
    assert delivery.LONGEST == 90
