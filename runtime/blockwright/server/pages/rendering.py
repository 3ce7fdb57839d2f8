"""Pages as HTML: without scripts, and without anything from elsewhere."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from hashlib import sha256
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import Response

from blockwright.server.pages.words import Words

_FOLDER = Path(__file__).with_name("templates")


def page(
    words: Words, app: str, *, template: str = "page.html", token: str = "", problem: str | None = None
) -> Response:
    """A page of this template. ``problem`` is said first, and makes it a page of something that went wrong."""
    sentences = words.sentences if problem is None else (problem, *words.sentences)
    html = (
        _templates()
        .get_template(template)
        .render(app=app, title=words.title, sentences=sentences, problem=problem, token=token, style=_style())
    )
    status = words.status if problem is None else 400
    return Response(html, status, headers=_headers(), media_type="text/html")


def elsewhere(address: str) -> Response:
    """Sends the browser on to a page whose address holds no secret."""
    return Response(b"", 303, headers={**_headers(), "location": address})


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        auto_reload=False,
    )


@cache
def _style() -> Markup:
    return Markup(_FOLDER.joinpath("page.css").read_text(encoding="utf-8").strip())


@cache
def _headers() -> dict[str, str]:
    """Nothing but our own style may be used, and only our own forms may be sent; nobody may frame the page."""
    style = b64encode(sha256(str(_style()).encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{style}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )
    return {
        "content-security-policy": policy,
        "referrer-policy": "no-referrer",
        "x-frame-options": "DENY",
        "x-robots-tag": "noindex, nofollow",
    }
