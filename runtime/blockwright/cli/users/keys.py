"""The keys that an app's API is called with."""

from __future__ import annotations

from blockwright.cli.terminal import CallError, say, tell
from blockwright.cli.users.asking import is_sure
from blockwright.cli.users.calling import ask, cannot, exit_code
from blockwright.cli.users.looks import moment, table
from blockwright.cli.values import as_json
from blockwright.language.suggest import did_you_mean
from blockwright.services.records import ApiKey, KeyKind
from blockwright.services.users import ApiKeys


def list_keys(url: str | None, *, json: bool) -> int:
    """Print all keys; gives the exit code."""

    async def find(users: object) -> tuple[ApiKey, ...]:
        return await _keys(users).list_keys()

    def call() -> None:
        keys = ask(url, find)
        if json:
            say(as_json([key.to_dict() for key in keys]))
        elif keys:
            say(table((key.key_id, key.kind, _value(key), f"made {moment(key.created)}", key.label) for key in keys))
        else:
            tell("there are no keys yet; make one: blockwright users keys add rest")

    return exit_code(call, json=json)


def _keys(users: object) -> ApiKeys:
    if not isinstance(users, ApiKeys):
        raise cannot("show or change its keys")
    return users


def _value(key: ApiKey) -> str:
    return key.value or "(secret)"


def add_key(kind: str, label: str, url: str | None, *, json: bool) -> int:
    """Make a key, and print it; gives the exit code. Raises CallError for a kind that is none."""
    chosen = _read_kind(kind)

    async def make(users: object) -> ApiKey:
        return await _keys(users).make_key(chosen, label)

    def call() -> None:
        key = ask(url, make)
        say(as_json(key.to_dict()) if json else key.value or "")
        if key.kind.secret:
            tell(f"keep this {key.kind} key now, in a safe place: it is never shown again")

    return exit_code(call, json=json)


def _read_kind(text: str) -> KeyKind:
    name = text.strip().lower().replace("_", "-")
    if name in list(KeyKind):
        return KeyKind(name)
    near = did_you_mean(name, list(KeyKind))
    raise CallError(f"{text} is no kind of key", f"did you mean {near}?" if near else f"there are {', '.join(KeyKind)}")


def remove_key(key_id: str, url: str | None, *, yes: bool, json: bool) -> int:
    """Remove a key, when the caller is sure; gives the exit code. Raises CallError."""

    async def remove(users: object) -> None:
        await _keys(users).remove_key(key_id)

    def call() -> None:
        if is_sure(f"Remove the key {key_id}? Calls with it are refused from then on.", yes=yes):
            ask(url, remove)
            say(as_json({"keyId": key_id}) if json else f"removed the key {key_id}")

    return exit_code(call, json=json)
