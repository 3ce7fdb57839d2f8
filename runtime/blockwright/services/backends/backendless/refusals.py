"""Answers that say no, as failures: documented codes as they are, unless they are about the key and no user."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from email.utils import parsedate_to_datetime
from types import MappingProxyType

from blockwright.failure import BAD_VALUE, RATE_LIMITED, TIMED_OUT, TOO_BIG, UNAVAILABLE, UNEXPECTED, Code, Failure
from blockwright.services.addresses import shown
from blockwright.services.backends.backendless.answers import WrongShape, read_json
from blockwright.services.backends.backendless.line import Answer

LONGEST_MESSAGE = 300

ABOUT_THE_KEY = frozenset(range(1010, 1016)).union(
    [2000, 2002, 2003, 2009, 2010, 2011, 2014, 3001, 3007, 3008, 3028, 3029, 3046, 3047, 3054, 3083, 3084, 3094, 3095],
    [3122],
)
"""The app or the key is unknown, or the key may not do this: only a CloudCode key may act for everybody."""
ABOUT_A_TOKEN = frozenset([3023, 3048, 3064, 3091, 3121])
"""Without a token of a user's, these too are about how the app is called."""
OF_A_VALUE = frozenset([8000, 8002, 8007, 8010])
"""What was sent cannot be read or kept."""
OF_THE_SERVICE = frozenset([*range(5045, 5051), 14004, 14005, 15000])
"""Mail is not set up, or the app's own code did not work."""
TOO_OFTEN = 999
_CLOSED_DOOR = (401, 403)

READS_AS: Mapping[int, Code] = MappingProxyType(
    {TOO_OFTEN: RATE_LIMITED, **dict.fromkeys(OF_A_VALUE, BAD_VALUE), **dict.fromkeys(OF_THE_SERVICE, UNAVAILABLE)}
)


def refusal(
    answer: Answer,
    host: str,
    *,
    reads_as: Mapping[int, Code],
    behind_closed_doors: frozenset[int],
    with_token: bool,
    secrets: Sequence[str],
) -> Failure:
    """The failure that an answer with a status of 300 or more is.

    ``reads_as`` gives codes that mean the same here under the code that is declared for it. ``behind_closed_doors`` are
    the codes that a status of 401 or 403 may carry; all others then are about the key. ``secrets`` are never repeated.
    """
    if 300 <= answer.status < 400:
        return Failure(
            UNAVAILABLE, f"The user service at {host} sends callers to another address; correct the URL of the service."
        )
    code, message, details = _read(answer)
    told = _told(code, message, secrets)
    if answer.status == 429 or code in (TOO_OFTEN, RATE_LIMITED):
        wait = _retry_after(answer.headers.get("retry-after"))
        known = isinstance(details, Mapping) and "retry after" in details
        return Failure(
            RATE_LIMITED,
            told or "The user service asks to wait before trying again.",
            details if known or wait is None else {"retry after": wait},
        )
    if answer.status in (502, 503, 504) or code is None:
        return _unreadable(answer.status, host)
    if _is_about_the_key(answer.status, code, behind_closed_doors, with_token):
        return Failure(
            UNAVAILABLE,
            f"The user service at {host} refuses the key, or the key may not do this (code {code}); use the app's "
            "CloudCode key.",
            {"code": code},
        )
    if isinstance(code, str):
        return Failure(code, told or f"The user service at {host} refuses: {code}.", details)
    meant = reads_as.get(code, READS_AS.get(code, code))
    return Failure(meant, told or f"The user service at {host} refuses with code {code}.", details)


def _told(code: Code | None, message: str, secrets: Sequence[str]) -> str | None:
    """What may be passed on of a message. Some services repeat tokens in theirs."""
    if code in SENTENCES:
        return SENTENCES[code]
    if not message or any(secret in message for secret in secrets):
        return None
    return shown(message, LONGEST_MESSAGE)


SENTENCES: Mapping[Code | None, str] = MappingProxyType(
    {
        3003: "The identity or the password is wrong.",
        3048: "The session was not used for too long; log in again.",
        3064: "There is no such session; log in again.",
        3091: "The session was not used for too long; log in again.",
    }
)
"""Our own words where a service's may repeat what nobody is to read."""


def _is_about_the_key(status: int, code: Code, behind_closed_doors: frozenset[int], with_token: bool) -> bool:
    if status in _CLOSED_DOOR:
        return code not in behind_closed_doors
    return (code in ABOUT_THE_KEY and code not in behind_closed_doors) or (code in ABOUT_A_TOKEN and not with_token)


def _read(answer: Answer) -> tuple[Code | None, str, object]:
    """Code, message and details of an error's body; no code where it is none."""
    try:
        value = read_json(answer.body)
    except WrongShape:
        value = None
    if not isinstance(value, Mapping):
        return None, "", None
    code, message = _code(value.get("code")), value.get("message")
    details = value.get("errorData")
    said = message if isinstance(message, str) else ""
    return code, said, details if isinstance(details, Mapping) and details else None


def _code(code: object) -> Code | None:
    if isinstance(code, str) and code.isascii() and code.isdigit() and len(code) < 10:
        return int(code)
    if isinstance(code, int) and not isinstance(code, bool):
        return code
    return code if isinstance(code, str) and code in _NAMES else None


_NAMES = frozenset([BAD_VALUE, RATE_LIMITED, UNAVAILABLE, UNEXPECTED, TOO_BIG, TIMED_OUT])
"""The codes of our own server that are names."""


def _unreadable(status: int, host: str) -> Failure:
    if status in _CLOSED_DOOR:
        return Failure(UNAVAILABLE, f"The user service at {host} refuses the key, or this program, without a code.")
    if status == 404:
        return Failure(UNAVAILABLE, f"There is no user service at this address of {host}; correct its URL.")
    return Failure(UNAVAILABLE, f"The user service at {host} cannot do this just now (status {status}).")


def _retry_after(text: str | None) -> int | None:
    """Seconds, of a number of them or a date."""
    if text is None or len(text) > 50:
        return None
    if text.isascii() and text.isdigit():
        return min(int(text), 10**9)
    try:
        return max(0, round(parsedate_to_datetime(text).timestamp() - time.time()))
    except (ValueError, OverflowError):
        return None
