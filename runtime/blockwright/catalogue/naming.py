"""What counts as a name of a block, an input, a variable or a flow."""

from __future__ import annotations

import keyword
import re
import unicodedata

_NAME = re.compile(r"[^\W\d_][\w'-]*(?: [\w'-]+)*")
MAX_NAME = 200


def is_name(text: str) -> bool:
    """Whether ``text`` is words with single spaces between; letters, digits, ``-``, ``_`` and ``'``, first a letter.

    Letters may have marks, unless there is one character for both: names that look the same are the same.
    """
    if len(text) > MAX_NAME:
        return False
    if _NAME.fullmatch(text):
        return True
    return (
        _NAME.fullmatch("".join("a" if _is_mark(each) else each for each in text)) is not None
        and not any(_is_mark(word[0]) for word in text.split(" "))
        and unicodedata.is_normalized("NFC", text)
    )


def _is_mark(character: str) -> bool:
    return "\u0300" <= character < "\u2000" and unicodedata.category(character) in ("Mn", "Mc")


def python_name(name: str) -> str:
    """The Python identifier that stands for a name in generated code; two names of one flow must not share it."""
    identifier = re.sub(r"[ '-]", "_", name)
    return identifier + "_" if keyword.iskeyword(identifier) else identifier
