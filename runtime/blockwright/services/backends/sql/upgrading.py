"""Making the tables of a user database, and bringing those of an older release up to this one's."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, inspect
from sqlalchemy.exc import DBAPIError

from blockwright.failure import UNAVAILABLE, Failure
from blockwright.services.backends.sql.problems import explain, wrong_version
from blockwright.services.backends.sql.schema import FIRST_RELEASE, HEAD, VERSION_TABLE
from blockwright.services.backends.sql.sessions import Driver
from blockwright.services.backends.sql.standing import judge

NONE = "none"
"""The version of a database without tables."""

_one_at_a_time = threading.Lock()
"""Alembic works with what it keeps in its modules, once for a process."""


def upgrade(driver: Driver) -> tuple[str, str]:
    """Make the tables, or bring them up to this release's; gives the versions before and after. All or nothing.

    Others who try it at once wait, and find nothing to do. Fails with ``unavailable``.
    """
    return _migrate(driver, HEAD, command.upgrade)


def downgrade(driver: Driver) -> tuple[str, str]:
    """Remove the tables, with all that is in them; gives the versions before and after. Fails with ``unavailable``."""
    return _migrate(driver, NONE, command.downgrade)


def _migrate(driver: Driver, version: str, step: Callable[[Config, str], None]) -> tuple[str, str]:
    try:
        driver.make()
        with driver.engine.connect() as connection, connection.begin():
            before = version_of(connection, driver)
            if before not in (NONE, FIRST_RELEASE) and before > HEAD:
                raise wrong_version(before, driver.place)
            if before != version:
                _check_encoding(connection, driver)
                _run(step, connection, "base" if version == NONE else version)
            return before, version
    except DBAPIError as error:
        cause = error.orig
        raise explain(cause if isinstance(cause, Exception) else error, driver.place) from None
    except (driver.error, OSError) as error:
        raise explain(error, driver.place) from None


def version_of(connection: Connection, driver: Driver) -> str:
    """The version of the tables in a database. Fails with ``unavailable`` for those of something else."""
    names = set(inspect(connection).get_table_names())
    if VERSION_TABLE in names:
        version = connection.exec_driver_sql(f"SELECT version_num FROM {VERSION_TABLE}").scalar()
        if version is not None:
            return str(version)
    return judge(names, driver.place) or NONE


def _check_encoding(connection: Connection, driver: Driver) -> None:
    if connection.dialect.name == "postgresql":
        encoding = connection.exec_driver_sql("SHOW server_encoding").scalar()
        if encoding != "UTF8":
            raise Failure(
                UNAVAILABLE,
                f"The user database {driver.place.name} cannot keep every letter; make it with: createdb -E UTF8",
            )


def _run(step: Callable[[Config, str], None], connection: Connection, version: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    config.attributes["connection"] = connection
    with _one_at_a_time:
        step(config, version)
