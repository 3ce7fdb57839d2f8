"""Did you mean …?"""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blockwright.language.suggest import LONGEST, did_you_mean

BLOCKS = ["resend confirmation email", "register user", "log out current user", "log", "set", "return", "for each"]


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("retrun", "return"),
        ("Return", "return"),
        ("returns", "return"),
        ("for_each", "for each"),
        ("foreach", "for each"),
        ("resend confirmation e-mail", "resend confirmation email"),
        ("resend email", "resend confirmation email"),
        ("RESEND CONFIRMATION  EMAIL", "resend confirmation email"),
        ("register usr", "register user"),
        ("sett", "set"),
    ],
)
def test_the_nearest_name_is_meant(word: str, meant: str) -> None:
    assert did_you_mean(word, BLOCKS) == meant


@pytest.mark.parametrize("word", ["send a telegram", "x", "", "   ", "user", "z" * 50])
def test_nothing_is_suggested_when_nothing_is_near(word: str) -> None:
    assert did_you_mean(word, BLOCKS) is None


def test_a_swapped_digit_in_a_code_is_found() -> None:
    assert did_you_mean("3120", ["3102", "3103", "3104"]) == "3102"


def test_case_comes_before_nearness() -> None:
    assert did_you_mean("USER", ["users", "user"]) == "user"


def test_a_word_is_never_suggested_for_itself() -> None:
    assert did_you_mean("set", ["set"]) is None


def test_several_names_with_all_the_words_give_no_guess() -> None:
    assert did_you_mean("confirmation", ["resend confirmation email", "require confirmation by email"]) is None


def test_a_huge_word_costs_nothing() -> None:
    start = time.process_time()
    assert did_you_mean("x" * 1_000_000, ["y" * 1_000_000, *BLOCKS]) is None
    assert did_you_mean("x" * LONGEST, [f"{'y' * LONGEST}{number}" for number in range(10_000)]) is None
    assert time.process_time() - start < 1


@given(st.text(min_size=5, max_size=20, alphabet="abcdefgh"), st.data())
def test_one_mistyped_letter_is_always_forgiven(word: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(word) - 1))
    typed = word[:place] + "x" + word[place + 1 :]
    assert did_you_mean(typed, [word]) == word


@given(st.text(max_size=30), st.lists(st.text(max_size=30), max_size=5))
def test_a_suggestion_is_one_of_the_candidates(word: str, candidates: list[str]) -> None:
    assert did_you_mean(word, candidates) in {None, *candidates} - ({word} if word else set())
