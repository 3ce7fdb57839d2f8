"""``blockwright serve``: the users of an app, and its flows, over HTTP."""

from __future__ import annotations

import asyncio
import logging
import socket
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from blockwright.catalogue import BlockError
from blockwright.cli.defaults import mail_url, make_data_folder, users_url
from blockwright.cli.showing import show_failure, show_findings
from blockwright.cli.stopping import FAILED, OK, WRONG
from blockwright.cli.terminal import CallError, finish, say, tell
from blockwright.engine.runtime import Runtime
from blockwright.failure import Failure
from blockwright.language.diagnostics import FlowError
from blockwright.services import Mailer, UserService, open_mailer, open_users
from blockwright.services.records import KeyKind

if TYPE_CHECKING:
    from fastapi import FastAPI

    from blockwright.server import ServedFlows

GRACE = 5
"""Seconds that calls get to end when the server stops."""
_WAITING = 2048
"""Connections that may wait to be accepted."""


def serve(
    users: str | None,
    mail: str | None,
    flows: str | None,
    *,
    host: str,
    port: int,
    cors: Sequence[str],
    trusted_proxies: Sequence[str],
) -> int:
    """Serve until somebody stops it; gives the exit code."""
    _check_installed()
    from blockwright.server import Options, create_app
    from blockwright.server.clients import networks

    try:
        options = Options(cors=tuple(cors) or ("*",), trusted_proxies=networks(trusted_proxies))
    except ValueError as error:
        raise CallError(f"--trusted-proxy takes an address or a network: {error}", "such as 10.0.0.0/8") from None
    try:
        mailer = _open_mailer(mail)
        service = _open_users(users, mailer)
        served = _load_flows(flows, service, mailer, options.runs) if flows else None
    except FlowError as error:
        return show_findings(error.findings, "the flows cannot be served", as_data=False)
    except Failure as failure:
        return show_failure(failure, as_data=False, code=WRONG)
    listening = _listen(host, port)
    _log_to_stderr()
    with listening:
        try:
            asyncio.run(_run(create_app(service, served, options), service, served, listening, mail))
        except Failure as failure:
            return show_failure(failure, as_data=False, code=FAILED)
    return OK


def _check_installed() -> None:
    try:
        import fastapi  # noqa: F401
        import jinja2  # noqa: F401
        import uvicorn  # noqa: F401
    except ImportError as error:
        raise CallError(
            f"a server needs FastAPI, uvicorn and Jinja2, and {error.name} is not installed",
            'install them: pip install "blockwright[server]"',
        ) from None


def _open_mailer(url: str | None) -> Mailer | None:
    if url is None:
        make_data_folder()
        url = mail_url()
    return open_mailer(url) if url else None


def _open_users(url: str | None, mailer: Mailer | None) -> UserService:
    if url is None:
        make_data_folder()
        url = users_url()
    if url is None:
        raise CallError("no user database is named, and there is no data folder for one", "give one: --users URL")
    service = open_users(url, mailer)
    if not isinstance(service, UserService):
        raise CallError("this user service cannot be served", "give one of your own: --users sqlite:///users.db")
    return service


def _load_flows(folder: str, users: UserService, mailer: Mailer | None, at_once: int) -> ServedFlows:
    from blockwright.server import ServedFlows, load_flows

    if not Path(folder).is_dir():
        raise CallError(f"there is no folder {folder}", "look at the spelling of what stands after --flows")
    try:
        runtime = Runtime(users=users, mail=mailer, flows=[folder])
    except BlockError as error:
        raise CallError(f"a block pack that is installed cannot be used: {error}") from error
    loaded = load_flows(runtime, Path(folder))
    if not loaded:
        raise CallError(f"there is no flow in the folder {folder}", "flows are files that end in .yaml or .yml")
    return ServedFlows(runtime.refresh().flows.values(), at_once, runtime.refresh)


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        made = socket.create_server(address[:2], family=family, backlog=_WAITING)
    except OSError as error:
        reason = error.strerror or str(error)
        raise CallError(f"cannot listen at {host}, port {port}: {reason}", "give another one: --port 8081") from None
    # Made without its protocol, as above, asyncio would not know it for TCP, and would not turn Nagle's algorithm off:
    # then an answer waits 40 ms for the client to acknowledge its head.
    return socket.socket(made.family, made.type, socket.IPPROTO_TCP, fileno=made.detach())


def _log_to_stderr() -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s", "%Y-%m-%d %H:%M:%S"))
    for name, level in (("blockwright", logging.INFO), ("uvicorn", logging.WARNING)):
        logger = logging.getLogger(name)
        logger.addHandler(handler)
        logger.setLevel(level)
        logger.propagate = False


async def _run(
    app: FastAPI, users: UserService, flows: ServedFlows | None, listening: socket.socket, mail: str | None
) -> None:
    import uvicorn

    class Server(uvicorn.Server):
        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            if flows is not None:
                flows.stop()
            await super().shutdown(sockets)

    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        lifespan="on",
        ws="none",
        timeout_graceful_shutdown=GRACE,
    )
    try:
        await _introduce(users, listening, mail)
        await Server(config).serve([listening])
    finally:
        await users.close()


async def _introduce(users: UserService, listening: socket.socket, mail: str | None) -> None:
    """Say where the server is, and what its clients need to know; the first start makes the keys for that."""
    keys = await users.list_keys()
    if not keys:
        keys = (await users.make_key(KeyKind.REST), await users.make_key(KeyKind.JS))
    app_id, settings = await users.app_id(), await users.read_settings()
    say(_address(listening))
    finish()
    tell(f"app id {app_id}")
    for key in keys:
        if key.kind in (KeyKind.REST, KeyKind.JS):
            tell(f"{key.kind} key {key.value}" + (f" ({key.label})" if key.label else ""))
    if not any(key.kind is KeyKind.OWNER for key in keys):
        tell("the owner's API needs a key: blockwright users keys add owner")
    tell(f"links in mails begin with {settings.public_base_url} (the setting publicBaseUrl)")
    where = mail or mail_url() or ""
    if where.lower().startswith("outbox:"):
        tell(f"mails are in {where.partition(':')[2]}")


def _address(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
