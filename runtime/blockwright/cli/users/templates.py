"""The words of mails: shown, replaced from files, and put back."""

from __future__ import annotations

from pathlib import Path

from blockwright.cli.terminal import CallError, say
from blockwright.cli.users.asking import is_sure
from blockwright.cli.users.calling import ask, cannot, exit_code
from blockwright.cli.users.looks import table
from blockwright.cli.values import as_json
from blockwright.language.suggest import did_you_mean
from blockwright.services.records import Template
from blockwright.services.users import Templates
from blockwright.services.wording import NAMES, built_in

PARTS = ("subject", "text", "html")
LARGEST = 1_000_000
"""How large a file of a template may be, in bytes; the service takes less."""


def list_templates(url: str | None, *, json: bool) -> int:
    """Print what templates there are; gives the exit code."""

    def call() -> None:
        templates = ask(url, _all)
        if json:
            say(as_json([_as_data(template) for template in templates]))
        else:
            say(table((each.name, _origin(each), each.subject) for each in templates))

    return exit_code(call, json=json)


async def _all(users: object) -> tuple[Template, ...]:
    return await _templates(users).list_templates()


def _templates(users: object) -> Templates:
    if not isinstance(users, Templates):
        raise cannot("show or change the words of its mails")
    return users


def _origin(template: Template) -> str:
    return "as it comes" if template == built_in(template.name) else "your own"


def _as_data(template: Template) -> dict[str, str]:
    return {"name": template.name, "subject": template.subject, "text": template.text, "html": template.html}


def show_template(name: str, part: str | None, url: str | None, *, json: bool) -> int:
    """Print a template, or a part of it; gives the exit code. Raises CallError for a part that is none."""
    _check_name(name)
    if part is not None and part not in PARTS:
        near = did_you_mean(part, PARTS)
        mend = f"did you mean {near}?" if near else f"there are {', '.join(PARTS)}"
        raise CallError(f"{part} is no part of a template", mend)

    def call() -> None:
        template = next(each for each in ask(url, _all) if each.name == name)
        data = _as_data(template)
        if json:
            say(as_json(data if part is None else data[part]))
        elif part is not None:
            say(data[part].removesuffix("\n"))
        else:
            say("\n\n".join(f"{each}:\n{data[each].rstrip()}" for each in PARTS))

    return exit_code(call, json=json)


def _check_name(name: str) -> None:
    if name not in NAMES:
        near = did_you_mean(name, NAMES)
        mend = f"did you mean {near}?" if near else f"there are {', '.join(NAMES)}"
        raise CallError(f"there is no template called {name}", mend)


def edit_template(
    name: str, subject: str | None, text: str | None, html: str | None, url: str | None, *, json: bool
) -> int:
    """Replace parts of a template; gives the exit code. Raises CallError."""
    _check_name(name)
    if subject is None and text is None and html is None:
        raise CallError("nothing is named that shall be different", "give --subject TEXT, --text FILE or --html FILE")
    words, markup = _read(text), _read(html)

    async def change(users: object) -> Template:
        return await _templates(users).change_template(name, subject=subject, text=words, html=markup)

    def call() -> None:
        template = ask(url, change)
        say(as_json(_as_data(template)) if json else f"changed the template {name}")

    return exit_code(call, json=json)


def _read(path: str | None) -> str | None:
    if path is None:
        return None
    try:
        with Path(path).open("rb") as file:
            data = file.read(LARGEST + 1)
        if len(data) > LARGEST:
            raise CallError(f"{path} is larger than {LARGEST // 1_000_000} MB")
        return data.decode().replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise CallError(f"{path} is not UTF-8") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise CallError(f"{path} cannot be read: {reason}") from None


def reset_template(name: str, url: str | None, *, yes: bool, json: bool) -> int:
    """Put back the words that come with Blockwright; gives the exit code. Raises CallError."""
    _check_name(name)

    async def reset(users: object) -> Template:
        return await _templates(users).reset_template(name)

    def call() -> None:
        if is_sure(f"Forget your own words of the template {name}?", yes=yes):
            template = ask(url, reset)
            say(as_json(_as_data(template)) if json else f"the template {name} is as it comes with Blockwright")

    return exit_code(call, json=json)
