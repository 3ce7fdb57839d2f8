"""The services that a runtime hands to blocks, chosen by type, and the seam that every call of a block goes through."""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Protocol

from blockwright.failure import BAD_VALUE, Failure
from blockwright.services import open_mailer, open_users

if TYPE_CHECKING:
    from blockwright.catalogue import AnyBlock
    from blockwright.engine.run import BlockCall
    from blockwright.services import Mailer


class Services:
    """Service objects, those given as URLs opened when the first block asks for one."""

    def __init__(self, users: str | object | None, mail: str | Mailer | None, others: Iterable[object]) -> None:
        self._users = users
        self._mail = mail
        self._others = tuple(others)
        self._opened: list[object] | None = None
        self._lock = threading.Lock()

    def all(self) -> list[object]:
        """Every service, opened. Raises Failure when a URL names none, or needs something installed first."""
        with self._lock:
            if self._opened is None:
                mailer = open_mailer(self._mail) if isinstance(self._mail, str) else self._mail
                users = open_users(self._users, mailer) if isinstance(self._users, str) else self._users
                self._opened = [each for each in (users, mailer, *self._others) if each is not None]
            return self._opened

    def find(self, wanted: type) -> object | None:
        """The first service that is what ``wanted`` asks for, or None."""
        return next((service for service in self.all() if isinstance(service, wanted)), None)


class Invoker(Protocol):
    """The one seam through which every call of a block goes."""

    def bind(self, block: AnyBlock, services: Mapping[str, object]) -> BlockCall:
        """The callable that flows call with the block's inputs; ``services`` are the block's, by parameter."""


class PlainInvoker:
    """Just calls: a flow gets the block's own function, with its services filled in."""

    def bind(self, block: AnyBlock, services: Mapping[str, object]) -> BlockCall:
        return functools.partial(block.function, **services) if services else block.function


class BoundBlocks(dict[str, "BlockCall"]):
    """The blocks that flows call, by label, each bound when it is first asked for."""

    def __init__(self, blocks: Mapping[str, AnyBlock], services: Services, invoker: Invoker) -> None:
        super().__init__()
        self._blocks = blocks
        self._services = services
        self._invoker = invoker

    def __missing__(self, label: str) -> BlockCall:
        block = self._blocks[label]
        given: dict[str, object] = {}
        for parameter, wanted in block.services.items():
            service = self._services.find(wanted)
            if service is None:
                raise Failure(BAD_VALUE, missing_service(block, parameter, wanted))
            given[parameter] = service
        self[label] = bound = self._invoker.bind(block, given)
        return bound


def missing_service(block: AnyBlock, parameter: str, wanted: type) -> str:
    """The sentence for a block whose service nobody gave."""
    return f"`{block.label}` needs a service for `{parameter}` ({wanted.__name__}), and there is none"
