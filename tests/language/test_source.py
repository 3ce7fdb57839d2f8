"""Reading files, and nodes that know where they stand."""

import os
from decimal import Decimal
from pathlib import Path

import pytest

from blockwright.language.diagnostics import Finding, FlowError, Span
from blockwright.language.source import (
    SIZE_LIMIT,
    Mapping,
    Scalar,
    Sequence,
    Source,
    parse_nodes,
    read_source,
    resolve,
)
from tests.language.reading import PARSERS, findings_of, plain, read, scalars

FLOW = """\
# A remark
flow: greet
steps:
  - set: {name: "Joe's", list: [1, two, ]}

  - log: |
      Hello
        there

  - return:
"""


def refusal(path: str | os.PathLike[str]) -> Finding:
    with pytest.raises(FlowError) as caught:
        read_source(path)
    (found,) = caught.value.findings
    return found


@pytest.mark.parametrize("parser", PARSERS)
def test_every_key_and_value_knows_its_span(parser: str) -> None:
    root = read(FLOW, parser)
    found = {scalar.text: scalar.span for scalar in scalars(root)}
    assert found == {
        "flow": Span(2, 1, 2, 5),
        "greet": Span(2, 7, 2, 12),
        "steps": Span(3, 1, 3, 6),
        "set": Span(4, 5, 4, 8),
        "name": Span(4, 11, 4, 15),
        "Joe's": Span(4, 17, 4, 24),
        "list": Span(4, 26, 4, 30),
        "1": Span(4, 33, 4, 34),
        "two": Span(4, 36, 4, 39),
        "log": Span(6, 5, 6, 8),
        "Hello\n  there\n": Span(6, 10, 8, 14),
        "return": Span(10, 5, 10, 11),
        "": Span(10, 12, 10, 12),
    }


@pytest.mark.parametrize("parser", PARSERS)
def test_lists_and_mappings_end_where_their_last_word_ends(parser: str) -> None:
    root = read(FLOW, parser)
    assert isinstance(root, Mapping)
    steps = root.get("steps")
    assert isinstance(steps, Sequence)
    assert root.span == Span(2, 1, 10, 12)
    assert steps.span == Span(4, 3, 10, 12)
    first, second, _ = steps.items
    assert (first.span, second.span) == (Span(4, 5, 4, 43), Span(6, 5, 8, 14))


def test_styles_are_kept() -> None:
    root = read("a: plain\nb: 'single'\nc: \"double\"\nd: |\n  literal\ne: >\n  folded\n")
    assert isinstance(root, Mapping)
    assert [value.style for _, value in root.entries if isinstance(value, Scalar)] == [
        "plain",
        "single",
        "double",
        "literal",
        "folded",
    ]


def test_a_mapping_is_asked_by_name() -> None:
    root = read("b: 1\na:\n")
    assert isinstance(root, Mapping)
    value, key = root.get("a"), root.key("a")
    assert isinstance(value, Scalar)
    assert key is not None
    assert (value.is_empty, key.span, len(root)) == (True, Span(2, 1, 2, 2), 2)
    assert "b" in root
    assert root.get("c") is None
    assert root.key("c") is None
    assert [key.text for key, _ in root.entries] == ["b", "a"]


