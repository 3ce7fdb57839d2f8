"""Findings as people, editors and other tools see them."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blockwright.failure import Place
from blockwright.language.diagnostics import (
    LINE_WIDTH,
    SHOWN,
    Finding,
    FlowError,
    Span,
    show_place,
    to_json,
    to_sarif,
    to_text,
)

COLON = Finding(
    "flow.yaml",
    Span(1, 19, 1, 20),
    "a second ': ' in one line of text",
    'quote the text: "Dear user: hello"',
    rule="colon-in-text",
    source_line="message: Dear user: hello",
)


def finding(line: str, start: int, end: int, message: str = "something is odd") -> Finding:
    return Finding("flow.yaml", Span(1, start, 1, end), message, rule="odd", source_line=line)


def caret_line(text: str) -> str:
    return next(line for line in text.splitlines() if "^" in line)


def test_a_finding_shows_place_sentence_line_caret_and_mend() -> None:
    assert to_text([COLON]) == (
        "flow.yaml:1:19: a second ': ' in one line of text\n"
        "  |\n"
        "1 | message: Dear user: hello\n"
        "  |                   ^\n"
        '  = hint: quote the text: "Dear user: hello"'
    )


def test_the_gutter_is_as_wide_as_the_line_number() -> None:
    text = to_text([Finding("f", Span(120, 1, 120, 4), "odd", "mend it", source_line="abc")])
    assert text.splitlines()[1:] == ["    |", "120 | abc", "    | ^^^", "    = hint: mend it"]


def test_a_warning_says_that_it_is_one() -> None:
    assert to_text([Finding("f", Span(1, 1, 1, 2), "odd", severity="warning")]) == "f:1:1: warning: odd"


def test_every_character_of_the_span_is_underlined() -> None:
    assert caret_line(to_text([finding("color: red", 8, 11)])) == "  |        ^^^"


def test_a_span_of_several_lines_is_underlined_to_the_end_of_its_first() -> None:
    spread = Finding("f", Span(1, 4, 3, 2), "odd", source_line="a: one two")
    assert caret_line(to_text([spread])) == "  |    ^^^^^^^"


def test_a_mend_of_several_lines_stays_aligned() -> None:
    text = to_text([Finding("f", Span(1, 1, 1, 2), "odd", "write:\nabout: |\n  text")])
    assert text.splitlines()[1:] == ["  = hint: write:", "          about: |", "            text"]


@pytest.mark.parametrize(
    ("line", "start", "under"),
    [
        ("日本: x", 5, "  |       ^"),
        ("e\u0301: x", 5, "  |    ^"),
        ("\ta: x", 5, "  |     ^"),
        ("👍: x", 4, "  |     ^"),
        ("\x1b[2J: x", 7, "  |          ^"),
    ],
    ids=["wide", "combining", "tab", "emoji", "control"],
)
def test_the_caret_stands_under_its_character_as_a_terminal_shows_it(line: str, start: int, under: str) -> None:
    assert caret_line(to_text([finding(line, start, start + 1)])) == under


def test_nothing_an_author_wrote_reaches_the_terminal_as_a_command() -> None:
    nasty = "\x1b]0;owned\x07 \x9b31m \u202e \r"
    shown = to_text([Finding(nasty, Span(1, 1, 1, 2), nasty, nasty, rule="odd", source_line=nasty)])
    assert "\\x1b]0;owned\\x07" in shown
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", shown)


def test_a_message_stays_on_one_line() -> None:
    assert to_text([Finding("f", Span(1, 1, 1, 2), "one\ntwo")]) == "f:1:1: one\\ntwo"


def test_a_long_line_is_cut_around_the_caret() -> None:
    line = "a" * 5_000 + "HERE" + "b" * 5_000
    text = to_text([finding(line, 5_001, 5_005)])
    shown = text.splitlines()[2]
    assert "HERE" in shown
    assert len(shown) < LINE_WIDTH + 10
    assert shown.index("HERE") == caret_line(text).index("^")


def test_twenty_findings_are_shown_and_the_others_counted() -> None:
    text = to_text([COLON] * (SHOWN + 3))
    assert text.count("flow.yaml:1:19") == SHOWN
    assert text.endswith("\n\nand 3 more")


def test_color_adds_nothing_but_color() -> None:
    colored = to_text([COLON], color=True)
    assert colored != to_text([COLON])
    assert re.sub("\x1b\\[[0-9;]*m", "", colored) == to_text([COLON])


def test_a_flow_error_holds_its_findings_in_the_order_of_the_files() -> None:
    def at(file: str, line: int) -> Finding:
        return Finding(file, Span(line, 1, line, 2), "odd")

    error = FlowError([at("b", 9), at("a", 5), at("b", 2), at("a", 1)])
    assert [(found.file, found.span.line) for found in error.findings] == [("b", 2), ("b", 9), ("a", 1), ("a", 5)]
    assert str(error) == to_text(error.findings)


def test_json_has_one_object_for_each_finding() -> None:
    assert json.loads(to_json([COLON])) == [
        {
            "file": "flow.yaml",
            "line": 1,
            "column": 19,
            "endLine": 1,
            "endColumn": 20,
            "severity": "error",
            "rule": "colon-in-text",
            "message": "a second ': ' in one line of text",
            "mend": 'quote the text: "Dear user: hello"',
        }
    ]


def test_sarif_names_rule_place_and_mend() -> None:
    warning = Finding("flows/a b.yaml", Span(2, 3, 4, 5), "odd", severity="warning", rule="a-rule")
    log = json.loads(to_sarif([COLON, warning]))
    (run,) = log["runs"]
    assert log["version"] == "2.1.0"
    assert run["columnKind"] == "unicodeCodePoints"
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["a-rule", "colon-in-text"]
    first, second = run["results"]
    assert first["level"] == "error"
    assert first["message"]["text"].endswith('Hint: quote the text: "Dear user: hello"')
    assert second["ruleIndex"] == 0
    (location,) = second["locations"]
    assert location["physicalLocation"] == {
        "artifactLocation": {"uri": "flows/a%20b.yaml"},
        "region": {"startLine": 2, "startColumn": 3, "endLine": 4, "endColumn": 5},
    }


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("/tmp/a.yaml", "file:///tmp/a.yaml"),
        ("C:\\flows\\a.yaml", "file:///C:/flows/a.yaml"),
        ("a#1.yaml", "a%231.yaml"),
        ("caf\udce9.yaml", "caf%E9.yaml"),
    ],
)
def test_sarif_names_files_by_uri(path: str, uri: str) -> None:
    result = json.loads(to_sarif([Finding(path, Span(1, 1, 1, 1), "odd")]))["runs"][0]["results"][0]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == uri


def test_a_place_shows_its_line_and_a_caret() -> None:
    assert show_place(Place("f.yaml", 2, 3), "a: 1\r\nb: 2\r\n") == "f.yaml:2:3\n  |\n2 | b: 2\n  |   ^"


@pytest.mark.parametrize("line", [0, -1, 99])
def test_a_place_that_is_not_in_the_text_is_named_all_the_same(line: int) -> None:
    assert show_place(Place("f.yaml", line, 1), "a: 1") == f"f.yaml:{line}:1"


@given(
    file=st.text(max_size=20),
    span=st.tuples(*[st.integers(-2, 400)] * 4),
    texts=st.tuples(st.text(), st.none() | st.text(), st.none() | st.text(max_size=300)),
)
def test_anything_can_be_shown_and_stays_harmless(
    file: str, span: tuple[int, int, int, int], texts: tuple[str, str | None, str | None]
) -> None:
    found = Finding(file, Span(*span), texts[0], texts[1], source_line=texts[2])
    shown = to_text([found])
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", shown)
    json.loads(to_json([found]))
    json.loads(to_sarif([found]))
