"""Ready-to-paste text for mends."""

from __future__ import annotations

import json

LONGEST = 80
"""A longer text is not printed whole in a mend."""


def quoted(text: str) -> str:
    """The text as YAML that means just this text, in the quotes that need the fewest escapes."""
    if '"' not in text and "\\" not in text and text.isprintable():
        return f'"{text}"'
    if "'" not in text and text.isprintable():
        return f"'{text}'"
    return json.dumps(text, ensure_ascii=False)


def quote_it(text: str) -> str:
    """The mend "quote the text", with the text ready to paste unless it is long."""
    return f"quote the text: {quoted(text)}" if len(text) <= LONGEST else "put the whole text in quotes"


def cut(text: str, longest: int = 40) -> str:
    """The text for a message, cut where it is long."""
    return text if len(text) <= longest else text[: longest - 1] + "…"
