"""What a database holds, told from the names of its tables."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from blockwright.services.backends.sql.problems import not_ours
from blockwright.services.backends.sql.schema import FIRST_RELEASE, FIRST_RELEASE_TABLE, TABLES, VERSION_TABLE
from blockwright.services.backends.sql.urls import FilePlace, Place


def judge(names: AbstractSet[str], place: Place) -> str | None:
    """The version of a database without a version: that of the first release, or None when it has no tables of ours.

    Fails with ``unavailable`` when others' tables are where ours would be. An SQLite file is ours alone; on a server,
    other programs may have tables of other names beside ours.
    """
    if FIRST_RELEASE_TABLE in names:
        return FIRST_RELEASE
    others = names - {VERSION_TABLE}
    if others if isinstance(place, FilePlace) else others & TABLES.keys():
        raise not_ours(place)
    return None
