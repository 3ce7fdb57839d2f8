"""What authors get wrong in YAML: each slip is found where it is, and comes with its mend."""

import time

import pytest

from blockwright.language.diagnostics import FlowError
from blockwright.language.source import Mapping, Scalar, Source, parse_nodes
from tests.language.reading import PARSERS, findings_of

# What is written; the rule, line and column of each finding; the mend of the first.
SLIPS = [
    # Silent in YAML: the flow would run and be wrong.
    ("a: 1\nb: 2\na: 3\n", [("duplicate-key", 3, 1)], "keep one of them, or give this one another name"),
    ('a: 1\n"a": 3\n', [("duplicate-key", 2, 1)], None),
    ("s: {a: 1, a: 2}\n", [("duplicate-key", 1, 11)], None),
    ("color: red #1\n", [("text-taken-for-remark", 1, 12)], 'quote the text: "red #1"'),
    ("channel: #general\nb: 1\n", [("text-taken-for-remark", 1, 10)], 'quote the text: "#general"'),
    ("- #general\n- x\n", [("text-taken-for-remark", 1, 3)], 'quote the text: "#general"'),
    ("a: C #\n", [("text-taken-for-remark", 1, 6)], 'quote the text: "C #"'),
    ("a: ?\n", [("reserved-sign", 1, 4)], 'quote the text: "?"'),
    ("- ?\n", [("reserved-sign", 1, 3)], 'quote the text: "?"'),
    ("a: [1, b #2\n  , c]\n", [("text-taken-for-remark", 1, 10)], 'quote the text: "b #2"'),
    ("who: {user}\n", [("braces-without-dollar", 1, 6)], "write: ${user}"),
    ("who: { user name }\n", [("braces-without-dollar", 1, 6)], "write: ${user name}"),
    ("who: [{user}]\n", [("braces-without-dollar", 1, 7)], "write: ${user}"),
    ("who: {a, b: 1}\n", [("braces-without-value", 1, 7)], None),
    ("who: {{ user name }}\n", [("braces-without-dollar", 1, 7)], "write: ${user name}"),
    ("x: &joe smith\n", [("yaml-anchor", 1, 4)], 'quote the text: "&joe smith"; to use something twice, write it as'),
    ("x: &all\n  a: 1\n", [("yaml-anchor", 1, 4)], 'delete "&all"; to use something twice'),
    ("x: *joe\n", [("yaml-alias", 1, 4)], 'quote the text: "*joe"; to use something twice'),
    ("x: !important do it\n", [("yaml-tag", 1, 4)], 'quote the text: "!important do it"'),
    ("x: !!python/object/apply:os.system [x]\n", [("yaml-tag", 1, 4)], 'delete "!!python/object/apply:os.system"'),
    ("<<: {a: 1}\n", [("merge-key", 1, 1)], "write out the entries"),
    ("s:\n  -block: a\n  -block: b\n", [("dash-without-blank", 2, 3), ("dash-without-blank", 3, 3)], "write: - block:"),
    ("s:\n  -log out\n", [("dash-without-blank", 2, 3)], "write: - log out"),
    ("s:\n  – log: a\n", [("dash-without-blank", 2, 3)], "write: - log:"),
    ("s:\n  • log out\n", [("dash-without-blank", 2, 3)], "write: - log out"),
    ("s:\n  -a\n  -b\n", [("list-item-in-text", 3, 3), ("dash-without-blank", 2, 3)], None),
    ("- log out\n  - log in\n", [("list-item-in-text", 2, 3)], None),
    ("a: “hi”\n", [("curly-quotes", 1, 4)], 'write: "hi"; to keep them: "“hi”"'),
    ("„hi“: 1\n", [("curly-quotes", 1, 1)], 'write: "hi"'),
    ('a: ‘say "hi"’\n', [("curly-quotes", 1, 4)], "write: 'say \"hi\"'"),
    ("user\u00a0name: 1\n", [("odd-space", 1, 5)], "write: user name; if it is meant, quote it"),
    ("a:\n\u00a0\u00a0b: 1\n", [("odd-space", 2, 1)], "indent the line anew with plain blanks"),
    ("a: x\u00a0\n", [("odd-space", 1, 5)], "write: x; if it is meant"),
    ("a: \u200b= b\n", [("odd-space", 1, 4)], "write: = b; if it is meant"),
    ("- log:\u00a0hello\n", [("odd-space", 1, 7)], "write: log: hello"),
    ("-\u00a0log: hello\n", [("dash-without-blank", 1, 1)], None),
    ("a: one\n  two\n", [("continued-text", 1, 4)], "begin the text with > to say that this is meant"),
    ('a: "one\nb: two"\n', [("open-quote", 1, 4)], "close it at the end of its text"),
    ("? a\n: b\n", [("complex-key", 1, 1)], "delete it and write name: value"),
    ("{? a : b}\n", [("complex-key", 1, 2)], None),
    ("[a]: b\n", [("complex-key", 1, 1)], "write a name before the colon"),
    ("? |\n  a\n: b\n", [("complex-key", 1, 3)], None),
    (": b\n", [("empty-key", 1, 1)], "write the name, or delete the line"),
    ("{: b}\n", [("empty-key", 1, 2)], None),
    ("%YAML 1.1\n---\na: 1\n", [("yaml-directive", 1, 1)], "delete this line"),
    ("a: 1\n---\nb: 1\n", [("second-document", 2, 1)], "delete this line, or move what follows into a file"),
    ("-\ta: 1\n", [("tab", 1, 2)], "use blanks, two for each level"),
    ("a:\t1\n", [("tab", 1, 3)], "use blanks, two for each level"),
    ("a: b\tc\n", [("tab", 1, 5)], None),
    ("\t# remark\na: 1\n", [("tab", 1, 1)], None),
    ("a: 1\t# remark\n", [("tab", 1, 5)], None),
    ("a: [\n\t1]\n", [("tab", 2, 1)], "use blanks, two for each level"),
    # Loud in YAML, in words that no author can use.
    ("a: 1\n\tb: 2\n", [("tab", 2, 1)], "use blanks, two for each level"),
    ("s:\n\t- a\n\t- b\n", [("tab", 2, 1)], "use blanks, two for each level (1 more line begins with a tab)"),
    ("a: |\n\thello\n", [("tab", 2, 1)], None),
    ("a: Dear user: hello\n", [("colon-in-text", 1, 13)], 'quote the text: "Dear user: hello"'),
    ('if: = a = "b: c"\n', [("colon-in-text", 1, 13)], "quote the text: '= a = \"b: c\"'"),
    ("a: {b: c: d}\n", [("colon-in-text", 1, 9)], 'quote the text: "c: d"'),
    ("a: @admin\n", [("reserved-sign", 1, 4)], 'quote the text: "@admin"'),
    ("a: `x` y # z\n", [("reserved-sign", 1, 4)], 'quote the text: "`x` y"'),
    ("a: %5\n", [("reserved-sign", 1, 4)], 'quote the text: "%5"'),
    ("a: *.txt\n", [("reserved-sign", 1, 4)], 'quote the text: "*.txt"'),
    ("a: *foo bar\n", [("reserved-sign", 1, 4)], 'quote the text: "*foo bar"'),
    ("a: *bold* text\n", [("reserved-sign", 1, 4)], 'quote the text: "*bold* text"'),
    ("a: & b\n", [("reserved-sign", 1, 4)], 'quote the text: "& b"'),
    ("a: >= 5\n", [("reserved-sign", 1, 4)], 'quote the text: ">= 5"'),
    ("a: |text\n", [("reserved-sign", 1, 4)], 'quote the text: "|text"'),
    ("a: ,x\n", [("reserved-sign", 1, 4)], 'quote the text: ",x"'),
    ("a: ]x\n", [("reserved-sign", 1, 4)], 'quote the text: "]x"'),
    ("a: [@b, c]\n", [("reserved-sign", 1, 5)], 'quote the text: "@b"'),
    ("s:\n  * item\n", [("bullet", 2, 3)], "write: - item"),
    ('a: "user" is missing\n', [("text-after-quote", 1, 11)], "quote the text: '\"user\" is missing'"),
    ("a: 'it's late'\n", [("text-after-quote", 1, 8)], 'quote the text: "it\'s late"'),
    ("a: {user} is here\n", [("text-after-bracket", 1, 11)], "write: ${user} is here"),
    ("a: {{ user }} is here\n", [("text-after-bracket", 1, 15)], "write: ${user} is here"),
    ("a: [x] done\n", [("text-after-bracket", 1, 8)], 'quote the text: "[x] done"'),
    ("a: {to: ${user}, b: 1}\n", [("braces-in-brackets", 1, 9)], 'quote the text: "${user}"'),
    ("a: [${x}, b]\n", [("braces-in-brackets", 1, 5)], 'quote the text: "${x}"'),
    ("a: [hi ${x} you, b]\n", [("braces-in-brackets", 1, 8)], 'quote the text: "hi ${x} you"'),
    ("a: [1, 2\nb: 3\n", [("open-bracket", 1, 4)], 'write "]" at its end'),
    ("a: {b: 1]\n", [("wrong-bracket", 1, 9)], 'write "}" here'),
    ("a: [1,,2]\n", [("empty-item", 1, 7)], "delete the comma, or write a value"),
    ('a: ["b" "c"]\n', [("missing-comma", 1, 9)], "write a comma between two values"),
    ("a: [b #1, c]\n", [("text-taken-for-remark", 1, 7)], "quote the text with the #"),
    ("a: red #1\n  more\n", [("text-taken-for-remark", 1, 8)], 'quote the text: "red #1"'),
    ('a: "C:\\path"\n', [("unknown-escape", 1, 7)], "use single quotes, in which \\ is a plain character: 'C:\\path'"),
    ('a: "it\'s \\q"\n', [("unknown-escape", 1, 10)], "write \\\\ for a plain backslash"),
    ('a: "\\x4"\n', [("unknown-escape", 1, 5)], None),
    ('a: "open\nb: 1\n', [("open-quote", 1, 4)], 'close it at the end of its text: "open"'),
    ('a: "open\nb: "x"\n', [("open-quote", 1, 4)], 'close it at the end of its text: "open"'),
    ("flow:hello\nabout: x\n", [("colon-without-blank", 1, 5)], "write: flow: hello"),
    ("a: 1\nabout:hello\nb: 2\n", [("colon-without-blank", 2, 6)], "write: about: hello"),
    ("a: 1\nabout text\nb: 2\n", [("no-colon", 2, 1)], "write: about text: and its value"),
    ("a: - b\n", [("list-beside-name", 1, 4)], "put it on a line of its own, indented: - b"),
    ("a: 1\n  b: 2\n", [("indentation", 2, 3)], "begin it in column 1, under a"),
    ("a:\n    b: 1\n  c: 2\n", [("indentation", 3, 3)], "begin it in column 1 or 5"),
    ("s:\n  - a\n - b\n", [("indentation", 3, 2)], "begin it in column 1 or 3"),
    ("s:\n  - a\n- b\n", [("indentation", 3, 1)], "indent it under the name it belongs to"),
    ("s:\n  - a: 1\n  b: 2\n", [("indentation", 3, 3)], "begin it with a dash and a blank"),
    ("%FOO bar\na: 1\n", [("yaml-directive", 1, 1)], "delete this line"),
    ("a:\n\u00a0\u00a0- b: 1\nc: 2\n", [("odd-space", 2, 1)], None),
    ("- : x\n", [("empty-key", 1, 3)], None),
    ("a: 1\n...\nb: 2\n", [("indentation", 3, 1)], None),
    # No text at all.
    ("a: \x00\n", [("invisible-character", 1, 4)], "save it as UTF-8"),
    ("a: \x1b[2J\n", [("invisible-character", 1, 4)], "delete it"),
    ("a: b\u2028c: d\n", [("invisible-character", 1, 5)], "delete it and press Enter instead"),
    ("a: b\ufeff\n", [("invisible-character", 1, 5)], "delete it"),
]


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize(("text", "expected", "mend"), SLIPS, ids=[repr(text) for text, *_ in SLIPS])
def test_a_slip_is_found_where_it_is_and_comes_with_its_mend(
    text: str, expected: list[tuple[str, int, int]], mend: str | None, parser: str
) -> None:
    found = findings_of(text, parser)
    assert sorted((one.rule, *one.span[:2]) for one in found) == sorted(expected)
    assert all(one.message and one.mend for one in found)
    assert mend is None or any((one.mend or "").startswith(mend) for one in found)


