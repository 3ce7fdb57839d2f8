"""Settings: documented names, checked values, all or none."""

from __future__ import annotations

import pytest

from tests.services.world import World, failure_of, label, run


def test_settings_have_defaults_until_they_are_changed(world: World) -> None:
    settings = run(world.users.read_settings())

    assert settings.to_dict() == {
        "userRegistrationEnabled": True,
        "emailConfirmationRequired": False,
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


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("emailConfirmationRequired", "maybe"),
        ("emailConfirmationRequired", None),
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
    ],
)
def test_a_wrong_value_is_refused_naming_its_setting_and_nothing_is_changed(
    world: World, name: str, value: object
) -> None:
    before = run(world.users.read_settings())

    failure = failure_of(world.users.change_settings({"userRegistrationEnabled": False, name: value}))

    assert failure.code == "bad value"
    assert f"The setting {name}" in failure.message
    assert run(world.users.read_settings()) == before


def test_all_mistakes_are_named_at_once(world: World) -> None:
    message = failure_of(world.users.change_settings({"appName": "", "mailFrom": "x", "colour": 1})).message

    assert all(name in message for name in ("appName", "mailFrom", "colour"))
