"""Tests are chosen by words of their names, as with pytest's ``-k``."""

from __future__ import annotations

import pytest

from blockwright.testing.choosing import BadChoice, chooser

NAMES = ("mails a new user", "mails nobody", "says sorry", "Says nothing (to nobody)")


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        ("mails", {0, 1}),
        ("MAILS", {0, 1}),
        ("mails a", {0}),
        ("a mails", set()),
        ("not mails", {2, 3}),
        ("not not mails", {0, 1}),
        ("mails and nobody", {1}),
        ("mails or nobody", {0, 1, 3}),
        ("not mails and nobody", {3}),
        ("not (mails and nobody)", {0, 2, 3}),
        ("mails and (user or sorry) or nothing", {0, 3}),
        ("sorry or mails and nobody", {1, 2}),
    ],
)
def test_words_choose_tests(text: str, chosen: set[int]) -> None:
    choice = chooser(text)

    assert {number for number, name in enumerate(NAMES) if choice(name)} == chosen


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "a word is missing in ``"),
        ("mails and", "a word is missing in `mails and`"),
        ("or mails", "a word is missing in `or mails`"),
        ("(mails", "a bracket of `(mails` is never closed"),
        ("mails)", "`)` has no place in `mails)`"),
        ("mails not nobody", "`not` has no place in `mails not nobody`"),
        ("()", "a word is missing in `()`"),
    ],
)
def test_what_cannot_be_read_chooses_nothing(text: str, message: str) -> None:
    with pytest.raises(BadChoice) as caught:
        chooser(text)

    assert str(caught.value) == message


def test_no_number_of_brackets_is_too_many() -> None:
    with pytest.raises(BadChoice) as caught:
        chooser("(" * 100_000)

    assert str(caught.value) == "there are too many brackets"
