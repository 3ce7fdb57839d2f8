"""Addresses and identities: any text is either a plain address or refused, and is never shown raw."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blockwright.failure import Failure
from blockwright.services.addresses import LONGEST, Address, BadAddress, parse_address, shown
from blockwright.services.backends.memory import MemoryTables
from blockwright.services.backends.stored.identity import identity_key
from blockwright.services.settings import Settings

NEAR_ADDRESSES = st.one_of(
    st.text(),
    st.emails(),
    st.builds(lambda local, domain: f"{local}@{domain}", st.text(min_size=1), st.text(min_size=1)),
    st.builds(lambda local, domain: f"{local}@{domain}.com", st.text(min_size=1, max_size=20), st.text(max_size=20)),
    st.builds(lambda local: f"{local}@example.com", st.text(min_size=1, max_size=70)),
)


def parsed(text: str) -> Address | None:
    try:
        return parse_address(text)
    except BadAddress:
        return None


@given(NEAR_ADDRESSES)
def test_what_is_read_as_an_address_stays_the_same_address_when_read_again(text: str) -> None:
    address = parsed(text)
    if address is not None:
        assert parse_address(str(address)) == address
        assert parse_address(address.key).key == address.key


@given(NEAR_ADDRESSES)
def test_an_address_is_visible_text_with_an_ascii_domain_of_bounded_length(text: str) -> None:
    address = parsed(text)
    if address is not None:
        assert str(address).isprintable()
        assert " " not in str(address)
        assert "@" not in address.local
        assert address.domain.isascii()
        assert address.domain == address.domain.lower()
        assert len(str(address)) <= LONGEST


@given(st.text(alphabet=st.characters(codec="ascii", categories=["L", "N"]), min_size=1, max_size=30))
def test_case_never_makes_another_account(local: str) -> None:
    keys = {parse_address(f"{form}@Example.com").key for form in (local, local.upper(), local.lower(), local.title())}

    assert keys == {f"{local.lower()}@example.com"}


@pytest.mark.parametrize(
    "text", ["alice@example.com", "o'brien+x@example.co.uk", "a/b@example.com", "=?@example.com", "josé@example.com"]
)
def test_ordinary_and_odd_addresses_are_kept_as_they_were_typed(text: str) -> None:
    assert str(parse_address(text)) == text


def test_a_domain_is_kept_as_mail_servers_spell_it() -> None:
    assert str(parse_address("Alice@MÜNCHEN.de")) == "Alice@xn--mnchen-3ya.de"


@given(st.one_of(st.none(), st.booleans(), st.lists(st.text()), st.dictionaries(st.text(), st.text()), st.binary()))
def test_what_is_neither_text_nor_a_number_is_a_bad_value(value: object) -> None:
    with pytest.raises(Failure) as caught:
        identity_key(MemoryTables(), Settings(), value)
    assert caught.value.code == "bad value"


@given(st.one_of(st.text(), st.integers(), st.decimals()))
def test_every_text_and_number_has_a_key_or_names_nobody(identity: object) -> None:
    key = identity_key(MemoryTables(), Settings(), identity)
    assert key is None or parse_address(key).key == key


@given(st.one_of(st.text(), st.text(max_size=3), st.integers(), st.decimals(), st.none(), st.lists(st.text())))
def test_anything_is_shown_as_short_visible_text(value: object) -> None:
    text = shown(value)

    assert text.isprintable()
    assert 0 < len(text) <= 10 * 80


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("alice@example.com", "alice@example.com"),
        ("a\r\nb\x1b[31m", "a\\r\\nb\\x1b[31m"),
        ("\u202egnp.exe", "\\u202egnp.exe"),
        ("", '""'),
        ("x" * 81, "x" * 79 + "…"),
        (42, "42"),
        (10**5000, "a very long number"),
        (Decimal("1E+999999"), "1E+999999"),
        (None, "missing"),
        (True, "true"),
    ],
    ids=range(10),
)
def test_a_value_is_shown_cut_and_escaped(value: object, text: str) -> None:
    assert shown(value) == text
