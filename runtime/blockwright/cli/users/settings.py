"""The settings of a user service, by what they are about."""

from __future__ import annotations

from collections.abc import Sequence

from blockwright.cli.reading import read_pairs
from blockwright.cli.terminal import columns, say
from blockwright.cli.users.calling import ask, cannot, exit_code
from blockwright.cli.users.looks import cell
from blockwright.cli.values import as_json, as_text
from blockwright.services import Settings, UserSettings

GROUPS = {
    "accounts": (
        "userRegistrationEnabled",
        "emailConfirmationRequired",
        "confirmationLinkHours",
        "identityColumn",
        "dynamicSchema",
    ),
    "logins": (
        "loginsEnabled",
        "enableMultipleLogins",
        "maxConcurrentLogins",
        "logoutLastUser",
        "failedLoginsLock",
        "lockMinutes",
        "sessionTimeout",
        "guestHours",
        "passwordRecoveryEnabled",
        "passwordLinkHours",
    ),
    "limits": (
        "resendSeconds",
        "mailsPerAddressAndDay",
        "mailsPerClientAndHour",
        "mailsPerHour",
        "loginsPerClientAndHour",
    ),
    "what strangers see": ("reveal", "findUsers"),
    "mail": ("appName", "mailFrom", "publicBaseUrl"),
}
"""Every setting, under the heading that it is listed below."""


def change_settings(changes: Sequence[str], url: str | None, *, json: bool) -> int:
    """Change all the settings that are named, or none, and print those; without changes print all. Gives the exit
    code; raises CallError."""
    pairs = read_pairs(changes)

    async def change(users: object) -> Settings:
        if not isinstance(users, UserSettings):
            raise cannot("show or change its settings")
        return await (users.change_settings(pairs) if pairs else users.read_settings())

    def call() -> None:
        settings = ask(url, change)
        if json:
            say(as_json(settings.to_dict()))
        elif pairs:
            say(columns([*_row(settings, name)[:1], _about(name)] for name in settings.to_dict() if name in pairs))
        else:
            say("\n\n".join(_group_text(settings, heading, names) for heading, names in GROUPS.items()))

    return exit_code(call, json=json)


def _group_text(settings: Settings, heading: str, names: Sequence[str]) -> str:
    return f"{heading}\n{columns((_row(settings, name) for name in names), indent='  ')}"


def _row(settings: Settings, name: str) -> tuple[str, str, str]:
    value = settings.to_dict()[name]
    origin = "default" if value == Settings().to_dict()[name] else "yours"
    return (cell(f"{name} = {as_text(value)}"), origin, _about(name))


def _about(name: str) -> str:
    fields = Settings.model_fields.values()
    return next((field.description or "" for field in fields if field.alias == name), "")
