"""Settings: documented names, checked values, all or none."""

from __future__ import annotations

import pytest

from blockwright.services.records import ColumnType
from blockwright.services.settings import Settings
from tests.services.world import ALICE, PASSWORD, World, code_of, failure_of, in_threads, label, run


def test_settings_have_defaults_until_they_are_changed(world: World) -> None:
    settings = run(world.users.read_settings())

    assert settings.to_dict() == {
        "userRegistrationEnabled": True,
        "emailConfirmationRequired": False,
        "confirmationLinkHours": 24,
        "identityColumn": "email",
        "dynamicSchema": True,
        "loginsEnabled": True,
        "enableMultipleLogins": False,
        "maxConcurrentLogins": 0,
        "logoutLastUser": False,
        "failedLoginsLock": 0,
        "lockMinutes": 15,
        "sessionTimeout": 0,
        "guestHours": 24,
        "passwordRecoveryEnabled": True,
        "passwordLinkHours": 1,
        "resendSeconds": 60,
        "mailsPerAddressAndDay": 5,
        "mailsPerClientAndHour": 30,
        "mailsPerHour": 1000,
        "loginsPerClientAndHour": 300,
        "reveal": True,
        "findUsers": "self",
        "appName": "My app",
        "mailFrom": "no-reply@example.com",
        "publicBaseUrl": "http://localhost:8080",
    }


def test_changed_settings_are_kept_and_the_others_stay(world: World) -> None:
    run(world.users.change_settings({"emailConfirmationRequired": True}))
    run(world.users.change_settings({"appName": "Bakery", "publicBaseUrl": "https://bakery.example/app/"}))

    settings = run(world.users_with(None).read_settings())
    assert settings.email_confirmation_required
    assert settings.app_name == "Bakery"
    assert settings.public_base_url == "https://bakery.example/app"
    assert settings.user_registration_enabled


@pytest.mark.parametrize(
    ("text", "meant"), [("true", True), ("yes", True), ("1", True), ("false", False), ("no", False)]
)
def test_yes_and_no_may_be_written_as_on_a_command_line(world: World, text: str, meant: bool) -> None:
    assert run(world.users.change_settings({"emailConfirmationRequired": text})).email_confirmation_required is meant


WRITTEN = {
    "findUsers": ("users", "users"),
    "identityColumn": ("name", "name"),
    "appName": ("Bakery", "Bakery"),
    "mailFrom": ("info@bakery.example", "info@bakery.example"),
    "publicBaseUrl": ("https://bakery.example/", "https://bakery.example"),
}


def test_every_setting_can_be_written_as_text(world: World) -> None:
    defaults = Settings().to_dict()
    for name, default in defaults.items():
        plain: tuple[str, object] = ("no", False) if isinstance(default, bool) else ("15", 15)
        text, meant = WRITTEN.get(name, plain)
        assert run(world.users.change_settings({name: text})).to_dict() == {**defaults, name: meant}
        assert run(world.users.read_settings()).to_dict()[name] == meant
        run(world.users.change_settings({name: default}))


@pytest.mark.parametrize(
    ("name", "suggestion"),
    [
        ("emailConfirmationRequred", "did you mean emailConfirmationRequired?"),
        ("email_confirmation_required", "did you mean emailConfirmationRequired?"),
        ("APPNAME", "did you mean appName?"),
        ("colour", "there are userRegistrationEnabled, emailConfirmationRequired"),
        ("\x1b[31m" * 1000, "there are"),
    ],
    ids=label,
)
def test_an_unknown_setting_is_refused_with_the_nearest_name(world: World, name: str, suggestion: str) -> None:
    failure = failure_of(world.users.change_settings({name: True}))

    assert failure.code == "bad value"
    assert suggestion in failure.message
    assert failure.message.isprintable()


WRONG: list[tuple[str, object]] = [
    ("emailConfirmationRequired", "maybe"),
    ("emailConfirmationRequired", None),
    ("emailConfirmationRequired", 2),
    ("emailConfirmationRequired", ["yes"]),
    ("resendSeconds", "soon"),
    ("resendSeconds", -1),
    ("resendSeconds", "86401"),
    ("resendSeconds", 1.5),
    ("resendSeconds", True),
    ("resendSeconds", None),
    ("resendSeconds", 10**5000),
    ("resendSeconds", "9" * 5000),
    ("lockMinutes", 0),
    ("findUsers", "nobody"),
    ("findUsers", ["self"]),
    ("findUsers", 1),
    ("identityColumn", "a column"),
    ("identityColumn", ""),
    ("identityColumn", 5),
    ("identityColumn", "badge"),
    ("identityColumn", "objectId"),
    ("identityColumn", "password"),
    ("identityColumn", "userStatus"),
    ("appName", ""),
    ("appName", "Bakery\r\nBcc: eve@example.com"),
    ("appName", "=?utf-8?q?hi=0D=0ABcc:_evil@example.com?="),
    ("appName", "x" * 101),
    ("appName", 5),
    ("mailFrom", "nobody"),
    ("mailFrom", "Bakery <info@bakery.example>"),
    ("publicBaseUrl", "bakery.example"),
    ("publicBaseUrl", "javascript:alert(1)"),
    ("publicBaseUrl", "https://user:secret@bakery.example"),
    ("publicBaseUrl", "https://bakery.example/?a=b"),
    ("publicBaseUrl", "https://bakery.example/\n"),
    ("publicBaseUrl", "https://[bakery"),
    ("publicBaseUrl", "https://bakery.example:99999"),
]


