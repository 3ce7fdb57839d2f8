"""Users in an app of Backendless, or behind any server that speaks its REST API. httpx is imported only when a URL asks
for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blockwright.failure import UNAVAILABLE, Failure
from blockwright.services.backends.backendless.address import parse_url
from blockwright.services.mail import Mailer

if TYPE_CHECKING:
    from blockwright.services.backends.backendless.service import BackendlessUsers


def open_backendless(url: str, _mailer: Mailer | None) -> BackendlessUsers:
    """The user service at ``https://xxxx.backendless.app`` or ``https://api.backendless.com/<APP-ID>/<API-KEY>``.

    It mails by itself, so a mailer is of no use to it. Nothing is asked before it is used. Fails with ``bad value`` for
    a URL that names no such service, ``unavailable`` when something must be installed first.
    """
    address = parse_url(url)
    try:
        import httpx  # noqa: F401
    except ImportError as error:
        raise Failure(
            UNAVAILABLE, 'A user service at a web address needs httpx; install it with: pip install "blockwright[http]"'
        ) from error
    from blockwright.services.backends.backendless.service import BackendlessUsers

    return BackendlessUsers(address)
