"""The contract over HTTP: the Backendless backend speaks to our own server, which serves users in memory."""

from __future__ import annotations

from dataclasses import dataclass, field

from blockwright.server import Options, create_app
from blockwright.services import Mailer
from blockwright.services.backends.backendless.address import parse_url
from blockwright.services.backends.backendless.service import BackendlessUsers
from blockwright.services.backends.memory import MemoryStore
from blockwright.services.backends.stored import StoredUsers
from blockwright.services.records import KeyKind
from blockwright.services.users import (
    Accounts,
    ConfirmationLinkMaker,
    ConfirmationService,
    PasswordRecovery,
    Roles,
    Sessions,
    Statuses,
    UserSearch,
)
from tests.server.world import Machine
from tests.services.world import World, run

PROVIDED = (
    Accounts,
    UserSearch,
    Sessions,
    ConfirmationService,
    ConfirmationLinkMaker,
    PasswordRecovery,
    Roles,
    Statuses,
)
"""What the backend can do; all else is the owner's, and is done in the store."""
BY_HTTP = frozenset(name for protocol in PROVIDED for name in dir(protocol) if not name.startswith("_"))

NOTHING_OF_IT = {
    "test_contract_columns.py": "columns are the owner's",
    "test_contract_housekeeping.py": "housekeeping and the app's id are the owner's",
    "test_contract_keys.py": "keys are the owner's",
    "test_contract_settings.py": "settings are the owner's",
}
"""Files that ask nothing, or nothing but in passing, that the backend provides."""


class Both:
    """What the backend provides goes over HTTP, what only the owner may do goes to the store."""

    def __init__(self, machine: Machine, by_http: BackendlessUsers, stored: StoredUsers) -> None:
        self._machine = machine
        self._by_http = by_http
        self._stored = stored
        self._app = create_app(stored, None, Options(remember=0))

    def __getattr__(self, name: str) -> object:
        if name not in BY_HTTP:
            return getattr(self._stored, name)
        self._machine.app = self._app
        return getattr(self._by_http, name)


@dataclass
class OverHttp(World):
    machine: Machine = field(kw_only=True)

    def __post_init__(self) -> None:
        stored = super().users_with(self.mailer)
        key, app_id = run(stored.make_key(KeyKind.CLOUD_CODE)).value, run(stored.app_id())
        url = f"http://127.0.0.1:{self.machine.port}/{app_id}/{key}?timeout=30"
        self.by_http = BackendlessUsers(parse_url(url), remembered=0)

    @property
    def users(self) -> StoredUsers:
        return self.users_with(self.mailer)

    def users_with(self, mailer: Mailer | None) -> StoredUsers:
        return Both(self.machine, self.by_http, super().users_with(mailer))  # type: ignore[return-value]

    def close(self) -> None:
        run(self.by_http.close())


def over_http(machine: Machine) -> OverHttp:
    return OverHttp(MemoryStore(), machine=machine)


_CLIENTS = "where a client of this program calls from is not told to the service, which sees this program"
_ONE_LOOP = "holds up threads, and the server does all its work in one"

NOT_OVER_HTTP = {
    "test_the_backend_provides_every_protocol": "it does not: the owner's part is done in the store",
    "test_a_client_causes_so_many_mails_in_an_hour": _CLIENTS,
    "test_two_addresses_of_one_ipv6_network_are_one_client": _CLIENTS,
    "test_the_client_is_text": _CLIENTS,
    "test_the_failed_logins_of_one_client_are_limited_whomever_it_tries": _CLIENTS,
    "test_a_network_of_one_customer_is_one_client": _CLIENTS,
    "test_one_client_can_cause_so_many_mails": _CLIENTS,
    "test_one_client_cannot_make_guests_without_end": _CLIENTS,
    "test_the_guesses_of_one_client_at_once_are_all_counted": _CLIENTS,
    "test_of_many_guesses_at_once_only_as_many_as_allowed_tell_anything": _ONE_LOOP,
    "test_without_a_mailer_nobody_is_registered_half_and_the_failure_says_what_is_missing": "why a server cannot do "
    "something just now, it keeps to itself",
}
"""Tests that are not run over HTTP, each with the reason."""
