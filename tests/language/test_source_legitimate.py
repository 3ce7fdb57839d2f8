"""What is legitimate is read without a word: a loader that cries wolf is not listened to."""

import pytest

from blockwright.language.source import Mapping, Scalar
from tests.language.reading import PARSERS, findings_of, plain, read

RESEND = """\
flow: resend confirmation email to one user
about: Sends the confirmation email again, and says in words what happened.

inputs:
  user identity:
    type: text or number
    about: The value of the identity column; an email address unless the app says otherwise.
    example: alice@yourmail.com

steps:
  - resend confirmation email:
      user identity: = user identity
    if it fails:
      3102:
        - return: ${user identity} has already confirmed the address
      3103:
        - fail:
            code: 3103
            message: Turn on "Require email confirmation" first
      3104:
        - return: nobody is registered as ${user identity}
  - return: sent

tests:
  - it: mails a user who has not confirmed yet
    given:
      users:
        - {email: alice@yourmail.com, userStatus: EMAIL_CONFIRMATION_PENDING}
    with: {user identity: alice@yourmail.com}
    expect: {returns: sent, emails to: [alice@yourmail.com]}
"""

EVERYONE = """\
flow: resend to everyone still pending
inputs:
  pending users: list of text
steps:
  - for each: user
    in: = pending users
    at once: 5
    collect failures as: not sent
    do:
      - resend confirmation email:
          user identity: = user
        retry: {more tries: 3, wait: 1 second, growing: 2, only for: [rate limited, unavailable]}
        time limit: 10 seconds
  - return: = not sent
"""

STATEMENTS = """\
steps:
  - log out current user
  - set: {total: = 1 + 2, "a name": "x: y"}
    note: not a remark # but this is one
  - if: = total > 3 and name = "a"
    then:
    - log: ${total} is large
    else: []
  - choose:
      - {when: = total = 1, do: [log: one]}
    otherwise:
      - stop loop
  - together: [[log: a], [log: b]]
  - try:
      - wait: 5 seconds
    if it fails: ignore
    always: # whatever happens
      - fail again
  - return: # nothing
"""

BLOCKS = """\
markdown: |
  # A heading: with a colon
  - a list
    * and another
  \tcode with a tab
  `code` and *emphasis* and {{ user }} and {name}
  “curly quotes” – and\u00a0odd\u00a0spaces

  --- not a document
  key: value #1
  & * ! % @ : , [ {
folded: >-
  Long text: with colons # and hashes
  - and dashes
html: |2-
    <p class="a">Hi ${name}!</p>
kept: |+
  text

after: 1
"""

VALUES = [
    "http://a:80/#x",
    "https://example.com/a?b=c&d=e#frag",
    "mailto:alice@yourmail.com",
    "alice@yourmail.com",
    "Alice <alice@yourmail.com>",
    "12:30",
    "2024-01-31T12:30:00Z",
    "C:\\Users\\alice",
    "What is this? It is 100% fine & good, a*b! @home",
    "C#",
    "issue#1",
    "a - b",
    "-5",
    "-v",
    "--verbose",
    "– with a dash",
    "= a - b * c",
    '= if a = "x" then [1, 2] else {b:1}',
    '= "text"',
    "= items[item > 3]",
    "it's late",
    'say "hi"',
    "“Hello,” she said, “bye”",
    "“Hello” she said",
    "user {name} and {{ name }}",
    "$5.00",
    "${a} and ${b}",
    "$${literal}",
    "(a) [b] {c}",
    "a | b > c",
    "what ? indeed",
    "~/path",
    "<b>",
    "/regex/",
    "^a$",
    "日本語のテキスト",
    "Preis:\u00a05 €",
    "naïve café",
    "👩‍👩‍👧 family",
    "می‌خواهم",
    ".5.",
    "a, b",
    ";",
    "\\",
]


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize(
    "text", [RESEND, EVERYONE, STATEMENTS, BLOCKS], ids=["one", "everyone", "statements", "blocks"]
)
def test_flows_give_no_finding(text: str, parser: str) -> None:
    assert findings_of(text, parser) == []


def test_both_parsers_read_the_same() -> None:
    for text in (RESEND, EVERYONE, STATEMENTS, BLOCKS):
        assert plain(read(text, "libyaml")) == plain(read(text, "pure"))


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize("value", VALUES)
def test_a_plain_text_stays_what_was_typed(value: str, parser: str) -> None:
    root = read(f"steps:\n  - log: {value}\n    note: {value}  # a remark\n  - {value}\n", parser)
    assert isinstance(root, Mapping)
    steps = plain(root)
    assert isinstance(steps, dict)
    first, second = steps["steps"] if isinstance(steps["steps"], list) else []
    as_read = -5 if value == "-5" else value
    assert first == {"log": as_read, "note": as_read}
    assert second == as_read


@pytest.mark.parametrize(
    "key", ["don't", "3102, 3104", "anything else", "user-name", "a/b", "été", "日本", "-5", "0123", "yes", "a.b", "x?"]
)
def test_a_name_may_be_anything_that_looks_like_one(key: str) -> None:
    root = read(f"{key}: 1\n")
    assert isinstance(root, Mapping)
    assert root.get(key) is not None


@pytest.mark.parametrize(
    "text",
    [
        "#!/usr/bin/env blockwright\na: 1\n",
        "#remark\n#-block: a\na: 1\n",
        "# a remark with a\ttab and “quotes”\na: 1\n   # another: one\n",
        "---\na: 1\n...\n",
        "a: 1 \n\n\n",
        "a: x # a\tremark\n",
        '"a\tb": "c\td"\n',
        "steps: #the steps\n  - a\n",
        "steps:\n  #the first\n  - a # the second\n",
        'a: "x" #remark\n',
        "a: [b, c] #remark\n",
        "a: 'single: # [x] {y}'\n",
        'a: "double: # \\u00e9 \\t \\\\ \\"x\\""\n',
        'a: "one\n  two"\n',
        "a: 'one\n\n  two'\n",
        "a: [\n  b,\n  c\n]\n",
        "a: {\n  b: 1,\n  c: ,\n}\n",
        "a: {}\nb: []\nc: {d: }\n",
        '{"json": [1, 2.5, true, null, {"a": "b: c"}]}\n',
        "a:\n  on its own line\n",
        "a:\n  -5\n",
        "- - a\n  - b\n- -\n  - c\n",
        "= a +\n  b - c\n",
        "if: = a\n  - b\n",
        "a: 1\r\nb: |\r\n  x\r\n",
        "a: 1",
    ],
)
@pytest.mark.parametrize("parser", PARSERS)
def test_other_ways_to_write_things_are_fine(text: str, parser: str) -> None:
    assert findings_of(text, parser) == []


def test_tabs_that_nobody_sees_do_no_harm() -> None:
    assert findings_of("a: 1\t\nb: |\n  c\t\n") == []


def test_block_texts_keep_every_character() -> None:
    root = read(BLOCKS)
    assert isinstance(root, Mapping)
    markdown = root.get("markdown")
    assert isinstance(markdown, Scalar)
    assert markdown.text == BLOCKS.split("folded:")[0].removeprefix("markdown: |\n").replace("\n  ", "\n")[2:]
