"""The owner's API: everything about an app, with an owner key and no other."""

from __future__ import annotations

import pytest

from blockwright.services.records import KeyKind
from tests.server.world import Place
from tests.services.world import ALICE, PASSWORD


@pytest.mark.parametrize("path", ["settings", "roles", "keys", "accounts", "columns", "mails", "templates"])
def test_only_an_owner_key_opens_it(place: Place, path: str) -> None:
    others = [place.keys[kind] for kind in KeyKind if kind is not KeyKind.OWNER]
    wrong = [f"Bearer {key}" for key in (*others, "nonsense")]
    wrong += ["Bearer", place.keys[KeyKind.OWNER], "Basic eA=="]

    assert place.own("GET", path).status == 200
    assert place.get(f"/owner/{path}").code == "not authorized"
    for authorization in wrong:
        answer = place.call("GET", f"/owner/{path}", authorization=authorization)
        assert (answer.status, answer.code) == (401, "not authorized")
        assert answer.headers["www-authenticate"] == "Bearer"
    assert place.get(f"{place.form(KeyKind.CLOUD_CODE)}/owner/{path}").status == 404


def test_settings_are_shown_and_changed_all_or_none(place: Place) -> None:
    assert place.own("GET", "settings").record["emailConfirmationRequired"] is False

    changed = place.own("PATCH", "settings", {"emailConfirmationRequired": True, "appName": "Shop"})

    assert (changed.status, changed.record["appName"]) == (200, "Shop")
    assert place.own("PATCH", "settings", {"appName": "X", "nonsense": 1}).code == "bad value"
    assert place.own("GET", "settings").record["appName"] == "Shop"


def test_a_changed_setting_counts_at_once_for_the_next_call(place: Place) -> None:
    place.app.state.house._settings._seconds = 1000
    assert place.get("/users/confirm").text.count("My app")

    place.own("PATCH", "settings", {"appName": "Shop"})

    assert place.get("/users/confirm").text.count("Shop")


def test_roles_are_made_and_removed(place: Place) -> None:
    made = place.own("POST", "roles", {"name": "night shift/2"})

    assert (made.status, made.json) == (201, {"name": "night shift/2"})
    assert place.own("POST", "roles", {"name": "night shift/2"}).code == 2006
    assert place.own("POST", "roles", {"title": "x"}).code == "bad value"
    assert place.own("GET", "roles").json == ["night shift/2"]
    assert place.own("DELETE", "roles/night%20shift%2F2").status == 200
    assert place.own("DELETE", "roles/JSUser").code == 2001
    assert place.own("GET", "roles").json == []


def test_keys_are_made_shown_and_removed(place: Place) -> None:
    made = place.own("POST", "keys", {"kind": "cloud-code", "label": "worker"}).record
    path = f"/{place.app_id}/{made['value']}/info"

    assert place.get(path).status == 200
    listed = place.own("GET", "keys").json
    assert isinstance(listed, list)
    assert [(key["label"], key["value"]) for key in listed if key["label"]] == [("worker", None)]
    assert place.own("DELETE", f"keys/{made['keyId']}").status == 200
    assert place.get(path).code == 2002
    assert place.own("DELETE", "keys/nothing").code == 2004
    assert place.own("POST", "keys", {"kind": "master"}).code == "bad value"


def test_accounts_are_added_found_changed_and_removed(place: Place) -> None:
    added = place.own("POST", "accounts", {"email": ALICE, "age": 44, "userStatus": "EMAIL_CONFIRMATION_PENDING"})
    path = f"accounts/{added.record['objectId']}"

    assert (added.status, added.record["userStatus"]) == (201, "EMAIL_CONFIRMATION_PENDING")
    assert place.own("POST", "accounts", {"email": ALICE}).code == 3033
    assert place.own("POST", "accounts", {"email": ALICE, "userStatus": "GONE"}).code == "bad value"
    assert place.own("GET", "accounts?where=age%20%3E%2040").record["total"] == 1
    assert place.own("GET", "accounts?where=age%20%3C%2040").json == {"accounts": [], "total": 0}
    assert place.own("POST", f"{path}/confirm").record["userStatus"] == "ENABLED"
    assert place.own("POST", f"{path}/confirm").code == 3092
    assert place.own("PATCH", path, {"name": "Al", "password": PASSWORD}).record["name"] == "Al"
    assert place.log_in()
    assert place.own("PUT", f"{path}/status", {"userStatus": "DISABLED"}).status == 200
    assert place.own("PUT", f"{path}/status", {"userStatus": "DISABLED"}).code == 3085
    assert place.own("GET", path).record["userStatus"] == "DISABLED"
    assert set(place.own("DELETE", path).record) == {"deletionTime"}
    assert place.own("GET", path).code == 3057
    assert place.own("POST", f"{path}/confirm").code == 3057


