"""The mail queue: a mail is written with what it announces, and delivered afterwards."""

from __future__ import annotations

import heapq
import logging
from collections.abc import Callable, Mapping
from dataclasses import replace

from blockwright.failure import BAD_VALUE, UNAVAILABLE, Failure
from blockwright.services.addresses import shown
from blockwright.services.backends.rows import MailRow, TemplateRow
from blockwright.services.backends.store import Store, Tables
from blockwright.services.backends.stored.delivery import SENDING, Round, message_of
from blockwright.services.mail import Mailer, QueueOnly
from blockwright.services.mime import check_composable
from blockwright.services.records import Delivery, MailState, QueuedMail, Template
from blockwright.services.settings import Settings
from blockwright.services.sources import Sources
from blockwright.services.wording import NAMES, built_in, checked, fill_in

_log = logging.getLogger("blockwright.mail")

LISTED = 10_000
"""How many mails a list of them holds at most, the newest."""


class Post:
    """Queues mails in the transaction that they belong to, and hands them to the mailer."""

    def __init__(self, store: Store, mailer: Mailer | None, sources: Sources) -> None:
        self._store = store
        self._mailer = mailer
        self._sources = sources
        self._wake: Callable[[], None] | None = None

    def write(
        self, tables: Tables, settings: Settings, template: str, to: str, values: Mapping[str, str], now: int
    ) -> None:
        """Queue a mail made from a template ("confirmation", "password"), within a change. ``values`` are ``app``,
        ``email``, ``url`` and ``hours``.

        Fails with ``unavailable`` when there is no mailer, ``bad value`` when no mail can be made of it.
        """
        if self._mailer is None:
            raise _no_mailer()
        words = fill_in(_template_in(tables, template), values)
        row = MailRow(
            mail_id=self._sources.object_id().lower(),
            to=to,
            subject=words.subject,
            text=words.text,
            html=words.html,
            sender=settings.mail_from,
            sender_name=settings.app_name,
            created=now,
            state=MailState.WAITING.value,
            tries=0,
            due=now,
            finished=None,
            problem=None,
        )
        check_composable(message_of(row))
        tables.mails.put(row)

    async def send(self) -> None:
        """After a change that wrote mail: deliver it, or wake who does. A mail that cannot be delivered now stays
        queued, which is logged and is no failure."""
        if self._mailer is None or isinstance(self._mailer, QueueOnly):
            return
        if self._wake is not None:
            self._wake()
        else:
            await self._deliver_inline(self._mailer)

    async def _deliver_inline(self, mailer: Mailer) -> None:
        this_round = Round(self._store, mailer, self._sources, patient=False)
        try:
            await this_round.run()
        except Failure as failure:
            this_round.codes.append(failure.code)
        if this_round.codes:
            _log.warning(
                "Mail could not be delivered just now (%s). It is kept: blockwright users mail shows it and when it is "
                "due again. blockwright users mail --retry ID tries one now, "
                "blockwright users mail --deliver all that are due.",
                ", ".join(sorted({str(code) for code in this_round.codes})),
            )

    async def deliver(self) -> Delivery:
        """Hand over what is due (see ``MailQueue``). Fails with ``unavailable`` where there is no mailer."""
        if self._mailer is None:
            raise _no_mailer()
        if isinstance(self._mailer, QueueOnly):
            raise Failure(UNAVAILABLE, "The mailer queue: only leaves mail to others; deliver with another mailer.")
        due = await self.next_delivery()
        if due is None or due > self._sources.now():
            return Delivery()
        return await Round(self._store, self._mailer, self._sources).run()

    async def next_delivery(self) -> int | None:
        if self._mailer is None or isinstance(self._mailer, QueueOnly):
            return None
        return await self._store.read(lambda tables: tables.mails.first_moment())

    def leave_to(self, wake: Callable[[], None]) -> None:
        self._wake = wake

    async def list_mails(self, state: MailState | None) -> tuple[QueuedMail, ...]:
        if state is not None and state not in list(MailState):
            raise Failure(BAD_VALUE, f"{shown(state)} is no state of a mail; there are {', '.join(MailState)}.")

        def work(tables: Tables) -> list[QueuedMail]:
            mails = (_queued(row) for row in tables.mails.all())
            wanted = (mail for mail in mails if state is None or mail.state == state)
            return heapq.nlargest(LISTED, wanted, key=lambda mail: (mail.created, mail.mail_id))

        return tuple(reversed(await self._store.read(work)))

    async def retry(self, mail_id: str) -> None:
        now = self._sources.now()

        def work(tables: Tables) -> None:
            row = tables.mails.get(mail_id) if _is_key(mail_id) else None
            if row is None:
                raise Failure(2004, f"There is no mail {shown(mail_id)}.")
            if row.state == MailState.SENT:
                raise Failure(2004, f"The mail {shown(mail_id)} is sent.")
            if row.state == SENDING and row.due is not None and row.due > now:
                raise Failure(2004, f"The mail {shown(mail_id)} is being handed over at this moment.")
            tables.mails.put(replace(row, state=MailState.WAITING.value, due=now, finished=None))

        await self._store.change(work)
        await self.send()

    async def list_templates(self) -> tuple[Template, ...]:
        return await self._store.read(lambda tables: tuple(_template_in(tables, name) for name in NAMES))

    async def change_template(self, name: str, subject: str | None, text: str | None, html: str | None) -> Template:
        built_in(name)
        new = checked({"subject": subject, "text": text, "html": html})

        def work(tables: Tables) -> Template:
            changed = replace(_template_in(tables, name), **new)
            tables.templates.put(TemplateRow(changed.name, changed.subject, changed.text, changed.html))
            return changed

        return await self._store.change(work)

    async def reset_template(self, name: str) -> Template:
        template = built_in(name)
        await self._store.change(lambda tables: tables.templates.remove(name))
        return template


def _template_in(tables: Tables, name: str) -> Template:
    row = tables.templates.get(name)
    return built_in(name) if row is None else Template(row.name, row.subject, row.text, row.html)


def _queued(row: MailRow) -> QueuedMail:
    state = MailState.WAITING if row.state == SENDING else MailState(row.state)
    return QueuedMail(row.mail_id, row.to, row.subject, state, row.created, row.tries, row.due, row.problem)


def _is_key(mail_id: object) -> bool:
    return isinstance(mail_id, str) and len(mail_id) <= 100 and mail_id.isascii() and mail_id.isprintable()


def _no_mailer() -> Failure:
    return Failure(UNAVAILABLE, "No mail can go out, because there is no mailer; give one, such as outbox:./outbox.")
