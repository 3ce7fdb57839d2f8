"""From a URL to a service: ``sqlite:///users.db``, ``outbox:./outbox``; backends are found through entry points."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias, cast

from blockwright.failure import BAD_VALUE, Failure
from blockwright.services.mail import Mailer

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

USER_SERVICES = "blockwright.user_services"
"""The entry-point group of user services: the URL's scheme names a ``factory(url, mailer)``."""
MAILERS = "blockwright.mailers"
"""The entry-point group of mailers: the URL's scheme names a ``factory(url)``."""

UserServiceFactory: TypeAlias = Callable[[str, Mailer | None], object]
MailerFactory: TypeAlias = Callable[[str], Mailer]


def open_users(url: str, mailer: Mailer | None = None) -> object:
    """The user service that a URL names; ``mailer`` carries its mails.

    Which protocols it provides depends on the backend, so ask with ``isinstance``. Fails with ``bad value`` for a URL
    that names none, ``unavailable`` when something must be installed first. No message repeats a URL, as it may hold a
    password.
    """
    factory = cast("UserServiceFactory", _factory(url, USER_SERVICES, "user service", "sqlite:///users.db"))
    return factory(url, mailer)


def open_mailer(url: str) -> Mailer:
    """The mailer that a URL names. Fails as ``open_users`` does."""
    factory = cast("MailerFactory", _factory(url, MAILERS, "mailer", "outbox:./outbox"))
    return factory(url)


_SCHEME = re.compile(r"([a-z][a-z0-9+.-]{1,30}):")


def _factory(url: str, group: str, what: str, example: str) -> object:
    from importlib.metadata import entry_points

    points = entry_points(group=group)
    known = ", ".join(sorted(f"{name}:" for name in points.names)) or "none: is Blockwright installed?"
    scheme = _SCHEME.match(url.lower())
    if scheme is None:
        raise Failure(BAD_VALUE, f"A {what} is named by a URL such as {example}; known are {known}.")
    for point in points:
        if point.name == scheme[1]:
            return _load(point, what)
    raise Failure(BAD_VALUE, f"No {what} is known for {scheme[1]}: URLs; known are {known}.")


def _load(point: EntryPoint, what: str) -> object:
    try:
        return point.load()
    except (ImportError, AttributeError) as error:
        raise Failure(BAD_VALUE, f"The {what} {point.name}: ({point.value}) cannot be loaded: {error}.") from error
