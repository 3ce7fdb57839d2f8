"""``/owner/mails``: the queue."""

from __future__ import annotations

from starlette.responses import Response

from blockwright.failure import BAD_VALUE, Failure
from blockwright.server.answers import answer, nothing
from blockwright.server.documents import EMPTY, TEXT, WHOLE, list_of, schema
from blockwright.server.owner.bodies import for_owners
from blockwright.server.owner.door import Users, owners_router
from blockwright.services.records import MailState

router = owners_router("mails")

_MAIL = schema(
    "A mail on its way, without its text",
    mailId=TEXT,
    to=TEXT,
    subject=TEXT,
    state={"enum": [*MailState]},
    created=WHOLE,
    tries=WHOLE,
    nextTry={"type": ["integer", "null"]},
    problem={"type": ["string", "null"]},
)


@router.get("", **for_owners(list_of(_MAIL)))
async def list_mails(users: Users, state: str = "") -> Response:
    """Mails of the last days, the oldest first: all, or those in a state."""
    if state not in ("", *MailState):
        raise Failure(BAD_VALUE, f"There is no such state of a mail; there are {', '.join(MailState)}.")
    mails = await users.list_mails(MailState(state) if state else None)
    return answer([mail.to_dict() for mail in mails])


@router.post("/{mail_id}/retry", **for_owners(EMPTY))
async def retry(users: Users, mail_id: str) -> Response:
    """Try a mail that waits, or was refused, again at once."""
    await users.retry_mail(mail_id)
    return nothing()
