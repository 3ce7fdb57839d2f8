"""The line to a service: one pool of connections for all threads and event loops of a process.

An asynchronous client belongs to the event loop that it began in, and each run of a flow may have its own. So it lives
in a loop of its own, in a thread of its own, and callers wait for it: connections outlast runs, a whole call can be
given up in the midst of whatever it waits for, and whoever is cancelled takes the call along.
"""

from __future__ import annotations

import asyncio
import http.cookiejar
import os
import threading
import weakref
from collections.abc import Mapping
from dataclasses import dataclass

import httpx

from blockwright.failure import UNAVAILABLE, Failure
from blockwright.services.backends.backendless.address import Address

MOST_CONNECTIONS = 20
IDLE = 4.0
"""Seconds after which an idle connection is not used again; many servers close theirs after 5."""
PATIENCE = 5.0
"""Seconds that closing may take."""


@dataclass(frozen=True, slots=True)
class Request:
    """``target`` is sent as it is: path and query. It is in no log, unlike the address that httpx is told."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes | None
    largest: int
    repeatable: bool


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: httpx.Headers
    body: bytes


class Line:
    """Starts with the first call, and again after ``close`` or in a forked process."""

    def __init__(self, address: Address) -> None:
        self._address = address
        self._lock = threading.Lock()
        self._running: _Running | None = None
        self._left: list[_Running] = []

    async def exchange(self, request: Request) -> Answer:
        """Send a request and wait for the answer. Fails with ``unavailable``."""
        running = self._runner()
        work = running.exchange(request)
        try:
            future = asyncio.run_coroutine_threadsafe(work, running.loop)
        except RuntimeError:
            work.close()
            raise _closed() from None
        return await asyncio.wrap_future(future)

    async def close(self) -> None:
        """End all calls and connections. The line may be used again."""
        with self._lock:
            running, self._running = self._running, None
        if running is not None and running.process == os.getpid():
            await asyncio.to_thread(running.stop)

    def _runner(self) -> _Running:
        running = self._running
        if running is not None and running.process == os.getpid():
            return running
        if running is not None:
            self._lock = threading.Lock()  # of the process that this one was forked from; who held it is not here
        with self._lock:
            if self._running is None or self._running.process != os.getpid():
                if self._running is not None:
                    self._left.append(self._running)  # its sockets are the other process's, too
                self._running = _Running(self._address)
                weakref.finalize(self, self._running.stop)
            return self._running


class _Running:
    """A thread with an event loop and a client in it."""

    def __init__(self, address: Address) -> None:
        self.process = os.getpid()
        self.loop = asyncio.new_event_loop()
        self._address = address
        self._stopping = False
        self._client = _client(address)
        self._thread = threading.Thread(target=self._live, name="blockwright users", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        if self.process != os.getpid() or not self._thread.is_alive():
            return
        self._stopping = True
        self.loop.call_soon_threadsafe(self.loop.stop)
        if threading.current_thread() is not self._thread:
            self._thread.join(PATIENCE)

    def _live(self) -> None:
        asyncio.set_event_loop(self.loop)
        try:
            self.loop.run_forever()
            self.loop.run_until_complete(self._end())
        finally:
            self.loop.close()

    async def _end(self) -> None:
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._client.aclose()

    async def exchange(self, request: Request) -> Answer:
        try:
            async with asyncio.timeout(self._address.timeout):
                return await self._tried(request)
        except TimeoutError:
            raise Failure(
                UNAVAILABLE,
                f"The user service at {self._address.host} did not answer within {self._address.timeout:g} seconds."
                f"{'' if request.repeatable else _UNKNOWN}",
            ) from None
        except asyncio.CancelledError:
            if self._stopping:
                raise _closed() from None
            raise

    async def _tried(self, request: Request) -> Answer:
        seen = _Seen()
        try:
            return await self._sent(request, seen)
        except (httpx.TransportError, OSError) as error:
            if not (request.repeatable and seen.was_used_before and isinstance(error, httpx.NetworkError | _BROKEN)):
                raise self._trouble(error, request, seen) from None
        seen = _Seen()
        try:
            return await self._sent(request, seen)
        except (httpx.TransportError, OSError) as error:
            raise self._trouble(error, request, seen) from None

    async def _sent(self, request: Request, seen: _Seen) -> Answer:
        extensions = {"target": request.target.encode("ascii"), "trace": seen}
        ready = self._client.build_request(
            request.method, f"{self._address.origin}/", headers=request.headers, content=request.body
        )
        ready.extensions.update(extensions)
        response = await self._client.send(ready, stream=True)
        try:
            if response.headers.get("content-encoding", "identity").lower() != "identity":
                raise Failure(UNAVAILABLE, f"The user service at {self._address.host} answered in a packed form.")
            body = bytearray()
            async for part in response.aiter_raw():
                body += part
                if len(body) > request.largest:
                    raise Failure(
                        UNAVAILABLE,
                        f"The user service at {self._address.host} answered with more than {request.largest:,} bytes.",
                    )
            return Answer(response.status_code, response.headers, bytes(body))
        finally:
            await response.aclose()

    def _trouble(self, error: Exception, request: Request, seen: _Seen) -> Failure:
        host = self._address.host
        if seen.was_written:
            unknown = "" if request.repeatable else _UNKNOWN
            return Failure(UNAVAILABLE, f"The user service at {host} broke off, or gave no proper answer.{unknown}")
        causes = "".join(type(each).__name__ + str(each) for each in _causes(error))
        if "CERTIFICATE" in causes.upper():
            return Failure(UNAVAILABLE, f"The certificate of the user service at {host} cannot be trusted.")
        if "SSL" in causes:
            return Failure(UNAVAILABLE, f"No safe connection to the user service at {host} came about.")
        if "gaierror" in causes:
            return Failure(UNAVAILABLE, f"The user service at {host} cannot be found; is the name right?")
        return Failure(UNAVAILABLE, f"The user service at {host} cannot be reached.")


_BROKEN = httpx.RemoteProtocolError
_UNKNOWN = " Whether it did what was asked is not known."


class _Seen:
    """What happened to a request, as httpcore tells it while it happens."""

    def __init__(self) -> None:
        self.connected = False
        self.was_written = False

    @property
    def was_used_before(self) -> bool:
        """Whether it went over a connection from before, which may have been closed meanwhile."""
        return self.was_written and not self.connected

    async def __call__(self, event: str, _info: object) -> None:
        self.connected |= event.endswith("connect_tcp.started")
        self.was_written |= event.endswith("http11.send_request_headers.started")


def _client(address: Address) -> httpx.AsyncClient:
    """A client that follows nothing, keeps nothing, and reads from the environment only what it is told to.

    A proxy sees where tokens go, and over ``http:`` the tokens themselves, so none is used unless the URL asks for it.
    Certificates of one's own are trusted as everywhere: by SSL_CERT_FILE or SSL_CERT_DIR.
    """
    return httpx.AsyncClient(
        verify=httpx.create_ssl_context(trust_env=True) if address.origin.startswith("https:") else False,
        trust_env=address.by_proxy,
        follow_redirects=False,
        timeout=None,
        cookies=http.cookiejar.CookieJar(http.cookiejar.DefaultCookiePolicy(allowed_domains=[])),
        limits=httpx.Limits(
            max_connections=MOST_CONNECTIONS, max_keepalive_connections=MOST_CONNECTIONS, keepalive_expiry=IDLE
        ),
        headers={"user-agent": "blockwright", "accept": "application/json", "accept-encoding": "identity"},
    )


def _causes(error: BaseException | None) -> list[BaseException]:
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        error = error.__cause__ or error.__context__
    return found


def _closed() -> Failure:
    return Failure(UNAVAILABLE, "The user service was closed in the midst of a call.")
