"""What the REST API of Backendless can do, under the protocols' names."""

from __future__ import annotations

from collections.abc import Mapping

from blockwright.services.backends.backendless import accounts, mails, roles, sessions
from blockwright.services.backends.backendless.address import Address
from blockwright.services.backends.backendless.api import REMEMBERED, Api
from blockwright.services.records import Column, Identity, Session, User, UserQuery, UserStatus


class BackendlessUsers:
    """The users of an app of Backendless: ``Accounts``, ``UserSearch``, ``Sessions``, ``ConfirmationService``,
    ``ConfirmationLinkMaker``, ``PasswordRecovery``, ``Roles`` and ``Statuses``.

    One object serves any number of threads and event loops at once. ``remembered`` is for how many seconds the identity
    column is taken as known. Where ``client`` calls from is not passed on: the service sees this program.
    """

    def __init__(self, address: Address, remembered: float = REMEMBERED) -> None:
        self._api = Api(address, remembered)

    def __repr__(self) -> str:
        return f"<users at {self._api.address.origin}>"

    async def close(self) -> None:
        """End all connections. The service may be used again."""
        await self._api.close()

    async def register(self, properties: Mapping[str, object], *, client: str | None = None) -> User:  # noqa: ARG002
        return await accounts.register(self._api, properties)

    async def find(self, identity: Identity) -> User | None:
        return await accounts.find(self._api, identity)

    async def find_by_id(self, object_id: str) -> User | None:
        return await accounts.find_by_id(self._api, object_id)

    async def update(self, object_id: str, changes: Mapping[str, object]) -> User:
        return await accounts.update(self._api, object_id, changes)

    async def remove(self, object_id: str) -> int:
        return await accounts.remove(self._api, object_id)

    async def list_users(self) -> tuple[User, ...]:
        return await accounts.list_users(self._api)

    async def find_users(self, query: UserQuery) -> tuple[User, ...]:
        return await accounts.find_users(self._api, query)

    async def count_users(self, where: str = "") -> int:
        return await accounts.count_users(self._api, where)

    async def describe(self) -> tuple[Column, ...]:
        return await self._api.columns()

    async def log_in(self, identity: Identity, password: str, *, client: str | None = None) -> Session:  # noqa: ARG002
        return await sessions.log_in(self._api, identity, password)

    async def log_in_by_id(self, object_id: str) -> Session:
        return await sessions.log_in_by_id(self._api, object_id)

    async def log_in_as_guest(self, *, client: str | None = None) -> Session:  # noqa: ARG002
        return await sessions.log_in_as_guest(self._api)

    async def log_out(self, token: str) -> None:
        await sessions.log_out(self._api, token)

    async def is_valid(self, token: str) -> bool:
        return await sessions.is_valid(self._api, token)

    async def user_of(self, token: str) -> User:
        return await sessions.user_of_token(self._api, token)

    async def verify_password(self, token: str, password: str) -> bool:
        return await sessions.verify_password(self._api, token, password)

    async def resend_confirmation(self, identity: Identity, *, client: str | None = None) -> None:  # noqa: ARG002
        await mails.resend_confirmation(self._api, identity)

    async def create_confirmation_link(self, identity: Identity) -> str:
        return await mails.create_confirmation_link(self._api, identity)

    async def restore_password(self, identity: Identity, *, client: str | None = None) -> None:  # noqa: ARG002
        await mails.restore_password(self._api, identity)

    async def roles_of(self, object_id: str) -> tuple[str, ...]:
        return await roles.roles_of(self._api, object_id)

    async def users_in_role(self, role: str) -> tuple[User, ...]:
        return await roles.users_in_role(self._api, role)

    async def assign_role(self, identity: Identity, role: str) -> None:
        await roles.assign_role(self._api, identity, role)

    async def unassign_role(self, identity: Identity, role: str) -> None:
        await roles.unassign_role(self._api, identity, role)

    async def set_status(self, object_id: str, status: UserStatus) -> None:
        await roles.set_status(self._api, object_id, status)
