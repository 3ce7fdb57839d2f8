"""What all calls of one server share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blockwright.server.background import Background
from blockwright.server.gates import Gates
from blockwright.server.options import Options
from blockwright.server.remembered import Remembered
from blockwright.services import Settings, UserService
from blockwright.services.records import KeyKind

if TYPE_CHECKING:
    from blockwright.server.flows import ServedFlows


class House:
    """The user service and the flows that are served, what is remembered of them, and work in the background."""

    def __init__(self, users: UserService, flows: ServedFlows | None, options: Options) -> None:
        self.users = users
        self.flows = flows
        self.options = options
        self.gates = Gates()
        self.background = Background()
        self._settings: Remembered[None, Settings] = Remembered(lambda _: users.read_settings(), options.remember)
        self._kinds: Remembered[str, KeyKind | None] = Remembered(users.kind_of_key, options.remember)
        self._app_id: str | None = None

    async def settings(self) -> Settings:
        """The settings, as they were a moment ago at most."""
        return await self._settings.get(None)

    async def kind_of_key(self, key: str) -> KeyKind | None:
        """What kind of key this is, or was a moment ago."""
        return await self._kinds.get(key)

    async def app_id(self) -> str:
        """The id of the app, which never changes."""
        if self._app_id is None:
            self._app_id = await self.users.app_id()
        return self._app_id

    async def served_flows(self) -> ServedFlows | None:
        """The flows, as their files are now, or were a moment ago."""
        if self.flows is not None:
            await self.flows.look(self.options.remember)
        return self.flows

    def forget(self) -> None:
        """Ask for settings and keys again, because the owner changed something here."""
        self._settings.forget()
        self._kinds.forget()
