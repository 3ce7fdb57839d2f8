"""The rival of `benchmarks.service`: a bare Starlette route that sends a confirmation email again, written by hand for
this one case. It does the same SQL as Blockwright, by the same drivers and as durably, and checks next to nothing.

``python -m benchmarks.bare_service URL`` serves it on a free port, which it prints.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import secrets
import socket
import sqlite3
import sys
import time
import uuid
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor

import psycopg
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from blockwright.services.wording import built_in

HOUR = 3_600_000
REMEMBERED = 20
CONNECTIONS = 8
WAITING = 2048
VERSION = "SELECT version_num FROM blockwright_version"
SETTINGS = "SELECT name, value FROM settings ORDER BY name LIMIT 500"
USER = (
    "SELECT object_id, identity_key, email, password_hash, user_status, created, updated, last_login, social_account, "
    "properties FROM users WHERE identity_key = ? ORDER BY object_id"
)
LINKS = (
    "SELECT digest, purpose, object_id, email, issued, expires, used, voided FROM links WHERE object_id = ? "
    "ORDER BY digest"
)
LINK = (
    "INSERT INTO links (digest, purpose, object_id, email, issued, expires, used, voided) VALUES "
    "(?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
)
VOID = "UPDATE links SET voided = ? WHERE digest = ?"
FORGET = "DELETE FROM links WHERE digest = ?"
TEMPLATE = "SELECT name, subject, text, html FROM mail_templates WHERE name = ?"
MAIL = (
    'INSERT INTO mails (mail_id, "to", subject, text, html, sender, sender_name, created, state, tries, due, finished, '
    "problem) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
)
WORDS = built_in("confirmation")
SUBJECT, TEXT, HTML = (
    words.replace("{{ ", "{").replace(" }}", "}") for words in (WORDS.subject, WORDS.text, WORDS.html)
)

Resend = Callable[[str], Awaitable[Mapping[str, object] | None]]
"""Sends the mail again to a user; gives the failure, if there is one."""


def by_sqlite(path: str) -> Resend:
    """SQLite has one writer at a time, so one thread does whole transactions."""
    thread = ThreadPoolExecutor(1)
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA secure_delete = ON")

    def resend(email: str) -> Mapping[str, object] | None:
        do = connection.execute
        do("BEGIN IMMEDIATE")
        try:
            do(VERSION).fetchone()
            settings = dict(do(SETTINGS).fetchall())
            user = do(USER, (email.lower(),)).fetchone()
            if failure := failure_of(settings, user):
                do("ROLLBACK")
                return failure
            now, token = time.time_ns() // 1_000_000, secrets.token_urlsafe(32)
            void, forget = retired(do(LINKS, (user[0],)).fetchall())
            for digest in forget:
                do(FORGET, (digest,))
            for digest in void:
                do(VOID, (now, digest))
            do(LINK, link_of(user, token, now))
            do(TEMPLATE, ("confirmation",)).fetchone()
            do(MAIL, mail_of(user, token, now))
            do("COMMIT")
        except BaseException:
            do("ROLLBACK")
            raise
        return None

    async def in_thread(email: str) -> Mapping[str, object] | None:
        return await asyncio.get_running_loop().run_in_executor(thread, resend, email)

    return in_thread


def by_postgresql(url: str) -> Resend:
    idle: list[psycopg.AsyncConnection[tuple[str, ...]]] = []
    places = asyncio.Semaphore(CONNECTIONS)
    held = " FOR UPDATE"

    async def resend(email: str) -> Mapping[str, object] | None:
        async with places:
            connection = idle.pop() if idle else await psycopg.AsyncConnection.connect(url)
            try:
                async with connection.transaction(), connection.cursor() as cursor:

                    async def do(sql: str, values: tuple[object, ...] = ()) -> None:
                        await cursor.execute(sql.replace("?", "%s").encode(), values)

                    await do(VERSION)
                    await cursor.fetchone()
                    await do(SETTINGS)
                    settings = dict(await cursor.fetchall())  # type: ignore[arg-type]
                    await do(USER + held, (email.lower(),))
                    user = await cursor.fetchone()
                    failure = failure_of(settings, user)
                    if failure or user is None:
                        return failure
                    now, token = time.time_ns() // 1_000_000, secrets.token_urlsafe(32)
                    await do(LINKS + held, (user[0],))
                    void, forget = retired(await cursor.fetchall())
                    for digest in forget:
                        await do(FORGET, (digest,))
                    for digest in void:
                        await do(VOID, (now, digest))
                    await do(LINK, link_of(user, token, now))
                    await do(TEMPLATE, ("confirmation",))
                    await cursor.fetchone()
                    await do(MAIL, mail_of(user, token, now))
                return None
            finally:
                idle.append(connection)

    return resend


def failure_of(settings: Mapping[str, str], user: tuple[object, ...] | None) -> Mapping[str, object] | None:
    if not json.loads(settings.get("emailConfirmationRequired", "false")):
        return {"message": "The app does not require email confirmation.", "code": 3103}
    if user is None:
        return {"message": "Nobody is registered under this address.", "code": 3104}
    if user[4] != "EMAIL_CONFIRMATION_PENDING":
        return {"message": "The address is confirmed already.", "code": 3102}
    return None


def retired(links: list[tuple[object, ...]]) -> tuple[list[object], list[object]]:
    """Which links to make void, and which to forget."""
    links.sort(key=lambda link: link[4], reverse=True)  # type: ignore[arg-type, return-value]
    return [link[0] for link in links[:REMEMBERED] if link[7] is None], [link[0] for link in links[REMEMBERED:]]


def link_of(user: tuple[object, ...], token: str, now: int) -> tuple[object, ...]:
    digest = hashlib.sha256(token.encode()).hexdigest()
    return digest, "confirm", user[0], user[2], now, now + 24 * HOUR, None, None


def mail_of(user: tuple[object, ...], token: str, now: int) -> tuple[object, ...]:
    url = f"http://localhost:8080/users/confirm?token={token}"
    values = {"email": user[2], "url": url, "app": "My app", "lifetime": "24 hours"}
    words = SUBJECT.format_map(values), TEXT.format_map(values), HTML.format_map(values)
    return str(uuid.uuid4()), user[2], *words, "no-reply@example.com", "My app", now, "waiting", 0, now, None, None


def application(url: str) -> Starlette:
    resend = by_sqlite(url) if not url.startswith("postgresql:") else by_postgresql(url)

    async def route(request: Request) -> Response:
        failure = await resend(request.path_params["identity"])
        return JSONResponse(failure, 400) if failure else JSONResponse({})

    return Starlette(routes=[Route("/api/users/resendconfirmation/{identity}", route, methods=["POST"])])


def main() -> None:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.bind(("127.0.0.1", 0))
    listening.listen(WAITING)
    print(f"http://127.0.0.1:{listening.getsockname()[1]}", flush=True)
    config = uvicorn.Config(application(sys.argv[1]), log_config=None, access_log=False, ws="none")
    uvicorn.Server(config).run([listening])


if __name__ == "__main__":
    main()
