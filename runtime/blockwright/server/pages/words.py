"""What the pages say: how something ended, and what to do then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Words:
    """A title, and sentences below it. ``status`` is the HTTP status of the page."""

    title: str
    sentences: tuple[str, ...]
    status: int = 400


_ASK_AGAIN = "Go back to where you registered and have a new mail sent; then use the link in it."
_ASK_FOR_PASSWORD = (
    "Go back to where you log in and ask for a new password once more; then use the link in the new mail."
)
_DISABLED = Words(
    "This account is disabled",
    ("Somebody who looks after the app has turned it off.", "Please write to them if you think that is a mistake."),
)

ASK_TO_CONFIRM = Words(
    "Confirm your email address", ("Press the button, and your address is confirmed.", "Nothing else is needed."), 200
)
ASK_FOR_PASSWORD = Words("Choose a new password", ("All devices that are logged in will be logged out.",), 200)
UNAVAILABLE = Words(
    "This does not work just now", ("Please try again in a few minutes. Your link stays as it is.",), 503
)
UNREADABLE = Words("This page was not sent properly", ("Please open the link in the mail again.",))

CONFIRMATIONS: Mapping[str, Words] = MappingProxyType(
    {
        "confirmed": Words("Your address is confirmed", ("Thank you. You can log in now, and close this page.",), 200),
        "used": Words(
            "This address has been confirmed already",
            ("There is nothing more to do: you can log in, and close this page.",),
            200,
        ),
        "expired": Words("This link is too old", ("Links work for a while only.", _ASK_AGAIN)),
        "replaced": Words(
            "A newer link was mailed",
            ("Only the link in the newest mail works. Please look for it in your mailbox, or have another one sent.",),
        ),
        "unknown": Words(
            "This link is not known",
            ("Perhaps your mail program broke it apart: copy the whole address out of the mail.", _ASK_AGAIN),
        ),
        "disabled": _DISABLED,
    }
)
"""How following a confirmation link ended, by the last part of the page's address."""

PASSWORDS: Mapping[str, Words] = MappingProxyType(
    {
        "changed": Words("Your new password is set", ("You can log in with it now, and close this page.",), 200),
        "used": Words("This link was used already", ("It works once.", _ASK_FOR_PASSWORD)),
        "expired": Words(
            "This link is too old", ("Links for a new password work for a short time.", _ASK_FOR_PASSWORD)
        ),
        "replaced": Words("A newer link was mailed", ("Only the link in the newest mail works.", _ASK_FOR_PASSWORD)),
        "unknown": Words(
            "This link is not known",
            ("Perhaps your mail program broke it apart: copy the whole address out of the mail.", _ASK_FOR_PASSWORD),
        ),
        "disabled": _DISABLED,
    }
)
"""How following a link for a new password ended."""
