"""Mail, as blocks and services see it: a message, and the mailer that takes it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from blockwright.failure import UNAVAILABLE, Failure

REFUSED = "refused"
"""The code of a mailer for a mail that its receiver's side refuses, now and later."""


@dataclass(frozen=True, slots=True)
class Message:
    """One mail to one address. ``sent_at`` is in milliseconds since 1970; ``message_id`` is unique and stays with it.

    Texts may hold secret links, so they are left out of the message's ``repr``.
    """

    to: str = field(repr=False)
    subject: str
    text: str = field(repr=False)
    html: str = field(repr=False)
    sender: str
    sender_name: str
    sent_at: int
    message_id: str


@runtime_checkable
class Mailer(Protocol):
    """Takes messages on their way."""

    async def send(self, message: Message) -> None:
        """Take over one message. On return it is safe with the mailer.

        Fails with ``unavailable`` or ``rate limited`` when it was not taken and trying again can help, ``refused``
        when the receiver's side will never take it, ``bad value`` when it cannot be a mail at all.
        """
        ...


class QueueOnly:
    """Stands where a mailer would be, in a process that leaves mail in the queue for another one (``queue:``)."""

    async def send(self, message: Message) -> None:  # noqa: ARG002
        """Never takes a message."""
        raise Failure(UNAVAILABLE, "The mailer queue: only leaves mail to others; deliver with another mailer.")
