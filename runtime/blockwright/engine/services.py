"""The services that a runtime hands to blocks, chosen by type, and the seam that every call of a block goes through."""

from __future__ import annotations

import functools
import re
import threading
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Protocol

from blockwright.catalogue import Block
from blockwright.language.program import calls_in
from blockwright.services import Mailer, UserService, open_mailer, open_users
from blockwright.services.current import LoginOfRun

if TYPE_CHECKING:
    from blockwright.catalogue import AnyBlock
    from blockwright.engine.run import BlockCall
    from blockwright.language.diagnostics import Finding
    from blockwright.language.program import Call, Program


class Services:
    """Service objects, those given as URLs opened when the first block asks for one. Who is logged in can always be
    asked."""

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
                given = (users, mailer, *self._others, LoginOfRun())
                self._opened = [each for each in given if each is not None]
            return self._opened

    def find(self, wanted: type) -> object | None:
        """The first service that is what ``wanted`` asks for, or None."""
        return next((service for service in self.all() if isinstance(service, wanted)), None)

    def lack(self, parameter: str, wanted: type) -> tuple[str, str]:
        """What is missing where nothing was found, as the end of "needs …", and the mend."""
        if wanted in UserService.__mro__:
            if self._users is None:
                return "a user service, and there is none", _MENDS["users"]
            able = f"a user service with {_in_words(wanted)}, and the one there is has none of that"
            return able, "use one that has it, such as `--users sqlite:///users.db`"
        if wanted is Mailer:
            return "a mailer, and there is none", _MENDS["mail"]
        return f"a service for `{parameter}` ({wanted.__name__}), and there is none", _MENDS.get(parameter, _OWN)


_OWN = "give the runtime one: `Runtime(services=[…])`"
_MENDS = {name: f"give the runtime one: `--{name} URL`, or `Runtime({name}=…)`" for name in ("users", "mail")}


def _in_words(wanted: type) -> str:
    """What a protocol is called in a sentence, and what it is for: "password recovery (a way back in …)"."""
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", wanted.__name__).lower()
    about = re.split(r"\.\s|\.?$", (wanted.__doc__ or "").strip(), maxsplit=1, flags=re.MULTILINE)[0]
    about = about[:1].lower() + about[1:]
    return about if about.startswith(name) else f"{name} ({about})" if about else name


class Invoker(Protocol):
    """The one seam through which every call of a block goes."""

    def bind(self, block: AnyBlock, services: Mapping[str, object]) -> BlockCall:
        """The callable that flows call in the place of the block's function, inputs by position or by parameter;
        ``services`` are what the function asks for, by parameter."""


class PlainInvoker:
    """Just calls: a flow gets the block's own function, with its services filled in."""

    def bind(self, block: AnyBlock, services: Mapping[str, object]) -> BlockCall:
        return functools.partial(block.function, **services) if services else block.function


class BoundBlocks:
    """The blocks that flows call, bound to their services before the first flow that calls them runs.

    ``calls`` are what is ready, by label.
    """

    def __init__(self, services: Services, invoker: Invoker) -> None:
        self.calls: dict[str, BlockCall] = {}
        self._services = services
        self._invoker = invoker

    def bind_all(self, program: Program) -> list[Finding]:
        """Bind the blocks that a file calls; a finding for each call whose block asks for a service nobody gave.

        Raises Failure when a service's URL cannot be opened.
        """
        calls = [call for routine in program.routines() for call in calls_in(routine.body)]
        return [finding for call in calls for finding in self._bind(program, call)]

    def _bind(self, program: Program, call: Call) -> Iterator[Finding]:
        block = call.callee
        if not isinstance(block, Block) or block.label in self.calls:
            return
        found = {parameter: self._services.find(wanted) for parameter, wanted in block.services.items()}
        for parameter in (parameter for parameter, service in found.items() if service is None):
            lack, mend = self._services.lack(parameter, block.services[parameter])
            yield program.source.finding(call.span, f"`{block.label}` needs {lack}", mend, rule="no-service")
        services = {parameter: service for parameter, service in found.items() if service is not None}
        if len(services) == len(found):
            self.calls[block.label] = self._invoker.bind(block, services)
