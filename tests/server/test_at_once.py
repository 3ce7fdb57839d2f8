"""Many calls at once over HTTP: the outcome is that of one after the other, on every store."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from blockwright.server import Options
from blockwright.services.backends.stored import StoredUsers
from tests.server.world import PATIENCE, Machine, Mailbox, Place, served
from tests.services.world import ALICE, BACKENDS, PASSWORD, QuickHasher, run, token_in

OK = 200


@pytest.fixture(params=[*BACKENDS])
def place(request: pytest.FixtureRequest, machine: Machine, tmp_path: Path) -> Iterator[Place]:
    """An app on each kind of store, served with remembered settings and keys, as it is in earnest."""
    store = BACKENDS[request.param](tmp_path).store
    users = StoredUsers(store, mails := Mailbox(), passwords=QuickHasher())
    with served(machine, Options(), users=users) as place:
        place.mails = mails
        yield place
    run(store.close())


def at_once(place: Place, times: int, method: str, path: str, **options: object) -> list[httpx.Response]:
    """Make the same call so many times at once, each on a connection of its own."""

    async def main() -> list[httpx.Response]:
        limits = httpx.Limits(max_connections=times)
        async with httpx.AsyncClient(base_url=place.client.base_url, timeout=PATIENCE, limits=limits) as client:
            return await asyncio.gather(*(client.request(method, path, **options) for _ in range(times)))  # type: ignore[arg-type]

    return asyncio.run(main())


def codes(responses: list[httpx.Response]) -> Counter[object]:
    return Counter(OK if each.status_code == OK else each.json()["code"] for each in responses)


def test_of_fifty_resends_at_once_one_sends_a_mail(place: Place) -> None:
    place.register_pending()

    responses = at_once(place, 50, "POST", f"/api/users/resendconfirmation/{ALICE}")

    assert codes(responses) == {OK: 1, "rate limited": 49}
    assert all(55 < int(each.headers["retry-after"]) < 65 for each in responses if each.status_code == 429)
    assert len(place.mails.wait_for(2)) == 2
    assert len(place.own("GET", "mails").json) == 2  # type: ignore[arg-type]


def test_of_fifty_uses_of_one_link_at_once_one_confirms(place: Place) -> None:
    token = place.register_pending()

    responses = at_once(place, 50, "POST", "/users/confirm", data={"token": token})

    ends = Counter(str(each.headers.get("location", each.status_code)) for each in responses)
    assert sorted(ends.values()) == [1, 49], ends
    assert place.get(f"/api/users/isvalidusertoken/{place.log_in()}").json is True


def test_of_many_who_register_one_address_at_once_one_wins(place: Place) -> None:
    place.settings(emailConfirmationRequired=True)

    responses = at_once(place, 20, "POST", "/api/users/register", json={"email": ALICE, "password": PASSWORD})

    assert codes(responses) == {OK: 1, 3033: 19}
    assert token_in(place.mails.wait_for(1)[0])
    assert len(place.own("GET", "mails").json) == 1  # type: ignore[arg-type]


def test_of_many_logins_at_once_no_more_succeed_than_may_be_logged_in(place: Place) -> None:
    place.register()
    place.settings(enableMultipleLogins=True, maxConcurrentLogins=3)

    responses = at_once(place, 20, "POST", "/api/users/login", json={"login": ALICE, "password": PASSWORD})

    assert codes(responses) == {OK: 3, 3044: 17}


def test_a_guest_becomes_one_account_and_only_once(place: Place) -> None:
    guest = place.post("/api/users/register/guest").record
    properties = {"email": ALICE, "password": PASSWORD, "objectId": guest["objectId"]}

    responses = at_once(
        place, 20, "POST", "/api/users/register", json=properties, headers={"user-token": str(guest["user-token"])}
    )

    assert codes(responses) == {OK: 1, 3039: 19}
