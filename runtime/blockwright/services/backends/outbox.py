"""Mailers that keep what they are given: an outbox folder of real mail files, and a list in memory."""

from __future__ import annotations

import asyncio
import os
import secrets
import threading
from contextlib import suppress
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from blockwright.failure import BAD_VALUE, UNAVAILABLE, Failure
from blockwright.services.addresses import shown, shown_path
from blockwright.services.mail import Mailer, Message, QueueOnly
from blockwright.services.mime import compose


def open_outbox(url: str) -> Mailer:
    """The outbox of ``outbox:PATH``, a path relative to the current folder or absolute."""
    path = url.partition(":")[2]
    if not path or not path.isprintable():
        raise Failure(BAD_VALUE, "An outbox is named by its folder, such as outbox:./outbox.")
    return Outbox(Path(path))


def open_memory_mailer(url: str) -> Mailer:
    """A new ``MemoryMailer`` for ``memory:``."""
    if url.lower() != "memory:":
        raise Failure(BAD_VALUE, "A mailer in memory is simply named memory: and takes nothing after it.")
    return MemoryMailer()


def open_queue(url: str) -> Mailer:
    """What only leaves mail in the queue, for ``queue:``."""
    if url.lower() != "queue:":
        raise Failure(BAD_VALUE, "Mail left to another process is simply named queue: and takes nothing after it.")
    return QueueOnly()


class Outbox:
    """Writes each message into a folder as a file of its own, ready for any mail program (``.eml``).

    A file appears whole, on disk, under a name that sorts by time; readers may ignore names that begin with a dot. The
    name comes from the message, so one that is sent twice is there once. The folder is made with the first mail. Mails
    hold secret links, so only the owner of the process may read them. Fails with ``unavailable`` when a mail cannot be
    written, and then leaves nothing behind.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder.absolute()

    async def send(self, message: Message) -> None:
        data = compose(message)
        try:
            await asyncio.to_thread(self._write, _name(message, data), data)
        except OSError as error:
            outbox, why = shown_path(self._folder), error.strerror or type(error).__name__
            raise Failure(
                UNAVAILABLE, f"The mail to {shown(message.to)} could not be written into the outbox {outbox}: {why}."
            ) from error

    def _write(self, name: str, data: bytes) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished = self._folder / f".{name}.{secrets.token_hex(4)}.unfinished"
        try:
            with os.fdopen(os.open(unfinished, _NEW_FILE, 0o600), "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(self._folder / name)
        except BaseException:
            with suppress(OSError):
                unfinished.unlink(missing_ok=True)
            raise
        _sync_folder(self._folder)


def _name(message: Message, data: bytes) -> str:
    when = datetime.fromtimestamp(message.sent_at / 1000, UTC)
    stamp = f"{when:%Y%m%dT%H%M%S}.{message.sent_at % 1000:03d}Z"
    return f"{stamp}-{sha256(data).hexdigest()[:16]}.eml"


_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


def _sync_folder(folder: Path) -> None:
    """Make the new name durable too, where the system can: Windows and some network folders cannot."""
    if os.name != "posix":
        return
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


class MemoryMailer:
    """Keeps messages in a list, for tests. What could not be a real mail is refused here as well."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._messages: list[Message] = []

    async def send(self, message: Message) -> None:
        compose(message)
        with self._lock:
            self._messages.append(message)

    @property
    def messages(self) -> tuple[Message, ...]:
        """What was sent, in this order."""
        with self._lock:
            return tuple(self._messages)
