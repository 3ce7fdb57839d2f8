"""Patterns: XPath's flags, classes and groups, and time that grows no faster than the text."""

import re

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from blockwright.expressions.patterns import compile_pattern
from blockwright.expressions.values import Value
from blockwright.failure import Failure
from tests.expressions.kit import builtin, complaint, standard


@pytest.mark.parametrize(
    ("text", "pattern", "flags", "found"),
    [
        ("foobar", "^fo*b", "", True),
        ("foobar", "^oo", "", False),
        ("abracadabra", "bra", None, True),
        ("\nabcd\ndefg\n", "^$", "m", True),
        ("a\nb", "^b$", "", False),
        ("a\nb", "^b$", "m", True),
        ("a\n", "a$", "", False),
        ("a\n", "^$", "m", False),
        ("Mary\rJones", "Mary.Jones", "", False),
        ("Mary\nJones", "Mary.Jones", "s", True),
        ("\u212a", "k", "i", True),
        ("k", "\u212a", "i", True),
        ("ABC", "[a-c]+", "i", True),
        ("X", "[A-Z-[OI]]", "i", True),
        ("o", "[A-Z-[OI]]", "i", False),
        ("hello world", " hello[ ]world", "x", True),
        ("hello world", r"\p{ IsBasicLatin}+", "x", True),
        ("é", r"\p{IsBasicLatin}", "", False),
        ("É", r"^\p{Lu}$", "", True),
        ("é", r"^\P{Lu}$", "", True),
        ("٣", r"^\d$", "", True),
        ("a_b", r"^\w+$", "", False),
        ("x:y.z-1", r"^\i\c*$", "", True),
        ("a-b", "[a-]-b", "", True),
        ("]^-", r"^[\]\^\-]+$", "", True),
        ("abab", r"^(ab)\1$", "", True),
        ("abAB", r"^(ab)\1$", "i", True),
        ("aaa11", r"^(a)(a)(a)1\11?$", "", False),
        ("", "", "", True),
        ("aaa", "^a{3}$", "", True),
        ("aaaa", "^a{1,3}$", "", False),
        ("aaaa", "^a{2,}$", "", True),
        ("xay", "(?:a|b)y", "", True),
    ],
)
def test_a_pattern_is_found_in_a_text_or_not(text: str, pattern: str, flags: Value, found: bool) -> None:
    assert builtin("matches", text, pattern, flags) is found


@pytest.mark.parametrize(
    ("pattern", "problem"),
    [
        ("(a", 'has a "(" without a ")"'),
        ("a)", 'has a ")" too many at character 2'),
        ("*a", 'has a "*" with nothing before it'),
        ("a**", "says twice in a row how often something comes"),
        ("[]", "has an empty class []"),
        ("[a", "ends too early"),
        ("[z-a]", "has a class with a range that does not go from a lower character to a higher one"),
        ("[a[b]]", 'has a "[" inside a class'),
        ("a{2,1}", "asks for at least 2 and at most 1 times"),
        ("a{x}", 'has a "{" without a count'),
        ("a{9999}", "counts further than 1,000"),
        ("(a{1000}){1000}", "is too large once its counts are written out"),
        (r"\b", r"has \b, which means nothing"),
        (r"(.)\2", r"refers back with \2 to a group that is not there, or not closed yet"),
        (r"(a\1)", r"refers back with \1 to a group that is not there, or not closed yet"),
        (r"(a)[\1]", r"has \1, which means nothing"),
        (r"\p{IsNowhere}", r"has a \p without a category such as \p{L} or \p{IsGreek}"),
        (r"\p{ IsBasicLatin}", r"has a \p without a category"),
        ("(" * 60 + ")" * 60, "has more than 50 groups inside one another"),
        ("a" * 10_001, "is longer than 10,000 characters"),
        ("(?=a)", 'has a "?" with nothing before it'),
    ],
)
def test_what_is_no_pattern_is_told_in_words(pattern: str, problem: str) -> None:
    assert problem in complaint("matches", "text", pattern)
    assert standard("matches", "text", pattern) is None


def test_flags_other_than_smix_are_told_in_words() -> None:
    assert 'cannot have the flag "p"; the flags are s, m, i and x' in complaint("matches", "a", "a", "p")


@pytest.mark.parametrize(
    ("text", "pattern", "replacement", "result"),
    [
        ("banana", "a", "o", "bonono"),
        ("abcd", "(ab)|(a)", "[1=$1][2=$2]", "[1=ab][2=]cd"),
        ("abracadabra", "a.*a", "*", "*"),
        ("abracadabra", "a.*?a", "*", "*c*bra"),
        ("abracadabra", "a(.)", "a$1$1", "abbraccaddabbra"),
        ("0123456789", r"(\d{3})(\d{3})(\d{4})", "($1) $2-$3", "(012) 345-6789"),
        ("aab", "(a)+", "[$1]", "[a]b"),
        ("a", "(a)", "$12", "a2"),
        ("a", "(a)", r"\$1\\", r"$1" + "\\"),
        ("aXbX", "[^a-z]", "$0$0", "aXXbXX"),
        ("abcabc", r"(a)bc\1", "<$0>", "<abca>bc"),
        ("a1b22", "[0-9]+", "", "ab"),
    ],
)
def test_every_match_is_replaced(text: str, pattern: str, replacement: str, result: str) -> None:
    assert builtin("replace", text, pattern, replacement) == result


