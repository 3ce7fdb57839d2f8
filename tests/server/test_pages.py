"""The pages behind the links in mails: opening one changes nothing, a button does."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from tests.server.world import Answer, Place
from tests.services.world import ALICE, DAY, PASSWORD, token_in


class _Page(HTMLParser):
    """What a browser without scripts would see and use of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.action = ""
        self.tags: list[str] = []
        self.lang = ""
        self.outside: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.tags.append(tag)
        self.outside += [value for name, value in given.items() if name in ("src", "href") or "//" in value]
        if tag == "html":
            self.lang = given["lang"]
        if tag == "form":
            self.action = given["action"]
        if tag == "input":
            self.fields[given["name"]] = given.get("value", "")


def title(answer: Answer) -> str:
    found = re.search(r"<h1>(.*)</h1>", answer.text)
    assert found is not None
    return found[1]


def send(place: Place, at: str, **fields: str) -> Answer:
    """Press the button of a page, and see the page one is sent on to."""
    response = place.client.post(at, data=fields)
    if response.status_code == 303:
        assert response.headers["location"].count("token") == 0
        assert response.next_request is not None
        assert not response.next_request.url.query
        response = place.client.send(response.next_request)
    return Answer(response.status_code, response.content, response.headers)


def test_opening_the_link_changes_nothing_and_the_button_confirms(place: Place) -> None:
    token = place.register_pending()

    for _ in range(3):
        shown = place.get(f"/users/confirm?token={token}")
        assert (shown.status, title(shown)) == (200, "Confirm your email address")
    assert place.world.found().user_status == "EMAIL_CONFIRMATION_PENDING"
    page = _Page(shown.text)
    done = send(place, f"/users/{page.action}", **page.fields)

    assert (done.status, title(done)) == (200, "Your address is confirmed")
    assert place.world.found().user_status == "ENABLED"
    assert place.log_in()


def test_a_link_says_why_it_does_not_work(place: Place) -> None:
    place.settings(resendSeconds=0)
    old = place.register_pending()
    place.post(f"/api/users/resendconfirmation/{ALICE}")
    new = token_in(place.mails.wait_for(2)[1])

    assert title(send(place, "/users/confirm", token=old)) == "A newer link was mailed"
    assert title(send(place, "/users/confirm", token="nonsense")) == "This link is not known"
    assert title(send(place, "/users/confirm")) == "This link is not known"
    assert title(place.get("/users/confirm")) == "This link is not known"
    place.world.clock.now += 2 * DAY
    assert title(send(place, "/users/confirm", token=new)) == "This link is too old"
    place.world.clock.now -= 2 * DAY
    assert title(send(place, "/users/confirm", token=new)) == "Your address is confirmed"
    assert title(send(place, "/users/confirm", token=new)) == "This address has been confirmed already"


def test_the_link_of_a_disabled_account_says_so(place: Place) -> None:
    token = place.register_pending()
    place.machine.do(place.users.set_status(place.world.found().object_id, "DISABLED"))  # type: ignore[arg-type]

    assert title(send(place, "/users/confirm", token=token)) == "This account is disabled"


def test_a_new_password_is_chosen_at_the_page_behind_the_link(place: Place) -> None:
    place.register()
    session = place.log_in()
    assert place.get(f"/api/users/restorepassword/{ALICE}").status == 200
    token = token_in(place.mails.wait_for(1)[0])

    shown = place.get(f"/users/password?token={token}")
    page = _Page(shown.text)
    at = f"/users/{page.action}"

    assert (shown.status, title(shown)) == (200, "Choose a new password")
    differ = send(place, at, token=page.fields["token"], password="one thing", again="another")
    assert (differ.status, "The two passwords differ" in differ.text) == (400, True)
    assert _Page(differ.text).fields["token"] == token
    assert "one thing" not in differ.text
    empty = send(place, at, token=token, password="", again="")
    assert (empty.status, "Please type the new password" in empty.text) == (400, True)
    long = send(place, at, token=token, password="x" * 2000, again="x" * 2000)
    assert (long.status, title(long)) == (400, "Choose a new password")
    done = send(place, at, token=token, password="a new one", again="a new one")
    assert title(done) == "Your new password is set"
    assert place.get(f"/api/users/isvalidusertoken/{session}").json is False
    assert place.post("/api/users/login", {"login": ALICE, "password": "a new one"}).status == 200
    assert place.post("/api/users/login", {"login": ALICE, "password": PASSWORD}).code == 3003
    assert title(place.get(f"/users/password?token={token}")) == "This link was used already"
    assert title(send(place, at, token=token, password="b", again="b")) == "This link was used already"


@pytest.mark.parametrize("path", ["/users/password?token=nonsense", "/users/password", "/users/password/whatever"])
def test_a_password_link_that_is_not_known_says_so(place: Place, path: str) -> None:
    assert title(place.get(path)) == "This link is not known"


@pytest.mark.parametrize(
    "path", ["/users/confirm?token=abc", "/users/confirmation/confirmed", "/users/password/changed"]
)
def test_pages_need_no_scripts_and_bring_nothing_from_elsewhere(place: Place, path: str) -> None:
    answer = place.get(path)
    page = _Page(answer.text)

    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert page.lang == "en"
    assert page.outside == []
    assert not {"script", "img", "link", "iframe", "a"} & set(page.tags)
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["x-frame-options"] == "DENY"
    assert "noindex" in answer.headers["x-robots-tag"]
    policy = answer.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "form-action 'self'" in policy


def test_what_stands_in_an_address_is_only_text_on_the_page(place: Place) -> None:
    place.settings(appName="<b>Shop</b> & Co")

    page = place.get('/users/confirm?token="><script>alert(1)</script>').text

    assert "<script>" not in page
    assert "<b>" not in page
    assert "&lt;b&gt;Shop&lt;/b&gt; &amp; Co" in page


@pytest.mark.parametrize("body", [b"a=" + b"x" * 20_000, b"\xff=%ff", b"&" * 50, b"token"])
def test_what_no_page_of_ours_sends_is_refused_with_a_page(place: Place, body: bytes) -> None:
    answer = place.call("POST", "/users/confirm", body)

    assert (answer.status, title(answer)) == (400, "This page was not sent properly")


def test_scanners_that_ask_for_heads_only_get_them(place: Place) -> None:
    token = place.register_pending()

    answer = place.call("HEAD", f"/users/confirm?token={token}")

    assert (answer.status, answer.body) == (200, b"")
    assert place.world.found().user_status == "EMAIL_CONFIRMATION_PENDING"
