"""Sets of characters: categories, blocks, the letters that differ only by case, and sums and differences of sets."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import TypeAlias

from blockwright.expressions.patterns.blocks import BLOCKS

Test: TypeAlias = Callable[[str], bool]
"""Whether a character belongs to a set."""


def one(sign: str, any_case: bool) -> Test:
    """One character, or, where case does not count, its other forms too."""
    if any_case and len(variants(sign)) > 1:
        return variants(sign).__contains__
    return sign.__eq__


def span(first: str, last: str, any_case: bool) -> Test:
    """All characters from one to another."""
    if any_case:
        return lambda sign: any(first <= other <= last for other in variants(sign))
    return lambda sign: first <= sign <= last


def category(name: str) -> Test | None:
    """A Unicode category such as ``L`` or ``Lu``, or a block such as ``IsBasicLatin``; None where there is none."""
    if name in _CATEGORIES:
        if len(name) == 1:
            return lambda sign: unicodedata.category(sign)[0] == name
        return lambda sign: unicodedata.category(sign) == name
    if name.startswith("Is") and name[2:] in BLOCKS:
        first, last = BLOCKS[name[2:]]
        return lambda sign: first <= ord(sign) <= last
    return None


def inverse(test: Test) -> Test:
    """All other characters."""
    return lambda sign: not test(sign)


def any_of(tests: list[Test]) -> Test:
    """The characters of all the sets together."""
    if len(tests) == 1:
        return tests[0]
    return lambda sign: any(test(sign) for test in tests)


def without(test: Test, other: Test) -> Test:
    """The characters of the first set that are not in the second."""
    return lambda sign: test(sign) and not other(sign)


def variants(sign: str) -> frozenset[str]:
    """The characters that differ from this one only by case, and itself."""
    found = {sign, *_LOOKALIKES.get(sign, "")}
    for form in (sign.lower(), sign.upper(), sign.lower().upper(), sign.upper().lower()):
        if len(form) == 1:
            found |= {form, *_LOOKALIKES.get(form, "")}
    return frozenset(found)


def is_space(sign: str) -> bool:
    return sign in " \t\n\r"


def is_digit(sign: str) -> bool:
    return unicodedata.category(sign) == "Nd"


def is_word(sign: str) -> bool:
    return unicodedata.category(sign)[0] not in "PZC"


def is_name_start(sign: str) -> bool:
    return sign in "_:" or unicodedata.category(sign)[0] == "L"


def is_name_part(sign: str) -> bool:
    return sign in ".-_:\u00b7" or unicodedata.category(sign)[0] in "LMN"


MULTIPLE: dict[str, Test] = {
    "s": is_space,
    "S": inverse(is_space),
    "d": is_digit,
    "D": inverse(is_digit),
    "w": is_word,
    "W": inverse(is_word),
    "i": is_name_start,
    "I": inverse(is_name_start),
    "c": is_name_part,
    "C": inverse(is_name_part),
}
"""What a backslash and a letter stand for."""

_LOOKALIKES = {
    "k": "\u212a",
    "K": "\u212a",
    "å": "\u212b",
    "Å": "\u212b",
    "ω": "\u2126",
    "Ω": "\u2126",
    "s": "\u017f",
    "S": "\u017f",
    "μ": "\u00b5",
    "Μ": "\u00b5",
    "σ": "\u03c2",
    "Σ": "\u03c2",
}
"""Characters whose capital or small form is another's, from the side that does not know of it."""

_PARTS = {"L": "ultmo", "M": "nce", "N": "dlo", "P": "cdseifo", "Z": "slp", "S": "mcko", "C": "cfon"}

_CATEGORIES = frozenset(_PARTS) | {whole + part for whole, parts in _PARTS.items() for part in parts}
