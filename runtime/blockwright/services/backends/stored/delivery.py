"""Handing queued mails to a mailer: each is claimed, handed over outside of any transaction, and marked."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TypeVar

from blockwright.failure import RATE_LIMITED, TIMED_OUT, UNAVAILABLE, UNEXPECTED, Code, Failure
from blockwright.services.addresses import shown
from blockwright.services.backends.rows import MailRow
from blockwright.services.backends.store import Store, Tables
from blockwright.services.mail import Mailer, Message
from blockwright.services.records import Delivery, MailState
from blockwright.services.sources import Sources

T = TypeVar("T")

SENDING = "sending"
"""The state of a mail that somebody claimed. Its ``due`` is when the claim runs out; to others it is waiting."""
SECOND = 1000
MINUTE = 60 * SECOND
LONGEST = 90.0
"""How many seconds a mailer may take for one mail."""
LEASE = 5 * MINUTE
"""How long a claim lasts. When a process dies while it sends, another one may try the mail after this time."""
AT_ONCE = 8
"""How many mails are handed over at the same time."""
PAUSES = (1 * MINUTE, 2 * MINUTE, 5 * MINUTE, 15 * MINUTE, 60 * MINUTE)
"""How long to wait after each try that did not succeed; then ``LAST_PAUSE`` each time."""
LAST_PAUSE = 180 * MINUTE
DAY = 24 * 60 * MINUTE
GIVE_UP = 4 * DAY
"""How old a mail may become before it counts as refused."""
INLINE = 30 * SECOND
"""How long a call that only wants its own mail delivered goes on with new mails."""
TEMPORARY = (UNAVAILABLE, RATE_LIMITED, TIMED_OUT, UNEXPECTED)
"""With these codes of a mailer it is worth to try again."""


def message_of(row: MailRow) -> Message:
    """A queued mail as mailers take it."""
    return Message(
        to=row.to,
        subject=row.subject,
        text=row.text,
        html=row.html,
        sender=row.sender,
        sender_name=row.sender_name,
        sent_at=row.created,
        message_id=row.mail_id,
    )


@dataclass(frozen=True, slots=True)
class _Outcome:
    """How handing over a claimed mail went: ``failure`` is None for a mail that was taken."""

    row: MailRow
    failure: Failure | None


class Round:
    """Hands over every mail that is due, several at once. Who is not ``patient`` stops after a while, and as soon as a
    mail cannot be delivered just now. ``codes`` are those of the failures there were."""

    def __init__(self, store: Store, mailer: Mailer, sources: Sources, *, patient: bool = True) -> None:
        self.codes: list[Code] = []
        self._store = store
        self._mailer = mailer
        self._sources = sources
        self._last_claim = None if patient else sources.now() + INLINE
        self._at_work: set[asyncio.Task[_Outcome]] = set()
        self._sent = self._waiting = self._refused = 0

    async def run(self) -> Delivery:
        """Go on until nothing is due. Whatever is known to be sent is marked so, even when this is cancelled."""
        try:
            await self._turn()
            while self._at_work:
                await asyncio.wait(self._at_work, return_when=asyncio.FIRST_COMPLETED)
                await self._turn()
        finally:
            await self._stop()
        return Delivery(self._sent, self._waiting, self._refused)

    async def _turn(self) -> None:
        """Mark what was handed over, and claim as many mails as there is room for, in one change."""
        done = {task for task in self._at_work if task.done()}
        outcomes = [task.result() for task in done]
        self._note(outcomes)
        now, room = self._sources.now(), AT_ONCE - len(self._at_work) + len(done)
        if self._last_claim is not None and (self.codes or now > self._last_claim):
            room = 0

        def work(tables: Tables) -> tuple[list[MailRow], list[MailRow]]:
            return _mark(tables, outcomes, now), claim(tables, now, room)

        marked, claimed = await _to_the_end(self._store.change(work))
        self._count(marked)
        self._at_work -= done
        self._at_work |= {asyncio.ensure_future(self._hand_over(row)) for row in claimed}

    async def _stop(self) -> None:
        """Stop what is still at work, after a cancellation or a failure of the store, and mark what came of it."""
        if not self._at_work:
            return
        for task in self._at_work:
            task.cancel()
        results = await asyncio.gather(*self._at_work, return_exceptions=True)
        outcomes, now = [result for result in results if isinstance(result, _Outcome)], self._sources.now()
        if outcomes:
            await _to_the_end(self._store.change(lambda tables: _mark(tables, outcomes, now)))

    async def _hand_over(self, row: MailRow) -> _Outcome:
        try:
            async with asyncio.timeout(LONGEST):
                await self._mailer.send(message_of(row))
        except Failure as failure:
            return _Outcome(row, failure)
        except TimeoutError:
            return _Outcome(row, Failure(TIMED_OUT, f"The mailer took longer than {LONGEST:.0f} seconds."))
        except asyncio.CancelledError:
            if (task := asyncio.current_task()) is not None and task.cancelling():
                raise
            return _Outcome(row, Failure(UNEXPECTED, "The mailer was stopped."))
        except Exception as error:
            return _Outcome(row, Failure(UNEXPECTED, f"The mailer failed with {type(error).__name__}."))
        return _Outcome(row, None)

    def _note(self, outcomes: list[_Outcome]) -> None:
        self.codes += [outcome.failure.code for outcome in outcomes if outcome.failure is not None]

    def _count(self, marked: list[MailRow]) -> None:
        states = [row.state for row in marked]
        self._sent += states.count(MailState.SENT)
        self._waiting += states.count(MailState.WAITING)
        self._refused += states.count(MailState.REFUSED)


def claim(tables: Tables, now: int, limit: int) -> list[MailRow]:
    """Mails that are due, for whoever claims them alone, until the claim runs out."""
    rows = tables.mails.until(now, limit) if limit > 0 else []
    claimed = [replace(row, state=SENDING, tries=row.tries + 1, due=now + LEASE) for row in rows]
    for row in claimed:
        tables.mails.put(row)
    return claimed


def _mark(tables: Tables, outcomes: list[_Outcome], now: int) -> list[MailRow]:
    """Keep how it went, where the claim is still the one under which the mail was handed over."""
    marked = []
    for outcome in outcomes:
        row = tables.mails.get(outcome.row.mail_id)
        if row is not None and row.state == SENDING and row.tries == outcome.row.tries:
            marked.append(_after(row, outcome.failure, now))
            tables.mails.put(marked[-1])
    return marked


def _after(row: MailRow, failure: Failure | None, now: int) -> MailRow:
    if failure is None:
        sent = MailState.SENT.value
        return replace(row, text="", html="", state=sent, due=None, finished=now, problem=None)
    problem = shown(failure.message, longest=500)
    due = now + _pause(row.tries, failure)
    if failure.code in TEMPORARY and due <= row.created + GIVE_UP:
        return replace(row, state=MailState.WAITING.value, due=due, problem=problem)
    if failure.code in TEMPORARY:
        problem = f"{problem} It was tried for four days."
    return replace(row, state=MailState.REFUSED.value, due=None, finished=now, problem=problem)


def _pause(tries: int, failure: Failure) -> int:
    pause = PAUSES[tries - 1] if tries <= len(PAUSES) else LAST_PAUSE
    asked = failure.details.get("retry after") if isinstance(failure.details, Mapping) else None
    return max(pause, min(asked * SECOND, DAY)) if isinstance(asked, int) else pause


async def _to_the_end(call: Coroutine[object, object, T]) -> T:
    """Await a call that must not be left half-known: a cancellation waits until it is over."""
    task = asyncio.ensure_future(call)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        with suppress(Failure):
            await task
        raise
