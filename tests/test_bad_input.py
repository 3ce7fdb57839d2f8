"""Bad input gets a clear error and loses nothing: what an application sees of issue after issue in a flow file."""

from __future__ import annotations

import textwrap
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from blockwright import Failure, FlowError, Limits, Runtime
from blockwright.language.diagnostics import Finding, Span
from tests.language.checking import BLOCKS

RUNTIME = Runtime(blocks=BLOCKS)
GOOD = """\
flow: resend to everyone
about: Mails all that are pending.

inputs:
  people: list of text
  limit: {type: number, default: 10}

steps:
  - set: {not sent: [], count: 0}
  - for each: person
    in: = people
    do:
      - ask:
          question: Did ${person} confirm?
        save as: answer
        if it fails:
          3102: ignore
          3104, not now:
            - set: {not sent: '= append(not sent, person)'}
            - next round
      - if: = answer = "yes"
        then:
          - greet: {name: = person}
        else:
          - log: |
              ${person} did not confirm
              and said "${answer}"
      - set: {count: = count + 1}
      - if: = count >= limit
        then: [stop loop]
  - try:
      - add up: {numbers: [1, 2, = count]}
    always:
      - tell: {message: done}
  - return: {count: = count, not sent: = not sent}

functions:
  greet:
    inputs: {name: text}
    steps:
      - tell: {message: 'hello ${name}'}
"""


def check(path: Path) -> Finding:
    """The one finding of a file."""
    with pytest.raises(FlowError) as caught:
        RUNTIME.load(path)
    with pytest.raises(FlowError) as again:
        RUNTIME.check(path)
    assert str(again.value) == str(caught.value)
    (found,) = caught.value.findings
    return found


def check_text(text: str) -> Finding:
    """The one finding of a text."""
    with pytest.raises(FlowError) as caught:
        RUNTIME.load_text(text)
    (found,) = caught.value.findings
    return found


def test_the_flow_that_is_broken_below_is_good() -> None:
    assert RUNTIME.load_text(GOOD).warnings == ()
    assert RUNTIME.load_text(GOOD).run({"people": ["a", "b"]}, log=lambda *_: None) == {"count": 2, "not sent": []}


def test_a_file_that_is_not_utf_8(tmp_path: Path) -> None:
    path = tmp_path / "latin.yaml"
    path.write_bytes(b"flow: a\nsteps:\n  - log: caf\xe9\n")
    found = check(path)

    assert "UTF-8" in found.message
    assert found.span[:2] == (3, 13)
    assert path.read_bytes() == b"flow: a\nsteps:\n  - log: caf\xe9\n", "the file is as it was"


def test_a_file_saved_as_utf_16(tmp_path: Path) -> None:
    path = tmp_path / "wide.yaml"
    path.write_text(GOOD, "utf-16")

    assert "UTF-16" in check(path).message


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing here\n", "\ufeff"])
def test_an_empty_file(tmp_path: Path, text: str) -> None:
    path = tmp_path / "empty.yaml"
    path.write_text(text, "utf-8")

    assert check(path).message == "this file is empty"


def test_a_missing_file(tmp_path: Path) -> None:
    assert check(tmp_path / "no.yaml").message == "there is no such file"


def test_a_directory(tmp_path: Path) -> None:
    assert check(tmp_path).message == "this is a folder, not a file"


