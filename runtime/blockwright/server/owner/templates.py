"""``/owner/templates``: the words of mails."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends
from starlette.responses import Response

from blockwright.server.answers import answer
from blockwright.server.documents import TEXT, list_of, schema
from blockwright.server.owner.bodies import Taken, body_of, for_owners
from blockwright.server.owner.door import Users, owners_router
from blockwright.services.records import Template

router = owners_router("templates")

_TEMPLATE = schema("The words of one kind of mail, as Jinja2 source", name=TEXT, subject=TEXT, text=TEXT, html=TEXT)


class TemplateChange(Taken):
    """The parts of a template to be replaced."""

    subject: str | None = None
    text: str | None = None
    html: str | None = None


@router.get("", **for_owners(list_of(_TEMPLATE)))
async def list_templates(users: Users) -> Response:
    """The template of each kind of mail."""
    return answer([_record(template) for template in await users.list_templates()])


@router.patch("/{name}", **for_owners(_TEMPLATE, takes=TemplateChange))
async def change(
    users: Users, name: str, parts: Annotated[TemplateChange, Depends(body_of(TemplateChange))]
) -> Response:
    """Replace parts of a template."""
    changed = await users.change_template(name, subject=parts.subject, text=parts.text, html=parts.html)
    return answer(_record(changed))


@router.delete("/{name}", **for_owners(_TEMPLATE))
async def reset(users: Users, name: str) -> Response:
    """Go back to the template that comes with Blockwright."""
    return answer(_record(await users.reset_template(name)))


def _record(template: Template) -> dict[str, object]:
    return {"name": template.name, "subject": template.subject, "text": template.text, "html": template.html}