def test_a_wrong_value_is_refused_naming_its_setting_and_nothing_is_changed(world: World) -> None:
    before = run(world.users.read_settings())

    for name, value in WRONG:
        failure = failure_of(world.users.change_settings({"userRegistrationEnabled": False, name: value}))
        assert failure.code == "bad value"
        assert f"The setting {name}" in failure.message
        assert failure.message.isprintable()
        assert len(failure.message) < 300
    assert run(world.users.read_settings()) == before


def test_all_mistakes_are_named_at_once(world: World) -> None:
    message = failure_of(world.users.change_settings({"appName": "", "mailFrom": "x", "colour": 1})).message

    assert all(name in message for name in ("appName", "mailFrom", "colour"))


def test_a_number_out_of_range_is_told_its_range(world: World) -> None:
    failure = failure_of(world.users.change_settings({"resendSeconds": "soon"}))

    assert failure.message == "The setting resendSeconds is a whole number from 0 to 86400, not soon."


def test_one_of_a_few_words_is_told_which(world: World) -> None:
    failure = failure_of(world.users.change_settings({"findUsers": "all"}))

    assert failure.message == "The setting findUsers is one of self, users, everyone, not all."


@pytest.mark.parametrize("changes", [None, "x", ["appName"], {5: 1}])
def test_changes_are_an_object(world: World, changes: dict[str, object]) -> None:
    assert code_of(world.users.change_settings(changes)) == "bad value"


def test_another_identity_column_gives_everybody_another_identity_at_once(world: World) -> None:
    alice = world.register(ALICE, name="bob@yourmail.com", badge=7)
    bob = world.register("bob@yourmail.com", name=ALICE, badge=8)
    guest = run(world.users.log_in_as_guest())

    world.change_settings(identityColumn="name")
    assert run(world.users.find("bob@yourmail.com")) == alice
    assert run(world.users.find(ALICE)) == bob
    assert run(world.users.log_in(ALICE, PASSWORD)).user.object_id == bob.object_id

    world.change_settings(identityColumn="badge")
    assert [run(world.users.find(number)) is not None for number in (7, 8, 9)] == [True, True, False]
    assert run(world.users.find(ALICE)) is None
    assert code_of(world.users.update(alice.object_id, {"badge": 8})) == 3018

    world.change_settings(identityColumn="email")
    assert world.found(ALICE).object_id == alice.object_id
    assert run(world.users.is_valid(guest.token))


def test_a_column_cannot_name_accounts_where_a_value_is_missing_or_there_twice(world: World) -> None:
    world.register(ALICE, badge=7, name="Alice")
    bob = world.register("bob@yourmail.com", badge=7)

    twice = failure_of(world.users.change_settings({"identityColumn": "badge", "appName": "Bakery"}))
    missing = failure_of(world.users.change_settings({"identityColumn": "name"}))

    assert (twice.code, missing.code) == ("bad value", "bad value")
    assert "two users have 7" in twice.message
    assert bob.object_id in missing.message
    assert run(world.users.read_settings()) == Settings()
    assert world.found(ALICE).properties["badge"] == 7


@pytest.mark.parametrize("type", [ColumnType.BOOLEAN, ColumnType.JSON, ColumnType.DATETIME])
def test_a_column_that_holds_neither_text_nor_numbers_names_nobody(world: World, type: ColumnType) -> None:
    run(world.users.make_column("badge", type))

    failure = failure_of(world.users.change_settings({"identityColumn": "badge"}))
    assert failure.message == f"The setting identityColumn must name a column of text or numbers; badge is {type}."


def test_nobody_registers_by_an_older_identity_while_another_comes_in(world: World) -> None:
    async def call(number: int) -> object:
        if number == 5:
            return await world.users.change_settings({"identityColumn": "name"})
        return await world.users.register({"email": f"{number}@x.example", "name": f"n{number}", "password": PASSWORD})

    in_threads(10, call)

    for user in run(world.users.list_users()):
        assert run(world.users.find(str(user.properties["name"]))) == user


def test_the_app_has_an_id_that_stays_and_is_no_setting(world: World) -> None:
    ids = set(in_threads(8, lambda _: world.users.app_id()))

    assert ids == {run(world.users.app_id())}
    assert run(world.users.read_settings()) == Settings()
    assert code_of(world.users.change_settings({"app id": "x"})) == "bad value"
