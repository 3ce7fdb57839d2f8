"""The pages behind the links in mails: ``/users/confirm`` and ``/users/password``.

Mail scanners open links, so opening one changes nothing; a button does. Then the browser goes on to an address without
the token, which so stays out of histories.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from fastapi import APIRouter, Request
from starlette.responses import Response

from blockwright.failure import Failure
from blockwright.server.bodies import read_form
from blockwright.server.callers import house_of
from blockwright.server.pages import words
from blockwright.server.pages.rendering import elsewhere, page
from blockwright.server.pages.words import CONFIRMATIONS, PASSWORDS, Words
from blockwright.server.problems import problem

router = APIRouter(prefix="/users", include_in_schema=False, default_response_class=Response)

_READ = ["GET", "HEAD"]
_BAD_PASSWORD = frozenset([3011, 3050])
_BAD_FORM = frozenset(["bad value", "too big"])


@router.api_route("/confirm", methods=_READ)
async def ask_to_confirm(request: Request, token: str = "") -> Response:
    """The page with the button that confirms."""
    if not token:
        return await _ended(request, CONFIRMATIONS, "unknown")
    return page(words.ASK_TO_CONFIRM, await _app(request), template="confirm.html", token=token)


@router.post("/confirm")
async def confirm(request: Request) -> Response:
    """Confirm, and go on to the page that says how it went."""

    async def work(form: Mapping[str, str]) -> Response:
        await house_of(request).users.confirm_token(form.get("token", ""))
        return elsewhere("confirmation/confirmed")

    return await _followed(request, work, "confirmation")


@router.api_route("/confirmation/{outcome}", methods=_READ)
async def confirmation(request: Request, outcome: str) -> Response:
    """How following a confirmation link ended."""
    return await _ended(request, CONFIRMATIONS, outcome)


@router.api_route("/password", methods=_READ)
async def ask_for_password(request: Request, token: str = "") -> Response:
    """The page at which a new password is chosen, if the link still works."""
    try:
        await house_of(request).users.check_password_token(token)
    except Failure as failure:
        return await _failed(request, failure, PASSWORDS)
    return await _password_page(request, token, None)


@router.post("/password")
async def set_password(request: Request) -> Response:
    """Set the new password, and go on to the page that says how it went."""

    async def work(form: Mapping[str, str]) -> Response:
        token, password = form.get("token", ""), form.get("password", "")
        if not password:
            return await _password_page(request, token, "Please type the new password, twice.")
        if password != form.get("again"):
            return await _password_page(request, token, "The two passwords differ. Please type them again.")
        try:
            await house_of(request).users.reset_password(token, password)
        except Failure as failure:
            if failure.code not in _BAD_PASSWORD:
                raise
            return await _password_page(request, token, failure.message)
        return elsewhere("password/changed")

    return await _followed(request, work, "password")


@router.api_route("/password/{outcome}", methods=_READ)
async def password(request: Request, outcome: str) -> Response:
    """How following a link for a new password ended."""
    return await _ended(request, PASSWORDS, outcome)


async def _password_page(request: Request, token: str, wrong: str | None) -> Response:
    return page(words.ASK_FOR_PASSWORD, await _app(request), template="password.html", token=token, problem=wrong)


async def _followed(request: Request, work: Callable[[Mapping[str, str]], Awaitable[Response]], pages: str) -> Response:
    try:
        return await work(await read_form(request))
    except Failure as failure:
        if failure.code in _BAD_FORM:
            return page(words.UNREADABLE, await _app(request))
        reason = _reason(failure)
        known = CONFIRMATIONS if pages == "confirmation" else PASSWORDS
        return elsewhere(f"{pages}/{reason}") if reason in known else await _failed(request, failure, known)


async def _failed(request: Request, failure: Failure, pages: Mapping[str, Words]) -> Response:
    found = pages.get(_reason(failure))
    if found is not None:
        return page(found, await _app(request))
    problem(failure)  # logs what is out of order
    return page(words.UNAVAILABLE, await _app(request))


async def _ended(request: Request, pages: Mapping[str, Words], outcome: str) -> Response:
    return page(pages.get(outcome, pages["unknown"]), await _app(request))


def _reason(failure: Failure) -> str:
    reason = failure.details.get("reason") if isinstance(failure.details, Mapping) else None
    return reason if isinstance(reason, str) else ""


async def _app(request: Request) -> str:
    """The name of the app; none when nobody can be asked for it."""
    try:
        return (await house_of(request).settings()).app_name
    except Failure:
        return ""
