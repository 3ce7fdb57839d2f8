"""The words of mails: what comes with Blockwright, and an owner's own, which can do no harm."""

from __future__ import annotations

import html
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blockwright.failure import Failure
from blockwright.services import Message
from blockwright.services.mime import compose
from blockwright.services.records import Template
from blockwright.services.wording import LARGEST, NAMES, VALUES, built_in, checked, fill_in
from tests.services.world import ALICE, World, failure_of, label, outcome_of, run

VALUES_OF_A_MAIL = {
    "app": "Bakery & Söhne <b>",
    "email": "o'brien&x@example.com",
    "url": "https://bakery.example/users/confirm?token=abc-_&x=1",
    "hours": "24",
}
TEXTS = st.text(alphabet=st.characters(exclude_categories=("Cs",)), max_size=50)
SNIPPETS = st.sampled_from(
    (
        *("{{ url }}", "{{", "}}", "{%", "%}", "{#", "#}", "{{ app", "| upper", "{% if hours == '1' %}", "{% endif %}"),
        *(
            "{{ app.__class__ }}",
            "{% for x in url %}",
            "{% endfor %}",
            "{{ 9**9**9 }}",
            "{% raw %}",
            "\n",
            "'",
            '"',
            "(",
        ),
    )
)


class Reader(HTMLParser):
    """Reads a page as a mail program does: its tags, links and words."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str | None] = []
        self.words = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name in ("href", "src", "background")]

    def handle_data(self, data: str) -> None:
        self.words += data


@pytest.mark.parametrize("name", NAMES)
def test_the_mails_that_come_with_blockwright_say_who_what_where_and_how_long(name: str) -> None:
    mail = fill_in(built_in(name), VALUES_OF_A_MAIL)

    assert VALUES_OF_A_MAIL["app"] in mail.subject
    for words in (mail.text, Reader(mail.html).words):
        for value in ("app", "email", "url"):
            assert VALUES_OF_A_MAIL[value] in words
        assert "within 24 hours" in words
    assert set(Reader(mail.html).links) == {VALUES_OF_A_MAIL["url"]}
    assert "b" not in Reader(mail.html).tags
    assert '<html lang="en">' in mail.html


@pytest.mark.parametrize("name", NAMES)
def test_the_mails_that_come_with_blockwright_load_nothing_from_elsewhere(name: str) -> None:
    page = built_in(name).html

    assert "{{ url }}" in page
    assert not {"img", "script", "link", "style", "iframe", "form", "table"} & set(Reader(page).tags)
    assert "http" not in page.lower()
    assert "url(" not in page


def test_one_hour_is_not_one_hours() -> None:
    assert "within 1 hour," in fill_in(built_in("password"), {**VALUES_OF_A_MAIL, "hours": "1"}).text


@given(values=st.fixed_dictionaries(dict.fromkeys(("app", "email", "url", "hours"), TEXTS)))
def test_a_value_is_shown_as_it_is_and_never_read_as_a_template_or_as_html(values: dict[str, str]) -> None:
    template = Template("x", "{{ app }}", "{{ app }}|{{ email }}|{{ url }}|{{ hours }}", "<p>{{ app }}|{{ url }}</p>")

    mail = fill_in(template, values)

    assert mail.subject == values["app"].strip()
    assert mail.text == "|".join(values[name] for name in ("app", "email", "url", "hours"))
    assert html.unescape(mail.html) == html.unescape(
        f"<p>{html.escape(values['app'])}|{html.escape(values['url'])}</p>"
    )
    assert mail.html.count("<") == 2


@given(
    values=st.fixed_dictionaries(dict.fromkeys(("app", "email", "url", "hours"), TEXTS)),
    part=st.sampled_from(NAMES),
)
def test_jinja2_means_the_same_by_the_templates_that_need_nothing_of_it(values: dict[str, str], part: str) -> None:
    plain = built_in(part)
    through_jinja = Template(part, *(f"{{# #}}{source}" for source in (plain.subject, plain.text, plain.html)))

    mine, its = fill_in(plain, values), fill_in(through_jinja, values)

    assert (mine.subject, mine.text) == (its.subject, its.text)
    assert html.unescape(mine.html) == html.unescape(its.html)
    assert mine.html.count("<") == its.html.count("<")


def test_an_owner_changes_parts_of_a_template_and_mails_use_them(world: World) -> None:
    changed = run(world.users.change_template("confirmation", subject="Welcome to {{ app }}", text=None, html=None))
    assert changed.subject == "Welcome to {{ app }}"
    assert changed.text == built_in("confirmation").text
    run(
        world.users.change_template(
            "confirmation",
            subject=None,
            text="{% if hours == '24' %}One day{% else %}{{ lifetime }}{% endif %}: {{ url }}\r\n",
            html='<a href="{{ url }}">{{ email | upper }}</a>',
        )
    )

    world.register_pending()

    (message,) = world.mailer.messages
    assert message.subject == "Welcome to My app"
    assert message.text.startswith("One day: http")
    assert message.text.endswith("\n")
    assert "\r" not in message.text
    assert Reader(message.html).words == ALICE.upper()


def test_templates_are_listed_and_reset(world: World) -> None:
    assert run(world.users.list_templates()) == tuple(map(built_in, NAMES))
    run(world.users.change_template("password", subject="New", text=None, html=None))
    assert [template.subject for template in run(world.users.list_templates())] == [
        built_in("confirmation").subject,
        "New",
    ]

    assert run(world.users.reset_template("password")) == built_in("password")
    assert run(world.users.list_templates()) == tuple(map(built_in, NAMES))
    assert run(world.users.reset_template("password")) == built_in("password")


@pytest.mark.parametrize("name", ["", "confirm", "../confirmation", "x" * 10_000, None, 5, ["confirmation"]], ids=label)
def test_there_are_no_other_templates(world: World, name: str) -> None:
    for call in (
        world.users.change_template(name, subject="a", text=None, html=None),
        world.users.reset_template(name),
    ):
        failure = failure_of(call)
        assert failure.code == "bad value"
        assert "there are confirmation, password" in failure.message


REFUSED = {
    "{{ url": "in line 1 Jinja2 finds: unexpected end of template",
    "Hello\n\n{{ ap }} {{ url }}": "in line 3 there is no value called ap; did you mean app?",
    "{% if true %}": "in line 1",
    "\n{% for letter in url %}{{ letter }}{% endfor %}": "in line 2 for cannot be used in a mail",
    "{{ url }}{{ url.__class__.__mro__ }}": "in line 1 getattr cannot be used",
    "{{ url }}{{ url['__class__'] }}": "in line 1 getitem cannot be used",
    "{{ url }}{{ url.format(url) }}": "cannot be used in a mail",
    "{{ url }}{{ 'a' * 1000000000 }}": "in line 1 mul cannot be used",
    "{{ url }}{{ 10 ** 10 ** 10 }}": "in line 1 pow cannot be used",
    "{{ url }}{{ range(1000000000) | list }}": "cannot be used",
    "{{ url }}{{ app | center(1000000000) }}": "the filter center cannot be used",
    "{{ url | safe }}": "the filter safe cannot be used",
    "{% set url = url ~ url %}{{ url }}": "in line 1 assign cannot be used",
    "{% include '/etc/passwd' %}{{ url }}": "in line 1 include cannot be used",
    "{% macro a() %}{{ a() }}{% endmacro %}{{ url }}": "cannot be used",
    "{{ url }}{{ hours > 1 }}": "it cannot be filled in",
    "{{ url }}{{ " + "(" * 5000 + "app" + ")" * 5000 + " }}": "nested too deeply",
    "{{ url }}{{ " + "9" * 5000 + " }}": "a number that is too long",
    "{{ url }}{{ app" + "|upper" * 3000 + " }}": "nested too deeply",
    "{{ url }}{# " + "{% if app %}" * 1000: "in line 1",
    "Hello": "must show the link: write {{ url }}",
    "{{ url }}\nHello\x00": "a character in line 2 that cannot stand in a mail",
    "{{ url }}\u2028": "a character in line 1",
    "{{ url }}\ud800": "a character in line 1",
    "{{ url }}" + "x" * 100_000: "may have at most",
    "{% if hours == '24' %}{{ url }}{% endif %}": "must show the link",
}


@pytest.mark.parametrize("part", ["text", "html"])
@pytest.mark.parametrize("source", REFUSED, ids=label)
def test_what_cannot_make_a_proper_mail_is_refused_with_the_reason(part: str, source: str) -> None:
    with pytest.raises(Failure) as caught:
        checked({part: source})

    assert caught.value.code == "bad value"
    assert REFUSED[source] in caught.value.message
    assert caught.value.message.isprintable()
    assert len(caught.value.message) < 400


@pytest.mark.parametrize(
    "subject",
    [
        *("", "  ", "a\nb", "a\r\nBcc: evil@example.com", "{{ url }}", "=?utf-8?q?hi?=", "{{ app }}{# #}" * 30),
        *("{# #}", "{% if hours == '1' %}{% else %}x{% endif %}", "x" * 301, "{{ email }}" * 3, "a\tb"),
    ],
    ids=label,
)
def test_a_subject_is_one_line_of_words(subject: str) -> None:
    with pytest.raises(Failure, match=r"The template's subject (must be one line|may have at most)") as caught:
        checked({"subject": subject})
    assert caught.value.code == "bad value"


@pytest.mark.parametrize("source", [5, True, ["{{ url }}"], {"a": 1}, b"x"], ids=label)
def test_a_template_is_text(source: object) -> None:
    for part in LARGEST:
        with pytest.raises(Failure, match="must be text"):
            checked({part: source})


@given(part=st.sampled_from(["subject", "text", "html"]), pieces=st.lists(st.one_of(SNIPPETS, TEXTS), max_size=8))
def test_whatever_is_accepted_as_a_template_makes_a_mail(part: str, pieces: list[str]) -> None:
    accepted = outcome_of(lambda: checked({part: " ".join(pieces)}))
    if isinstance(accepted, Failure):
        assert accepted.code == "bad value"
        assert accepted.message.isprintable()
        return
    words = fill_in(replace(built_in("confirmation"), **accepted), VALUES_OF_A_MAIL)
    compose(Message(ALICE, words.subject, words.text, words.html, "no-reply@example.com", "App", 0, "x"))


def test_the_values_that_are_documented_are_those_there_are() -> None:
    shows_all = " ".join(f"{{{{ {name} }}}}" for name in VALUES)

    assert checked({"text": shows_all}) == {"text": shows_all}


def test_without_jinja2_there_is_mail_all_the_same_and_a_sentence_for_who_needs_more() -> None:
    script = (
        "import sys; sys.modules['jinja2'] = None\n"
        "from blockwright.failure import Failure\n"
        "from blockwright.services.wording import built_in, checked, fill_in\n"
        "fill_in(built_in('confirmation'), {'app': 'A', 'email': 'a@b.cd', 'url': 'u', 'hours': '1'})\n"
        "checked({'subject': 'Hello from {{ app }}'})\n"
        "try:\n"
        "    checked({'text': '{% if app %}{{ url }}{% endif %}'})\n"
        "except Failure as failure:\n"
        "    print(failure)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=30, check=True)

    assert done.stdout.startswith("unavailable: ")
    assert 'install it with: pip install "blockwright[mail]"' in done.stdout