def test_an_empty_text_in_quotes_is_not_an_empty_value() -> None:
    root = read('""')
    assert isinstance(root, Scalar)
    assert not root.is_empty
    assert resolve(root) == ""


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("parser", PARSERS)
def test_lines_count_the_same_whatever_ends_them(line_break: str, parser: str) -> None:
    text = "a: 1\nb: |\n  é\n\nc: x\n".replace("\n", line_break)
    root = read(text, parser)
    assert plain(root) == {"a": 1, "b": "é\n", "c": "x"}
    assert scalars(root)[-1].span == Span(5, 4, 5, 5)
    assert Source("f", text).lines == ["a: 1", "b: |", "  é", "", "c: x", ""]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("", None),
        ("~", None),
        ("null", None),
        ("true", True),
        ("False", False),
        ("0", 0),
        ("-12", -12),
        ("1.10", Decimal("1.10")),
        (".5", Decimal("0.5")),
        ("1e3", 1000),
        ("-2.50e-1", Decimal("-0.250")),
        ("2.0", 2),
        ("9" * 34, int("9" * 34)),
    ],
)
def test_words_and_numbers_of_yaml_1_2_are_read(written: str, meant: object) -> None:
    found = plain(read(f"a: {written}\n"))
    assert isinstance(found, dict)
    assert found == {"a": meant}
    assert type(found["a"]) is type(meant)


@pytest.mark.parametrize(
    "written",
    [
        *["yes", "no", "on", "off", "y", "n", "NO", "Yes", "nUll", "tRue"],
        *["0123", "007", "-01", "1_000", "0x1F", "0o17", "0b1", "1e", "1e+", "e5", "1e9999", "1e99999999999"],
        *["12:30", "12:30:45", "2024-01-31", "1.2.3", "+49301234", "1,5", "10%", "5.", ".", "-.", "--1", "1-"],
        *[".inf", "-.Inf", ".nan", "١٢"],
        "9" * 35,
        "9" * 100_000,
    ],
)
def test_what_looks_like_a_number_only_to_machines_stays_text(written: str) -> None:
    assert plain(read(f"a: {written}\n")) == {"a": written}


@pytest.mark.parametrize("written", ['"1"', "'true'", '"~"', "|-\n  1", ">-\n  null"])
def test_quoted_and_block_texts_are_never_read_as_anything_else(written: str) -> None:
    found = plain(read(f"a: {written}\n"))
    assert isinstance(found, dict)
    assert isinstance(found["a"], str)


def test_a_file_is_read_with_its_path(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_bytes(b"\xef\xbb\xbfa: 1\r\n")
    source = read_source(file)
    assert (source.path, source.text) == (str(file), "a: 1\r\n")
    assert scalars(parse_nodes(source))[0].span == Span(1, 1, 1, 2)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    found = refusal(tmp_path / "nowhere.yaml")
    assert found.file.endswith("nowhere.yaml")
    assert found.message == "there is no such file"


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    assert refusal(tmp_path).message == "this is a folder, not a file"


@pytest.mark.parametrize("path", ["a\0b", "x" * 5_000])
def test_a_path_that_cannot_be_is_refused(path: str) -> None:
    assert refusal(path).rule == "unreadable-file"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert refusal(tmp_path / "pipe").message == "this is not an ordinary file"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_named(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.touch(mode=0)
    assert refusal(file).message == "this file may not be read by you"


def test_a_file_over_the_size_limit_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_bytes(b"#" * (SIZE_LIMIT + 1))
    assert refusal(file).message == "this file is larger than 5 MB"


def test_a_byte_that_is_not_utf_8_is_shown_in_its_line(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_bytes(b"a: 1\r\nstadt: Z" + b"\xfcrich\nb: 2\n")
    found = refusal(file)
    assert found.span == Span(2, 9, 2, 10)
    assert found.message == "this file is not saved as UTF-8: the byte 0xFC stands here"
    assert found.source_line == "stadt: Z\ufffdrich"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_another_encoding_is_named(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("a: 1\n", encoding=encoding)
    found = refusal(file)
    assert found.message == "this file is saved as UTF-16 or UTF-32, not as UTF-8"
    assert found.mend is not None


@pytest.mark.parametrize("text", ["", "\n\n", "# only a remark\n", "---\n", "\ufeff"])
@pytest.mark.parametrize("parser", PARSERS)
def test_an_empty_file_is_no_flow(text: str, parser: str) -> None:
    (found,) = findings_of(text, parser)
    assert found.rule == "empty-file"
    assert found.message == "this file is empty"