@pytest.mark.parametrize("text", [text for text, *_ in SLIPS if "continued" not in text])
def test_messages_never_speak_the_parsers_language(text: str) -> None:
    for found in findings_of(text):
        for word in ("token", "scalar", "mapping value", "block collection", "expected", "node", "context"):
            assert word not in found.message


def test_a_finding_names_the_line_of_the_first_of_two_equal_keys() -> None:
    (found,) = findings_of("a: 1\nb: 2\na: 3\n")
    assert found.message == '"a" is here twice; the first is in line 1'
    assert found.source_line == "a: 3"


def test_all_slips_are_found_in_one_go() -> None:
    text = "a: Dear user: hello\nb: @x\nc: {user}\nd: [${x}, ${y}]\nc: 1\ne: red #1\nf: “hi”\n"
    assert [(found.rule, found.span.line) for found in findings_of(text)] == [
        ("colon-in-text", 1),
        ("reserved-sign", 2),
        ("braces-without-dollar", 3),
        ("braces-in-brackets", 4),
        ("braces-in-brackets", 4),
        ("duplicate-key", 5),
        ("text-taken-for-remark", 6),
        ("curly-quotes", 7),
    ]


def test_findings_show_the_line_as_it_was_written() -> None:
    for found in findings_of("a: b: c\nd: @e: f\n"):
        assert found.source_line in ("a: b: c", "d: @e: f")