def test_flags_count_in_replacing_too() -> None:
    assert builtin("replace", input="abc", pattern="[A-Z]", replacement="#", flags="i") == "###"
    assert builtin("replace", input="abc", pattern=".^[d-z]*", replacement="#", flags="smix") == "abc"


def test_what_cannot_be_replaced_is_told_in_words() -> None:
    assert "matches the empty text" in complaint("replace", "abc", "x*", "-")
    assert 'has a "$" without the number of a group' in complaint("replace", "abc", "a", "$")
    assert 'has a "\\" that is not followed by' in complaint("replace", "abc", "a", "\\n")


def test_a_text_is_split_at_every_match() -> None:
    assert builtin("split", "John  Doe", r"\s") == ["John", "", "Doe"]
    assert builtin("split", "a;b;c;;", ";") == ["a", "b", "c", "", ""]
    assert builtin("split", "a1b22c", "[0-9]+") == ["a", "b", "c"]
    assert builtin("split", "", ",") == [""]
    assert "matches the empty text" in complaint("split", "abc", "x?")


letters = st.sampled_from(["a", "b", "c", "[ab]", "[^a]", r"\d", "1"])
counts = st.sampled_from(["*", "+", "?", "*?", "+?", "{2}", "{1,2}", "{2,}"])
plain_patterns = st.recursive(
    letters,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]}|{pair[1]})"),
        inner.map(lambda part: f"^{part}"),
        inner.map(lambda part: f"{part}$"),
    ),
    max_leaves=6,
)
patterns = st.tuples(plain_patterns, counts, plain_patterns).map(lambda parts: f"({parts[0]}){parts[1]}{parts[2]}")
short_texts = st.text("aabbc1", max_size=10)


@settings(max_examples=300)
@given(patterns, short_texts)
def test_matches_and_groups_are_those_of_pythons_re_where_the_two_mean_the_same(pattern: str, text: str) -> None:
    theirs = re.compile(pattern.replace("$", r"\Z"))
    ours = compile_pattern(pattern)
    assert ours.found_in(text) is bool(theirs.search(text))
    assume(not theirs.search(""))
    spans = [
        [place for group in range(theirs.groups + 1) for place in found.span(group)] for found in theirs.finditer(text)
    ]
    assert list(ours.matches(text, with_groups=True)) == spans
    assert [found[:2] for found in ours.matches(text)] == [span[:2] for span in spans]


@settings(max_examples=200)
@given(st.text("ab^$|()[]{}*+?.-,\\12pPdsi&\u0130ß", max_size=12), st.text(max_size=6), st.sampled_from(["", "smix"]))
def test_any_text_is_a_pattern_or_a_mistake(pattern: str, text: str, flags: str) -> None:
    assert standard("matches", text, pattern, flags) in (True, False, None)
    assert isinstance(standard("replace", text, pattern, "$0$1", flags), str | None)
    assert isinstance(standard("split", text, pattern), list | None)


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("a" * 100_000, "(a*)*b"),
        ("a" * 100_000 + "!", "^(a|aa)+$"),
        ("x" * 100_000, "(x+x+)+y"),
        ("a" * 5_000, "(a?){500}b"),
        ("ab" * 50_000, "(.*)(.*)(.*)(.*)(.*)c"),
    ],
)
def test_patterns_that_keep_others_busy_for_hours_take_a_moment(text: str, pattern: str) -> None:
    assert builtin("matches", text, pattern) is False


@pytest.mark.parametrize(
    ("text", "pattern"), [("a" * 30_000, "a.*z|a"), ("a" * 500, r"(a*)*(a*)*\1b"), ("ab" * 20_000, r"(a|b)*\1c")]
)
def test_work_that_would_take_too_long_is_stopped(text: str, pattern: str) -> None:
    with pytest.raises(Failure) as caught:
        standard("replace", text, pattern, "-")
    assert caught.value.code == "too big"


def test_a_replaced_text_past_the_cap_is_a_failure() -> None:
    with pytest.raises(Failure) as caught:
        standard("replace", "a" * 10_000, "a", "b" * 1_000)
    assert caught.value.code == "too big"


def test_long_texts_with_many_different_characters_forget_what_they_do_not_need() -> None:
    text = "".join(chr(code) for code in range(0x4E00, 0x9000)) * 4
    assert builtin("matches", text, r"(\p{L}\p{L}?)+!") is False
