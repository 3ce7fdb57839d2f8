"""Properties of users as they are typed, ``name=value``, read by the types of their columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from blockwright.cli.reading import read_pairs, read_value
from blockwright.cli.terminal import CallError
from blockwright.cli.users.calling import cannot, identity_column
from blockwright.language.suggest import did_you_mean
from blockwright.services import UserSettings
from blockwright.services.records import Column, ColumnType
from blockwright.services.users import UserSearch

FREE = ("email", "name", "blUserLocale")
"""The built-in columns that hold what users say of themselves."""


@dataclass(frozen=True)
class Schema:
    """Which columns there are, which of them names an account, and whether new ones may come."""

    columns: Mapping[str, Column]
    identity: str
    is_dynamic: bool

    def read(self, pairs: Sequence[str]) -> dict[str, object]:
        """The properties that are typed; an empty one is null. Raises CallError, FlowError."""
        return {name: self.read_one(name, text) for name, text in read_pairs(pairs).items()}

    def read_one(self, name: str, text: str) -> object:
        """The value of one property. Raises CallError, FlowError."""
        self._check_name(name)
        if not text:
            return None
        column = self.columns.get(name)
        match column.type if column else None:
            case ColumnType.STRING | ColumnType.TEXT | ColumnType.STRING_ID:
                return text
            case ColumnType.BOOLEAN:
                return _YES_OR_NO.get(text.strip().lower(), text)
            case ColumnType.DATETIME:
                return _moment(text)
            case _:
                return read_value(name, text)

    def new_columns(self, properties: Mapping[str, object]) -> list[str]:
        """The columns that properties would bring along."""
        return [name for name, value in properties.items() if name not in self.columns and value is not None]

    def _check_name(self, name: str) -> None:
        if name == "password":
            raise CallError(
                "a password is not typed among the properties, where others could read it",
                "see blockwright users password --help",
            )
        if name == "userStatus":
            raise CallError("userStatus is no property to set", "use blockwright users enable, disable or confirm")
        column = self.columns.get(name)
        if column is not None and column.built_in and name not in FREE:
            raise CallError(f"{name} is set by the service itself", "leave it out")
        if column is None and not self.is_dynamic:
            near = did_you_mean(name, self.columns)
            mend = f"did you mean {near}?" if near else "make it first: blockwright users columns add NAME TYPE"
            raise CallError(f"there is no column called {name}, and the setting dynamicSchema is off", mend)


_YES_OR_NO = {"yes": True, "true": True, "no": False, "false": False}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _moment(text: str) -> object:
    """Milliseconds since 1970, or a date and time, in UTC unless it says otherwise."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return read_value("date", text)
    if text.isdigit():
        return int(text)
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return (aware - _EPOCH) // timedelta(milliseconds=1)


async def schema_of(users: object) -> Schema:
    """The columns of a user service. Raises CallError where it does not tell."""
    if not isinstance(users, UserSearch):
        raise cannot("say which properties its users have")
    columns = {column.name: column for column in await users.describe()}
    is_dynamic = (await users.read_settings()).dynamic_schema if isinstance(users, UserSettings) else True
    return Schema(columns, await identity_column(users), is_dynamic)
