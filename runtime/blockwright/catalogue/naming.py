"""What counts as a name of a block, an input, a variable or a flow."""

from __future__ import annotations

import keyword
import re

_NAME = re.compile(r"[^\W\d_][\w'-]*(?: [\w'-]+)*")
MAX_NAME = 200


def is_name(text: str) -> bool:
    """Whether ``text`` is words with single spaces between; letters, digits, ``-``, ``_`` and ``'``, first a letter."""
    return len(text) <= MAX_NAME and _NAME.fullmatch(text) is not None


def python_name(name: str) -> str:
    """The Python identifier that stands for a name in generated code; two names of one flow must not share it."""
    identifier = re.sub(r"[ '-]", "_", name)
    return identifier + "_" if keyword.iskeyword(identifier) else identifier
