"""Who calls: with what kind of key, from where, and as which user."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, TypeAlias

from fastapi import Depends
from starlette.requests import Request

from blockwright.failure import Failure
from blockwright.server.clients import client_address
from blockwright.server.house import House
from blockwright.services import Settings, UserService
from blockwright.services.records import KeyKind, User, UserStatus
from blockwright.services.settings import FindUsers

KIND = "blockwright.kind"
"""Where the kind of the key stands in a request's scope."""
TOKEN = "user-token"
NOT_PERMITTED = 1013
"""The documented code: no permission to find records."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who calls the API. ``user`` is who is logged in, where the call looks at that. ``client`` is None for
    code of the app's own, whose address says nothing about whom it acts for."""

    house: House
    kind: KeyKind
    client: str | None
    token: str | None
    user: User | None

    @property
    def users(self) -> UserService:
        return self.house.users

    @property
    def is_server(self) -> bool:
        """Whether it is code of the app's own, which may do everything for everybody."""
        return self.kind is KeyKind.CLOUD_CODE

    def needs_server(self, code: int, what: str) -> None:
        """Fails with ``code`` unless code of the app's own calls."""
        if not self.is_server:
            raise Failure(code, f"{what} needs a CloudCode key.")

    def is_self(self, object_id: str) -> bool:
        return self.user is not None and self.user.object_id == object_id

    async def settings(self) -> Settings:
        return await self.house.settings()

    async def is_discreet(self) -> bool:
        """Whether nothing may tell this caller whether an account exists."""
        return not self.is_server and not (await self.settings()).reveal

    async def may_see_everyone(self) -> bool:
        """Whether the caller may look at accounts of others; guests, which anybody can be, may not."""
        if self.is_server:
            return True
        policy = (await self.settings()).find_users
        is_known = self.user is not None and self.user.user_status is not UserStatus.GUEST
        return policy is FindUsers.EVERYONE or (policy is FindUsers.USERS and is_known)

    async def seen_user(self) -> User | None:
        """None when the caller may look at all accounts, otherwise the one it may look at. Fails with 1013."""
        if await self.may_see_everyone():
            return None
        if self.user is None:
            raise _not_permitted()
        return self.user

    async def check_may_see(self, object_id: str) -> None:
        """Fails with 1013 when the caller may not look at this account."""
        if not self.is_self(object_id) and not await self.may_see_everyone():
            raise _not_permitted()


def _not_permitted() -> Failure:
    return Failure(NOT_PERMITTED, "This caller may not look at these accounts.")


def house_of(request: Request) -> House:
    house = request.app.state.house
    assert isinstance(house, House)
    return house


def client_of(request: Request) -> str | None:
    """The network address of whoever calls."""
    peer = request.client.host if request.client else None
    trusted = house_of(request).options.trusted_proxies
    return client_address(peer, request.headers.getlist("x-forwarded-for"), trusted) if trusted else peer


async def _anyone(request: Request) -> Caller:
    kind = request.scope.get(KIND, KeyKind.REST)
    token = request.headers.get(TOKEN) or None
    client = None if kind is KeyKind.CLOUD_CODE else client_of(request)
    return Caller(house_of(request), kind, client, token, None)


async def _someone(request: Request) -> Caller:
    caller = await _anyone(request)
    if caller.token is None:
        return caller
    user = await caller.users.user_of(caller.token)
    return Caller(caller.house, caller.kind, caller.client, caller.token, user)


Anyone: TypeAlias = Annotated[Caller, Depends(_anyone)]
"""Who calls, whatever token comes along."""
Someone: TypeAlias = Annotated[Caller, Depends(_someone)]
"""Who calls; a token that does not work (any more) is refused with 3064, 3090 or 3091."""
