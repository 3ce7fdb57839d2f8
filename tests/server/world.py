"""A real server on a free port, a fresh app for each test, and clients that speak to it."""

from __future__ import annotations

import asyncio
import http.client
import json
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeVar

import httpx
import uvicorn
from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

from blockwright.server import Options, ServedFlows, create_app
from blockwright.services import Message
from blockwright.services.backends.memory import MemoryStore
from blockwright.services.backends.outbox import MemoryMailer
from blockwright.services.backends.stored import StoredUsers
from blockwright.services.records import KeyKind
from tests.services.world import ALICE, PASSWORD, World, token_in

T = TypeVar("T")

PATIENCE = 20
"""Seconds after which something that should have happened did not."""


class Mailbox(MemoryMailer):
    """Keeps mails, and lets a test wait for one."""

    def __init__(self) -> None:
        super().__init__()
        self._arrived = threading.Condition()

    async def send(self, message: Message) -> None:
        await super().send(message)
        with self._arrived:
            self._arrived.notify_all()

    def wait_for(self, count: int) -> list[Message]:
        """All mails, as soon as there are so many."""
        with self._arrived:
            assert self._arrived.wait_for(lambda: len(self.messages) >= count, PATIENCE), len(self.messages)
        return list(self.messages)


class Machine:
    """One uvicorn in a thread, for the whole session; which app it serves changes from test to test."""

    def __init__(self) -> None:
        self.app: FastAPI | None = None
        self.loop = asyncio.new_event_loop()
        config = uvicorn.Config(
            self, host="127.0.0.1", port=0, log_config=None, access_log=False, lifespan="off", proxy_headers=False
        )
        self._server = uvicorn.Server(config)
        self._started = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        assert self._started.wait(PATIENCE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self.app is not None
        scope["app"] = self.app
        await self.app(scope, receive, send)

    @property
    def port(self) -> int:
        port: int = self._server.servers[0].sockets[0].getsockname()[1]
        return port

    def do(self, work: Coroutine[object, object, T]) -> T:
        """Do something in the server's event loop."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(PATIENCE)

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(PATIENCE)

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.run_until_complete(self._serve())
        self.loop.close()

    async def _serve(self) -> None:
        serving = asyncio.create_task(self._server.serve())
        while not self._server.started:
            await asyncio.sleep(0.005)
        self._started.set()
        await serving


@dataclass
class Place:
    """A served app: its user service, its mails, its keys, and a client."""

    machine: Machine
    client: httpx.Client
    world: World
    users: StoredUsers
    mails: Mailbox
    app: FastAPI
    app_id: str
    keys: dict[KeyKind, str] = field(default_factory=dict)

    def form(self, kind: KeyKind) -> str:
        """The beginning of the API's addresses with a key of this kind."""
        return f"/{self.app_id}/{self.keys[kind]}"

    def call(self, method: str, path: str, body: object = None, token: str | None = None, **headers: str) -> Answer:
        """Call an address as an SDK does: JSON only where there is a body."""
        sent = {"user-token": token} if token else {}
        content = None
        if body is not None:
            sent["content-type"] = "application/json"
            content = body if isinstance(body, bytes) else json.dumps(body).encode()
        response = self.client.request(
            method, path, content=content, headers={**sent, **{k.replace("_", "-"): v for k, v in headers.items()}}
        )
        return Answer(response.status_code, response.content, response.headers)

    def get(self, path: str, token: str | None = None) -> Answer:
        return self.call("GET", path, token=token)

    def post(self, path: str, body: object = None, token: str | None = None) -> Answer:
        return self.call("POST", path, body, token)

    def put(self, path: str, body: object = None, token: str | None = None) -> Answer:
        return self.call("PUT", path, body, token)

    def delete(self, path: str, token: str | None = None) -> Answer:
        return self.call("DELETE", path, token=token)

    def own(self, method: str, path: str, body: object = None) -> Answer:
        """Call the owner's API."""
        return self.call(method, f"/owner/{path}", body, authorization=f"Bearer {self.keys[KeyKind.OWNER]}")

    def raw(self, method: str, target: str, body: bytes | None = None, **headers: str) -> Answer:
        """Call exactly this request target, which no client has tidied up."""
        connection = http.client.HTTPConnection("127.0.0.1", self.machine.port, timeout=PATIENCE)
        try:
            connection.putrequest(method, target, skip_host="host" in headers, skip_accept_encoding=True)
            for name, value in headers.items():
                connection.putheader(name.replace("_", "-"), value)
            if body is not None:
                connection.putheader("content-length", str(len(body)))
            connection.endheaders(body)
            response = connection.getresponse()
            return Answer(response.status, response.read(), httpx.Headers(response.getheaders()))
        finally:
            connection.close()

    def settings(self, **changes: object) -> None:
        """Change settings by their documented names."""
        self.machine.do(self.users.change_settings(changes))

    def register(self, email: str = ALICE, **properties: object) -> str:
        """Register somebody; gives the object id."""
        answer = self.post("/api/users/register", {"email": email, "password": PASSWORD, **properties})
        assert answer.status == 200, answer
        return str(answer.record["objectId"])

    def log_in(self, email: str = ALICE) -> str:
        """Log somebody in; gives the token."""
        answer = self.post("/api/users/login", {"login": email, "password": PASSWORD})
        assert answer.status == 200, answer
        return str(answer.record["user-token"])

    def register_pending(self, email: str = ALICE) -> str:
        """Register somebody who must confirm; gives the token of the link that was mailed."""
        self.settings(emailConfirmationRequired=True)
        before = len(self.mails.messages)
        self.register(email)
        return token_in(self.mails.wait_for(before + 1)[-1])


@dataclass
class Answer:
    status: int
    body: bytes
    headers: httpx.Headers

    @property
    def json(self) -> object:
        return json.loads(self.body, parse_float=Decimal)

    @property
    def record(self) -> dict[str, object]:
        value = self.json
        assert isinstance(value, dict), value
        return value

    @property
    def code(self) -> object:
        """The code of a failure, which looks as the SDK wants it."""
        value = self.record
        assert self.status >= 400, self
        assert self.headers["content-type"] == "application/json"
        assert isinstance(value["message"], str)
        assert value["message"]
        return value["code"]

    @property
    def text(self) -> str:
        return self.body.decode()


@contextmanager
def served(
    machine: Machine, options: Options | None = None, flows: ServedFlows | None = None, users: StoredUsers | None = None
) -> Iterator[Place]:
    """An app of its own, with all kinds of keys. It remembers nothing, unless ``options`` say so."""
    mails = Mailbox()
    world = World(MemoryStore(), mails)
    users = users or world.users
    app = create_app(users, flows, options or Options(remember=0))
    living = app.router.lifespan_context(app)
    machine.app = app
    machine.do(living.__aenter__())
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{machine.port}", timeout=PATIENCE) as client:
            place = Place(machine, client, world, users, mails, app, machine.do(users.app_id()))
            for kind in KeyKind:
                value = machine.do(users.make_key(kind)).value
                assert value is not None
                place.keys[kind] = value
            yield place
    finally:
        machine.do(living.__aexit__(None, None, None))