def test_a_continued_text_is_a_warning_and_is_read_all_the_same() -> None:
    (found,) = findings_of("a: one\n  two\n")
    assert found.severity == "warning"
    root = parse_nodes(Source("f", "a: one\n  two\n"))
    assert isinstance(root, Mapping)
    value = root.get("a")
    assert isinstance(value, Scalar)
    assert value.text == "one two"


def test_warnings_come_with_the_errors_of_a_text() -> None:
    assert [found.severity for found in findings_of("a: one\n  two\na: 1\n")] == ["warning", "error"]


@pytest.mark.parametrize(
    "written",
    [
        "Dear user: hello",
        "@admin",
        "%5 off",
        "`x`",
        "*.txt",
        "& co",
        "&joe smith",
        "!important",
        ">= 5",
        "|x|",
        '"user" is missing',
        "'it's late'",
        "red #1",
        "#general",
        "[x] done",
        'C:\\x "y": z',
        "both ' and \": x",
    ],
)
def test_the_mend_pasted_in_gives_the_text_that_was_meant(written: str) -> None:
    (found,) = findings_of(f"a: {written}\n")
    assert found.mend is not None
    mend = found.mend.removeprefix("quote the text: ").split("; ")[0]
    root = parse_nodes(Source("f", f"a: {mend}\n"))
    assert isinstance(root, Mapping)
    value = root.get("a")
    assert isinstance(value, Scalar)
    apostrophe = written.strip("'") if written.startswith("'") else written
    assert value.text == apostrophe


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("[" * 4_000_000, "too-deep"),
        ("{a: " * 100_000, "too-deep"),
        ("- " * 100, "too-deep"),
        ("".join(f"{' ' * level}a:\n" for level in range(70)), "too-deep"),
        ("[" * 10_000_000, "text-too-long"),
        ("a: " + "x" * 1_000_001, "text-too-long"),
    ],
    ids=["lists", "objects", "dashes", "names", "10 MB", "long text"],
)
def test_a_hostile_text_is_refused_by_its_size(text: str, rule: str, parser: str) -> None:
    (found,) = findings_of(text, parser)
    assert found.rule == rule
    assert len(str(found)) < 1_000