def test_a_list_instead_of_a_flow() -> None:
    assert (
        check_text("- log: a\n- log: b\n").message == "this file is a list, and a flow begins with `flow:` and its name"
    )


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? "])
def test_ten_megabytes_of_nesting(tmp_path: Path, opening: str) -> None:
    path = tmp_path / "deep.yaml"
    path.write_text(opening * (10_000_000 // len(opening)), "utf-8")
    start = time.perf_counter()

    assert check(path).message == "this file is larger than 5 MB"
    assert time.perf_counter() - start < 5


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "steps:\n- if: = true\n  then: [", "- try: ["])
def test_nesting_up_to_the_largest_file(opening: str) -> None:
    start = time.perf_counter()
    with pytest.raises(FlowError):
        RUNTIME.load_text("flow: a\nsteps: " + opening * (4_000_000 // len(opening)))

    assert time.perf_counter() - start < 10


def test_an_alias_bomb() -> None:
    lines = ["flow: a", "about: &a [a, a, a, a, a, a, a, a, a]"]
    lines += [f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]" for old, new in zip("abcdefg", "bcdefgh", strict=True)]
    with pytest.raises(FlowError) as caught:
        RUNTIME.load_text("\n".join(lines))

    assert {"yaml-anchor", "yaml-alias"} <= {each.rule for each in caught.value.findings}


def test_tabs() -> None:
    found = check_text("flow: a\nsteps:\n\t- log: a\n")

    assert (found.message, found.span[:2]) == ("this line is indented with a tab", (3, 1))


def test_duplicate_keys() -> None:
    found = check_text("flow: a\nsteps:\n  - ask:\n      question: a\n      question: b\n")

    assert (found.rule, found.span[:2]) == ("duplicate-key", (5, 7))


@pytest.mark.parametrize(
    ("key", "place"),
    [
        ("colour: red\n", "flow: a\n"),
        ("    colour: red\n", "    in: = people\n"),
        ("        colour: red\n", "        save as: answer\n"),
        ("          colour: red\n", "          question: Did ${person} confirm?\n"),
        ("        colour: red\n", "      - if: = answer = \"yes\"\n"),
        ("    colour: red\n", "    inputs: {name: text}\n"),
    ],
    ids=["the flow", "a loop", "a block", "its inputs", "if", "a function"],
)  # fmt: skip
def test_an_unknown_key_at_every_level(key: str, place: str) -> None:
    before, after = GOOD.split(place, 1) if place in GOOD else ("", "")
    text = before + place + key + after if before else key + GOOD
    found = check_text(text)

    assert "`colour`" in found.message
    assert (found.source_line or "").strip() == "colour: red"


def test_inputs_one_level_short() -> None:
    found = check_text("flow: a\nsteps:\n  - ask:\n    question: a\n")

    assert found.message == "`question` stands beside `ask`, so it is no input of it"


@pytest.mark.parametrize(
    ("value", "column"), [("= 1 +", 14), ("=", 11), ("${", 10), ("a ${", 12), ("${}", 10), ("= (1", 12)]
)
def test_an_expression_that_ends_too_soon(value: str, column: int) -> None:
    assert check_text(f"flow: a\nsteps:\n  - log: {value}\n").span[:2] == (3, column)


FOREVER = "flow: forever\ninputs: {n: number}\nsteps:\n  - forever: {n: = n + 1}\n"
ENDLESS = "flow: endless\nsteps:\n  - while: true\n    do: [log: again]\n"


@pytest.mark.parametrize("watched", [False, True], ids=["compiled", "watched"])
def test_a_flow_that_calls_itself_forever(watched: bool) -> None:
    with pytest.raises(Failure) as caught:
        RUNTIME.load_text(FOREVER).run({"n": 1}, watch=(lambda _: None) if watched else None)

    assert (caught.value.code, str(caught.value.place)) == ("too deep", "flow.yaml:4:5")


@pytest.mark.parametrize("watched", [False, True], ids=["compiled", "watched"])
def test_an_endless_loop(watched: bool) -> None:
    runtime = Runtime(blocks=BLOCKS, limits=Limits(steps=1000), log=lambda *_: None)
    with pytest.raises(Failure) as caught:
        runtime.load_text(ENDLESS).run(watch=(lambda _: None) if watched else None)

    assert (caught.value.code, str(caught.value.place)) == ("too many steps", "flow.yaml:3:5")


def findings_of(text: str) -> tuple[Finding, ...]:
    """What is found in a text; no other error comes out of loading."""
    try:
        return RUNTIME.load_text(text).warnings
    except FlowError as error:
        return error.findings


def load(text: str) -> None:
    """Load a text: a flow, or findings that stand inside the text; never anything else, and never slowly."""
    start = time.perf_counter()
    found = findings_of(text)

    assert time.perf_counter() - start < 5, "slow"
    assert str(FlowError(found)) or not found
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    outside = [each for each in found if each.file != "flow.yaml" or not stands_inside(each.span, lines)]
    assert outside == []


def stands_inside(span: Span, lines: list[str]) -> bool:
    """Whether a span is a stretch of a text; its end may be just behind the last character of a line."""
    if not (1 <= span.line <= span.end_line <= len(lines)) or span.column < 1:
        return False
    if span.column > len(lines[span.line - 1]) + 2 or span.end_column > len(lines[span.end_line - 1]) + 2:
        return False
    return (span.line, span.column) <= (span.end_line, span.end_column)


slowly = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@slowly
@given(st.text(max_size=200))
@example("flow: a\nsteps:\n- ? b\n")
def test_any_text_is_a_flow_or_has_findings(text: str) -> None:
    load(text)


WORDS = """\
flow: a|steps:|- |  |if: = |then:|do:|[|]|{|}|: |= |${|}|a|'|"|1|ask|question|set: |for each: |in: |if it fails:
anything else: |ignore|>|# |&|*|inputs:|functions:|tests:|always:|try:|return: |fail: |code: |and |not |(|)|,|é
+|stop loop|skip: true|save as: |failure|\t"""
PIECES = st.sampled_from(["\n", "|\n", *WORDS.replace("\n", "|").split("|")]).map(
    lambda word: word + "\n" if word.endswith(":") else word
)


@slowly
@given(st.lists(PIECES, max_size=60).map("".join))
def test_any_pieces_of_a_flow_are_a_flow_or_have_findings(text: str) -> None:
    load("flow: a\nsteps:\n  - " + text)


MUTATIONS = ("delete", "double", "swap", "indent", "outdent", "join", "cut", "replace", "insert")


@slowly
@given(
    st.lists(
        st.tuples(st.sampled_from(MUTATIONS), st.integers(0, 10_000), st.integers(0, 10_000), PIECES),
        min_size=1,
        max_size=4,
    )
)
def test_a_good_flow_that_was_changed_somewhere_is_a_flow_or_has_findings(
    changes: list[tuple[str, int, int, str]],
) -> None:
    text = GOOD
    for change, first, second, piece in changes:
        text = changed(text, change, first, second, piece)
    load(text)


def changed(text: str, change: str, first: int, second: int, piece: str) -> str:
    """The text with one change, whose places are given by two numbers."""
    lines = text.split("\n")
    one, other = first % len(lines), second % len(lines)
    match change:
        case "delete":
            del lines[one]
        case "double":
            lines.insert(other, lines[one])
        case "swap":
            lines[one], lines[other] = lines[other], lines[one]
        case "indent":
            lines[one] = "  " + lines[one]
        case "outdent":
            lines[one] = lines[one].removeprefix("  ")
        case "join":
            lines[one : one + 2] = [" ".join(lines[one : one + 2])]
        case _:
            at = first % (len(text) + 1)
            end = at + (0 if change == "insert" else second % 12)
            return text[:at] + ("" if change == "cut" else piece) + text[end:]
    return "\n".join(lines)


@pytest.mark.parametrize(
    "hostile",
    [
        "\n".join(f"  - set: {{n{number}: {number}}}" for number in range(10_000)),
        "\n".join(f"  - unknown block {number}" for number in range(10_000)),
        "\n".join(f"  - log: = unknown name {number}" for number in range(10_000)),
        "\n".join(f"  - set: {{m{number}: = n{number}}}" for number in range(4_000)),
        "  - log: " + "${a}" * 30_000,
        "  - log: '" + "${ {" * 30_000 + "'",
        "  - log: = " + "1 + " * 20_000 + "1",
        "  - log: = " + "(" * 50_000,
        "  - log: [" + ", ".join(["= a"] * 20_000) + "]",
        "  - set: {" + ", ".join(f"a{number}: = a{number + 1}" for number in range(4_000)) + "}",
        "  - choose:\n" + "\n".join(f"      - {{when: = a = {number}, do: []}}" for number in range(10_000)),
        "  - ask: {question: a}\n    if it fails:\n" + "\n".join(f"      {number}: ignore" for number in range(10_000)),
    ],
    ids=[
        *("names", "blocks", "unknown", "waiting", "pieces", "braces"),
        *("sum", "brackets", "list", "chain", "cases", "handlers"),
    ],
)
def test_much_of_something_is_not_slow(hostile: str) -> None:
    start = time.perf_counter()
    found = findings_of(f"flow: much\ninputs: {{a: number}}\nsteps:\n{hostile}\n")

    assert len(found) <= 101
    assert time.perf_counter() - start < 20, textwrap.shorten(hostile, 60)
