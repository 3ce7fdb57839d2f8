"""Identities and email addresses: what names an account, and when two spellings name the same one."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

LONGEST = 254
"""The longest email address that mail servers carry, in characters (RFC 5321 and its erratum 1690)."""
LONGEST_LOCAL = 64
"""The longest part before the ``@``, in bytes of UTF-8 (RFC 5321, 4.5.3.1.1)."""


class BadAddress(ValueError):
    """A text is not an email address; the message says why, as the end of "the address …"."""


@dataclass(frozen=True, slots=True)
class Address:
    """An email address. ``domain`` is lower-case ASCII, as DNS and mail servers spell it."""

    local: str
    domain: str

    @property
    def key(self) -> str:
        """What two spellings of one account's address have in common: case and Unicode's twin forms do not count."""
        return f"{_fold(self.local)}@{self.domain}"

    def __str__(self) -> str:
        return f"{self.local}@{self.domain}"


@lru_cache(maxsize=1024)
def parse_address(text: str) -> Address:
    """Read a plain address such as ``alice@yourmail.com``; raises BadAddress. Nothing but an address is accepted."""
    if len(text) > LONGEST:
        raise BadAddress(f"is longer than {LONGEST} characters")
    if not text.isprintable() or " " in text:
        raise BadAddress("contains a space or an invisible character")
    local, at, domain = text.rpartition("@")
    if not (local and at and domain):
        raise BadAddress("needs one @ between a name and a domain")
    address = Address(unicodedata.normalize("NFC", local), _ascii_domain(domain))
    if len(address.local.encode()) > LONGEST_LOCAL:
        raise BadAddress(f"has more than {LONGEST_LOCAL} letters before the @")
    for form in (address.local, _fold(address.local)):
        if not _LOCAL.fullmatch(form) or not form.isprintable():
            raise BadAddress("has something before the @ that does not belong there")
    if len(str(address)) > LONGEST:
        raise BadAddress(f"is longer than {LONGEST} characters")
    return address


_ATOM = r"(?:[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]|[^\x00-\x7f\s])+"
_LOCAL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"(?:{_LABEL}\.)+(?![0-9]+$){_LABEL}")
_AMBIGUOUS = frozenset("ßẞς")
"""Letters that older and newer rules for domains turn into different domains (UTS 46, deviations)."""


def _ascii_domain(domain: str) -> str:
    if _AMBIGUOUS & set(unicodedata.normalize("NFKC", domain)):
        raise BadAddress("has a letter in its domain that mail servers read in two ways; write the domain's xn-- form")
    try:
        plain = domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        plain = ""
    if not _DOMAIN.fullmatch(plain):
        raise BadAddress("has no proper domain after the @, such as example.com")
    return plain


def _fold(text: str) -> str:
    """Unicode's compatibility case folding (UAX 15, 31), repeated until nothing changes any more."""
    for _ in range(4):
        folded = unicodedata.normalize("NFKC", text).casefold()
        if folded == text:
            break
        text = folded
    return text


def kind_of(value: object) -> str:
    """What kind of value this is, as a message may say it: "a list"."""
    if value is None:
        return "missing"
    if isinstance(value, bool):
        return "a yes or no"
    return "a list" if isinstance(value, list | tuple) else "an object" if isinstance(value, dict) else "something else"


SHOWN = 80
"""How many characters of a value that came from outside a message shows."""


def shown(value: object, longest: int = SHOWN) -> str:
    """A value from outside as a message may show it: cut, and with invisible characters escaped."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int) and value.bit_length() > 4 * SHOWN:
        return "a very long number"
    text = str(value) if isinstance(value, str | int | Decimal) else kind_of(value)
    cut = text if len(text) <= longest else text[: longest - 1] + "…"
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in cut) or '""'


def shown_path(path: Path) -> str:
    """A path as a message may show it."""
    return shown(str(path), longest=500)
