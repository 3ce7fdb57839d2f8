"""From where somebody calls: proxies are believed only as far as they are trusted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blockwright.server import Options
from blockwright.server.clients import client_address, networks
from tests.server.world import Machine, served
from tests.services.world import ALICE

PROXIES = networks(["10.0.0.0/8", "fd00::/8"])


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("203.0.113.5", [], "203.0.113.5"),
        ("203.0.113.5", ["198.51.100.1"], "203.0.113.5"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["6.6.6.6, 198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["6.6.6.6", "198.51.100.1, 10.9.9.9"], "198.51.100.1"),
        ("10.0.0.1", ["198.51.100.1, 203.0.113.7, 10.2.3.4"], "203.0.113.7"),
        ("10.0.0.1", ["nonsense"], "10.0.0.1"),
        ("10.0.0.1", ["198.51.100.1, nonsense"], "10.0.0.1"),
        ("10.0.0.1", ["198.51.100.1, "], "10.0.0.1"),
        ("10.0.0.1", ["198.51.100.1:4711"], "198.51.100.1"),
        ("10.0.0.1", ["[2001:db8::1]:4711"], "2001:db8::1"),
        ("10.0.0.1", ["2001:db8::1"], "2001:db8::1"),
        ("::ffff:10.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("fd00::1%eth0", ["198.51.100.1"], "198.51.100.1"),
        (None, ["198.51.100.1"], None),
        ("a socket", ["198.51.100.1"], "a socket"),
    ],
)
def test_the_client_is_the_last_address_that_a_trusted_proxy_vouches_for(
    peer: str | None, forwarded: list[str], client: str | None
) -> None:
    assert client_address(peer, forwarded, PROXIES) == client


@given(st.lists(st.text(max_size=60), max_size=5))
def test_nothing_that_is_forwarded_breaks_anything(forwarded: list[str]) -> None:
    assert client_address("10.0.0.1", forwarded, PROXIES)


@given(st.lists(st.text(max_size=60), max_size=5))
def test_nobody_but_a_trusted_proxy_is_believed(forwarded: list[str]) -> None:
    assert client_address("203.0.113.5", forwarded, PROXIES) == "203.0.113.5"


def test_limits_count_clients_behind_a_trusted_proxy_apart(machine: Machine) -> None:
    options = Options(trusted_proxies=networks(["127.0.0.0/8"]), remember=0)
    with served(machine, options) as place:
        place.settings(loginsPerClientAndHour=1)
        body = {"login": ALICE, "password": "wrong"}

        def log_in(client: str) -> object:
            return place.call("POST", "/api/users/login", body, x_forwarded_for=client).code

        assert [log_in("198.51.100.1"), log_in("198.51.100.1"), log_in("198.51.100.2")] == [3003, "rate limited", 3003]


def test_without_trusted_proxies_a_client_cannot_take_another_s_place(machine: Machine) -> None:
    with served(machine) as place:
        place.settings(loginsPerClientAndHour=1)
        body = {"login": ALICE, "password": "wrong"}
        codes = [
            place.call("POST", "/api/users/login", body, x_forwarded_for=f"198.51.100.{number}").code
            for number in range(2)
        ]

    assert codes == [3003, "rate limited"]
