"""The mailer of ``blockwright run``: it says where each mail went."""

from __future__ import annotations

from blockwright.cli.terminal import tell
from blockwright.services import Mailer, Message, open_mailer


def announced(url: str, *, open_now: bool) -> Mailer:
    """The mailer of a URL, which tells of each mail. One that leaves mail to others has nothing to tell."""
    return open_mailer(url) if url.lower().startswith("queue:") else AnnouncedMailer(url, open_now=open_now)


class AnnouncedMailer:
    """Hands mails to the mailer of a URL, and tells the caller of each. It is opened with the first mail, or at once,
    so that a URL somebody typed is found wrong before the run."""

    def __init__(self, url: str, *, open_now: bool) -> None:
        self._url = url
        self._mailer: Mailer | None = open_mailer(url) if open_now else None

    async def send(self, message: Message) -> None:
        if self._mailer is None:
            self._mailer = open_mailer(self._url)
        await self._mailer.send(message)
        scheme, _, folder = self._url.partition(":")
        where = f"; the mail is in {folder}" if scheme.lower() == "outbox" else ""
        tell(f"mailed {message.to}{where}")
