"""An HTTP server that answers what a test tells it to, byte by byte, and keeps what it was sent."""

from __future__ import annotations

import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeAlias

from blockwright.services.backends.backendless.address import parse_url
from blockwright.services.backends.backendless.service import BackendlessUsers
from tests.services.world import run

KEY = "AB12CD34-SECRET-KEY"
OBJECT_ID = "8AEA25A2-DB4E-30A2-FF37-E9C6E220F100"
TOKEN = "F1C6D9A0-TOKEN-OF-ALICE"


@dataclass(frozen=True)
class Received:
    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    connection: int

    @property
    def json(self) -> dict[str, object]:
        value = json.loads(self.body)
        assert isinstance(value, dict)
        return value


Answer: TypeAlias = Callable[[Received, socket.socket], bool]
"""Writes an answer; says whether the connection goes on."""


def answering(status: int, value: object = None, **headers: str) -> Answer:
    """An answer with a value as JSON; bytes are sent as they are."""
    data = value if isinstance(value, bytes) else b"" if value is None else json.dumps(value).encode()
    lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(data)}"]
    lines += [f"{name.replace('_', '-')}: {text}" for name, text in headers.items()]
    whole = "\r\n".join([*lines, "", ""]).encode() + data
    return sending(whole)


def refusing(code: object, message: str = "No.", status: int = 400, **headers: str) -> Answer:
    return answering(status, {"message": message, "code": code, "errorData": {}}, **headers)


def sending(data: bytes, *, then_close: bool = False) -> Answer:
    def send(_request: Received, connection: socket.socket) -> bool:
        connection.sendall(data)
        return not then_close

    return send


def trickling(data: bytes, pause: float = 0.02) -> Answer:
    """Sends a byte at a time, and begins again."""

    def send(_request: Received, connection: socket.socket) -> bool:
        while True:
            for byte in data:
                connection.sendall(bytes([byte]))
                time.sleep(pause)

    return send


def hanging_up(_request: Received, _connection: socket.socket) -> bool:
    return False


@dataclass
class Scripted:
    """``answers`` are given in turn, the last one for ever; those ``by_path`` come first."""

    answers: list[Answer] = field(default_factory=list)
    by_path: dict[str, Answer] = field(default_factory=dict)
    requests: list[Received] = field(default_factory=list)
    connections: int = 0
    tls: ssl.SSLContext | None = None

    def __post_init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=100)
        self._open: list[socket.socket] = []
        self._lock = threading.Lock()
        threading.Thread(target=self._listen, daemon=True).start()

    @property
    def port(self) -> int:
        port: int = self._listener.getsockname()[1]
        return port

    @property
    def last(self) -> Received:
        return self.requests[-1]

    def url(self, **query: object) -> str:
        options = "&".join(f"{name}={value}" for name, value in query.items())
        scheme = "https" if self.tls else "http"
        host = "localhost" if self.tls else "127.0.0.1"
        return f"{scheme}://{host}:{self.port}/APP-ID/{KEY}?{options or 'timeout=10'}"

    def close(self) -> None:
        self._listener.close()
        with self._lock:
            for connection in self._open:
                connection.close()

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with self._lock:
                self.connections += 1
                self._open.append(connection)
            threading.Thread(target=self._serve, args=(connection, self.connections), daemon=True).start()

    def _serve(self, connection: socket.socket, number: int) -> None:
        try:
            with self.tls.wrap_socket(connection, server_side=True) if self.tls else connection as stream:
                source = stream.makefile("rb")
                while (request := _read(source, number)) is not None:
                    with self._lock:
                        self.requests.append(request)
                        answer = self.by_path.get(request.target.partition(KEY)[2].partition("?")[0]) or self._next()
                    if not answer(request, stream):
                        return
        except (OSError, ValueError):
            return

    def _next(self) -> Answer:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def _read(source: object, number: int) -> Received | None:
    readline = source.readline  # type: ignore[attr-defined]
    first = readline()
    if not first:
        return None
    method, target, _ = first.decode("latin-1").split(" ")
    headers: dict[str, str] = {}
    while line := readline().strip():
        name, _, value = line.decode("latin-1").partition(":")
        assert name.lower() not in headers
        headers[name.lower()] = value.strip()
    body = source.read(int(headers.get("content-length", "0")))  # type: ignore[attr-defined]
    return Received(method, target, headers, body, number)


@contextmanager
def scripted(
    *answers: Answer, tls: ssl.SSLContext | None = None, **query: object
) -> Iterator[tuple[BackendlessUsers, Scripted]]:
    """A user service, and the server that it speaks to."""
    server = Scripted(list(answers), tls=tls)
    users = BackendlessUsers(parse_url(server.url(**query)))
    try:
        yield users, server
    finally:
        run(users.close())
        server.close()


def record(**properties: object) -> dict[str, object]:
    """A record of the Users table, as the live service answers it."""
    return {
        "objectId": OBJECT_ID,
        "email": "alice@yourmail.com",
        "name": None,
        "userStatus": "ENABLED",
        "socialAccount": "BACKENDLESS",
        "lastLogin": None,
        "created": 1536583542296,
        "updated": None,
        "ownerId": OBJECT_ID,
        "___class": "Users",
        **properties,
    }


COLUMNS = [
    {
        "name": "objectId",
        "required": False,
        "type": "STRING_ID",
        "defaultValue": None,
        "identity": False,
        "relatedTable": None,
        "customRegex": None,
        "autoLoad": False,
        "isPrimaryKey": True,
    },
    {"name": "email", "required": True, "type": "STRING", "identity": True, "defaultValue": None},
    {"name": "age", "required": False, "type": "INT", "identity": False, "defaultValue": "18"},
    {"name": "orders", "required": False, "type": "RELATION_LIST", "identity": False, "relatedTable": "Orders"},
]
