"""Who is logged in during one run of a flow. Two runs never share it, also where they go on at once."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Protocol, runtime_checkable

from blockwright.services.records import User


@runtime_checkable
class CurrentUser(Protocol):
    """Who is logged in, for blocks that log somebody in or act for who is. Every runtime offers it by itself."""

    def token(self) -> str | None:
        """The token of the session that the run acts in; None while nobody is logged in."""
        ...

    def user(self) -> User | None:
        """The account behind the token, as it was when it was last looked at; None when nobody looked yet."""
        ...

    def become(self, token: str | None, user: User | None = None) -> None:
        """From now on the run acts in this session; without a token nobody is logged in."""
        ...


class Login:
    """Who is logged in, kept in this object. Blocks that are called from Python, without a run, are given one.

    ``with Login(token):`` is one run, which begins in this session. Flows that the run calls and tasks that
    it starts share it; a run inside a run has one of its own.
    """

    __slots__ = ("_began", "_token", "_user")

    def __init__(self, token: str | None = None, user: User | None = None) -> None:
        self._token = token
        self._user = user

    def token(self) -> str | None:
        return self._token

    def user(self) -> User | None:
        return self._user

    def become(self, token: str | None, user: User | None = None) -> None:
        self._token = token
        self._user = None if token is None else user

    def __enter__(self) -> None:
        self._began = _LOGIN.set(self)

    def __exit__(self, *_: object) -> None:
        try:  # noqa: SIM105 - suppress() costs as much as all the rest
            _LOGIN.reset(self._began)
        except ValueError:
            pass  # a run that was given up ends in the midst of another one, whose login is not to be touched


_LOGIN: ContextVar[Login | None] = ContextVar("blockwright_login", default=None)


class LoginOfRun:
    """Whoever is logged in in the run that asks, so that one object serves all runs."""

    def token(self) -> str | None:
        return _login().token()

    def user(self) -> User | None:
        return _login().user()

    def become(self, token: str | None, user: User | None = None) -> None:
        _login().become(token, user)


def _login() -> Login:
    login = _LOGIN.get()
    if login is None:
        raise RuntimeError("nobody can be logged in here, outside of a run; give the block a Login of its own")
    return login
