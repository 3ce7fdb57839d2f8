"""The words of mails: templates, those that come with Blockwright and an owner's own, checked and filled in."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from functools import cache
from importlib import resources

from blockwright.failure import BAD_VALUE, Failure
from blockwright.services.addresses import shown
from blockwright.services.records import Template

NAMES = ("confirmation", "password")
"""The kinds of mail there are."""
VALUES = ("app", "email", "url", "hours", "lifetime")
"""What a template may show: the app's name, the receiver's address, the link, and how long it works, as a number of
hours and in words ("24 hours")."""
LARGEST: Mapping[str, int] = {"subject": 300, "text": 20_000, "html": 100_000}
"""How many characters each part of a template may have."""


@cache
def built_in(name: str) -> Template:
    """The template that comes with Blockwright. Fails with ``bad value`` for an unknown name."""
    if name not in NAMES:
        raise Failure(BAD_VALUE, f"There is no template called {shown(name)}; there are {', '.join(NAMES)}.")
    folder = resources.files("blockwright.services") / "templates"
    subject, text, page = ((folder / f"{name}.{part}").read_text("utf-8") for part in ("subject", "txt", "html"))
    return Template(name, subject.rstrip("\n"), text, page)


def fill_in(template: Template, values: Mapping[str, str]) -> Template:
    """The words of one mail. ``values`` are those of VALUES, without ``lifetime``."""
    known = {**values, "lifetime": "1 hour" if values["hours"] == "1" else f"{values['hours']} hours"}
    escaped = {name: html.escape(value) for name, value in known.items()}
    return Template(
        template.name,
        _fill(template.subject, known).strip(),
        _fill(template.text, known),
        _fill(template.html, escaped),
    )


def _fill(source: str, values: Mapping[str, str]) -> str:
    return _PLACE.sub(lambda found: values[found[1]], source)


_PLACE = re.compile(r"\{\{ *(\w+) *\}\}")


def checked(parts: Mapping[str, object]) -> dict[str, str]:
    """The parts of an owner's own template that are given. Fails with ``bad value`` where one cannot be used."""
    given = {part: source for part, source in parts.items() if source is not None}
    return {part: str(source) for part, source in given.items()}
