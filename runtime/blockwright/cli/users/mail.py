"""The mail queue: what lies in it, and sending what is due."""

from __future__ import annotations

from blockwright.cli.defaults import mail_url, make_data_folder
from blockwright.cli.mail import announced
from blockwright.cli.stopping import FAILED, OK
from blockwright.cli.terminal import CallError, say, tell
from blockwright.cli.users.calling import ask, cannot, exit_code
from blockwright.cli.users.looks import moment, table
from blockwright.cli.values import as_json
from blockwright.failure import UNAVAILABLE, Failure
from blockwright.language.suggest import did_you_mean
from blockwright.services import Mailer
from blockwright.services.records import Delivery, MailState, QueuedMail
from blockwright.services.users import MailQueue


def list_mails(state: str | None, url: str | None, *, json: bool) -> int:
    """Print the mails of the last days; gives the exit code. Raises CallError for a state that is none."""
    chosen = None if state is None else _read_state(state)

    async def find(users: object) -> tuple[QueuedMail, ...]:
        return await _queue(users).list_mails(chosen)

    def call() -> None:
        mails = ask(url, find)
        if json:
            say(as_json([mail.to_dict() for mail in mails]))
        elif mails:
            say(table(map(_row, mails)))
        else:
            tell("there is no mail" if chosen is None else f"no mail is {chosen}")

    return exit_code(call, json=json)


def _read_state(text: str) -> MailState:
    name = text.strip().lower()
    if name in list(MailState):
        return MailState(name)
    near = did_you_mean(name, list(MailState))
    mend = f"did you mean {near}?" if near else f"there are {', '.join(MailState)}"
    raise CallError(f"{text} is no state of a mail", mend)


def _queue(users: object) -> MailQueue:
    if not isinstance(users, MailQueue):
        raise cannot("show or send its mail")
    return users


def _row(mail: QueuedMail) -> tuple[str, ...]:
    return (mail.mail_id, mail.state, mail.to, f"written {moment(mail.created)}", f"{mail.subject}{_how_it_goes(mail)}")


def _how_it_goes(mail: QueuedMail) -> str:
    tried = "" if not mail.tries else " (tried once" if mail.tries == 1 else f" (tried {mail.tries} times"
    if mail.state is MailState.SENT or not tried:
        return ""
    again = f", again at {moment(mail.next_try)}" if mail.state is MailState.WAITING else ""
    return f"{tried}{again}: {mail.problem})" if mail.problem else f"{tried}{again})"


def send_mail(retry: str | None, url: str | None, mail: str | None, *, deliver: bool, json: bool) -> int:
    """Send what is due, or try one mail again; gives the exit code. Raises CallError."""
    if deliver and retry is not None:
        raise CallError("--deliver sends all that is due, --retry one mail", "give one of the two")

    def call() -> int:
        mailer = _mailer(mail)
        return _deliver(url, mailer, json=json) if retry is None else _retry(retry, url, mailer, json=json)

    return exit_code(call, json=json)


def _mailer(url: str | None) -> Mailer:
    if url is None:
        make_data_folder()
        url = mail_url()
    if url is None:
        raise CallError("nothing is named that takes the mail", "name it: --mail URL")
    return announced(url, open_now=True)


def _deliver(url: str | None, mailer: Mailer, *, json: bool) -> int:
    async def deliver(users: object) -> Delivery:
        return await _queue(users).deliver()

    done = ask(url, deliver, mailer)
    counts = {"sent": done.sent, "waiting": done.waiting, "refused": done.refused}
    say(as_json(counts) if json else ", ".join(f"{count} {state}" for state, count in counts.items()))
    if done.waiting or done.refused:
        tell("`blockwright users mail` says why not all was taken")
    return OK


def _retry(mail_id: str, url: str | None, mailer: Mailer, *, json: bool) -> int:
    async def retry(users: object) -> QueuedMail:
        queue = _queue(users)
        await queue.retry_mail(mail_id)
        tried = next((each for each in await queue.list_mails() if each.mail_id == mail_id), None)
        if tried is None:
            raise Failure(UNAVAILABLE, "The mail was tried, and nobody knows any more what came of it.")
        return tried

    mail = ask(url, retry, mailer)
    say(as_json(mail.to_dict()) if json else f"{mail.state}{_how_it_goes(mail)}")
    return OK if mail.state is MailState.SENT else FAILED