HOSTILE_LINES = {
    "tabs in a plain text": "a: " + "x\t" * 150_000 + "x",
    "tabs in a quoted text": 'a: "' + "x\t" * 150_000 + '"',
    "tabs in a remark": "a: 1 # " + "x\t" * 150_000 + "x",
    "hashes": "a: b" + " #x" * 100_000,
    "colons": "a: " + "b: " * 100_000,
    "blanks": "a: b" + " " * 300_000 + ": c",
    "quotes": "a: " + '"b" ' * 75_000,
    "open quote": 'a: "' + "b " * 150_000,
    "backslashes": 'a: "' + "\\" * 300_001 + '"',
    "braces": "a: [" + "${b}, " * 50_000 + "]",
    "dashes": "a:\n  " + "-b " * 100_000,
    "lines of tabs": "a:\n" + "\tb\n" * 100_000,
    "lines of reserved signs": "a: @b\n" * 50_000,
    "lines of colons": "a: b: c\n" * 40_000,
    "lines without a colon": "a: 1\n" + "b c\n" * 75_000,
    "odd spaces": "a\u00a0b: c\n" * 40_000,
    "blank lines": "a: |\n" + " \n" * 150_000,
}


@pytest.mark.parametrize("name", HOSTILE_LINES)
def test_no_text_takes_time_out_of_proportion(name: str) -> None:
    start = time.process_time()
    for found in findings_of(HOSTILE_LINES[name]):
        assert len(str(found)) < 2_000
    assert time.process_time() - start < 5


def test_a_list_of_too_many_items_is_refused() -> None:
    (found,) = findings_of("[" + "a," * 200_001 + "]")
    assert found.rule == "too-many-values"


def test_the_deepest_and_the_longest_that_is_allowed_is_read() -> None:
    assert findings_of("[" * 64 + "]" * 64) == []
    assert findings_of("a: " + "x" * 1_000_000) == []


def test_an_alias_bomb_is_never_unfolded() -> None:
    levels = [f"l{level}: &l{level} [{', '.join([f'*l{level - 1}'] * 9)}]" for level in range(1, 10)]
    found = findings_of("l0: &l0 [lol]\n" + "\n".join(levels))
    assert {one.rule for one in found} == {"yaml-anchor", "yaml-alias"}
    assert found[0].span.line == 1


def test_a_million_slips_are_not_a_million_findings() -> None:
    with pytest.raises(FlowError) as caught:
        parse_nodes(Source("f", "- {a}\n" * 50_000))
    assert len(caught.value.findings) == 100