def test_a_guest_has_nothing_to_confirm_or_unlock(place: Place) -> None:
    guest = place.post("/api/users/register/guest").record

    assert place.own("POST", f"accounts/{guest['objectId']}/confirm").code == 3051
    assert place.own("POST", f"accounts/{guest['objectId']}/unlock").code == 3051


def test_a_locked_account_is_unlocked(place: Place) -> None:
    place.settings(failedLoginsLock=2)
    object_id = place.register()
    for _ in range(2):
        place.post("/api/users/login", {"login": ALICE, "password": "wrong"})
    assert place.post("/api/users/login", {"login": ALICE, "password": PASSWORD}).code == 3036

    assert place.own("POST", f"accounts/{object_id}/unlock").status == 200

    assert place.log_in()


def test_roles_are_given_and_taken(place: Place) -> None:
    object_id = place.register()
    place.own("POST", "roles", {"name": "staff"})

    assert place.own("PUT", f"accounts/{object_id}/roles/staff").status == 200
    assert place.own("GET", f"accounts/{object_id}/roles").json == ["staff"]
    assert place.own("DELETE", f"accounts/{object_id}/roles/staff").status == 200
    assert place.own("DELETE", f"accounts/{object_id}/roles/staff").code == 3059
    assert place.own("PUT", "accounts/nobody/roles/staff").code == 3057


def test_columns_are_made_and_removed(place: Place) -> None:
    made = place.own("POST", "columns", {"name": "age", "type": "INT", "required": True})

    assert (made.status, made.record["type"], made.record["required"]) == (201, "INT", True)
    assert place.own("POST", "columns", {"name": "age", "type": "INT"}).code == 3017
    assert place.own("POST", "columns", {"name": "objectId", "type": "INT"}).code == 3016
    assert place.own("POST", "columns", {"name": "x", "type": "FLOAT"}).code == "bad value"
    assert place.own("POST", "columns", {"name": "x", "type": "INT", "required": "yes"}).code == "bad value"
    assert place.own("DELETE", "columns/age").status == 200
    assert place.own("DELETE", "columns/age").code == 3056


def test_mails_are_listed_without_their_texts(place: Place) -> None:
    place.register_pending()

    mails = place.own("GET", "mails").json

    assert isinstance(mails, list)
    assert [mail["to"] for mail in mails] == [ALICE]
    assert "token" not in str(mails)
    assert place.own("GET", "mails?state=refused").json == []
    assert place.own("GET", "mails?state=lost").code == "bad value"
    assert place.own("POST", "mails/nothing/retry").code == 2004


def test_the_words_of_mails_are_changed_and_put_back(place: Place) -> None:
    before = place.own("GET", "templates").json

    changed = place.own("PATCH", "templates/confirmation", {"subject": "Hello from {{ app }}"})

    assert (changed.status, changed.record["subject"]) == (200, "Hello from {{ app }}")
    place.register_pending()
    assert place.mails.messages[0].subject == "Hello from My app"
    assert place.own("PATCH", "templates/confirmation", {"subject": "{{ nonsense }}"}).code == "bad value"
    assert place.own("PATCH", "templates/nothing", {"subject": "x"}).code == "bad value"
    assert place.own("DELETE", "templates/confirmation").status == 200
    assert place.own("GET", "templates").json == before


def test_the_owner_is_told_what_is_out_of_order(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    from blockwright.failure import Failure

    async def down() -> None:
        raise Failure("unavailable", "The database users.db is locked.")

    monkeypatch.setattr(place.users, "list_roles", down)
    answer = place.own("GET", "roles")

    assert (answer.status, answer.code) == (503, "unavailable")
    assert answer.record["message"] == "The database users.db is locked."
