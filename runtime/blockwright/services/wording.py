"""The words of mails: templates, those that come with Blockwright and an owner's own, checked and filled in."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from importlib import resources
from types import MappingProxyType

from blockwright.failure import BAD_VALUE, UNAVAILABLE, Failure
from blockwright.services.addresses import shown
from blockwright.services.mime import is_header_text
from blockwright.services.records import Template

NAMES = ("confirmation", "password")
"""The kinds of mail there are."""
VALUES = ("app", "email", "url", "hours", "lifetime")
"""What a template may show: the app's name, the receiver's address, the link, and how long the link works, as a number
of hours ("24") and in words ("24 hours")."""
PARTS = ("subject", "text", "html")
LARGEST: Mapping[str, int] = MappingProxyType({"subject": 300, "text": 20_000, "html": 100_000})
"""How many characters each part of a template may have."""


def built_in(name: str) -> Template:
    """The template that comes with Blockwright. Fails with ``bad value`` for an unknown name."""
    if name not in NAMES:
        raise Failure(BAD_VALUE, f"There is no template called {shown(name)}; there are {', '.join(NAMES)}.")
    return _built_in(name)


@cache
def _built_in(name: str) -> Template:
    folder = resources.files("blockwright.services") / "templates"
    subject, text, page = ((folder / f"{name}.{part}").read_text("utf-8") for part in ("subject", "txt", "html"))
    return Template(name, subject.rstrip("\n"), text, page)


def fill_in(template: Template, values: Mapping[str, str]) -> Template:
    """The words of one mail. ``values`` are those of VALUES, without ``lifetime``.

    Fails with ``unavailable`` when the template cannot be used.
    """
    known = {**values, "lifetime": "1 hour" if values["hours"] == "1" else f"{values['hours']} hours"}
    try:
        words = {part: _fill(part, getattr(template, part), known) for part in PARTS}
    except Failure as failure:
        raise Failure(UNAVAILABLE, f"The template {template.name} cannot be used: {failure.message}") from failure
    return Template(template.name, words["subject"].strip(), words["text"], words["html"])


def checked(parts: Mapping[str, object]) -> dict[str, str]:
    """The parts of an owner's own template that are given, not None, ready to be kept.

    Fails with ``bad value`` where one is not a Jinja2 template that makes a proper mail, and says in which line.
    """
    return {part: _checked(part, source) for part, source in parts.items() if source is not None}


def _checked(part: str, source: object) -> str:
    if not isinstance(source, str):
        raise Failure(BAD_VALUE, f"The template's {part} must be text.")
    if len(source) > LARGEST[part]:
        raise Failure(BAD_VALUE, f"The template's {part} may have at most {LARGEST[part]} characters.")
    source = source.replace("\r\n", "\n").replace("\r", "\n")
    if part == "subject":
        source = source.strip()
    for number, line in enumerate(source.split("\n"), 1):
        if _UNFIT.search(line):
            raise Failure(
                BAD_VALUE, f"The template's {part} has a character in line {number} that cannot stand in a mail."
            )
    if part == "subject" and ("\n" in source or not source):
        raise Failure(BAD_VALUE, "The template's subject must be one line.")
    for sample in _SAMPLES:
        try:
            made = _fill(part, source, sample)
        except Failure as failure:
            raise Failure(failure.code, f"The template's {part} cannot be used: {failure.message}") from failure
        _check_made(part, made, sample)
    return source


def _check_made(part: str, made: str, sample: Mapping[str, str]) -> None:
    link = html.escape(sample["url"]) if part == "html" else sample["url"]
    if part != "subject" and link not in made:
        raise Failure(BAD_VALUE, f"The template's {part} must show the link: write {{{{ url }}}} where it belongs.")
    if part == "subject" and (not is_header_text(made) or not made.strip() or sample["url"] in made):
        raise Failure(BAD_VALUE, "The template's subject must be one line of words, without the link and without =?.")


_UNFIT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_SAMPLES = tuple(
    {"app": app, "email": email, "url": "https://example.com/?token=x&n=1", "hours": hours, "lifetime": lifetime}
    for app, email, hours, lifetime in (
        ("My app", "alice@example.com", "1", "1 hour"),
        ("M" * 100, "alice@" + "example." * 30 + "com", "8760", "8760 hours"),
    )
)


def _fill(part: str, source: str, values: Mapping[str, str]) -> str:
    fill = _filler(source, part == "html")
    try:
        return fill(values)
    except Exception as error:
        raise Failure(BAD_VALUE, f"it cannot be filled in: {shown(str(error))}.") from error


@lru_cache(maxsize=32)
def _filler(source: str, escape: bool) -> Callable[[Mapping[str, str]], str]:
    """What fills in a source. The plain ``{{ name }}``, which is all that most templates need, is understood here; for
    more there is Jinja2, which means the same by it."""
    if _PLAIN.fullmatch(source):
        form = "".join(
            f"{{{part}}}" if number % 2 else part.replace("{", "{{").replace("}", "}}")
            for number, part in enumerate(_PLACE.split(source))
        )
        if not escape:
            return form.format_map
        return lambda values: form.format_map({name: html.escape(value) for name, value in values.items()})
    from blockwright.services.template_language import compile_template

    return compile_template(source, VALUES, escape=escape).render


_PLACE = re.compile(rf"\{{\{{ *({'|'.join(VALUES)}) *\}}\}}")
_PLAIN = re.compile(rf"(?:[^{{]|\{{(?![{{%#])|{_PLACE.pattern})*+")
