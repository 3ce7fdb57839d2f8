"""Where users and mail are kept when nobody says otherwise: in the user's data folder."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path


def data_folder() -> Path | None:
    """The folder for this user's data, or None where ``platformdirs`` is not installed to find it."""
    try:
        from platformdirs import user_data_path
    except ImportError:
        return None
    return user_data_path("blockwright", appauthor=False)


def users_url() -> str | None:
    """The URL of the user database in the data folder."""
    folder = data_folder()
    return f"sqlite:///{(folder / 'users.db').as_posix()}" if folder else None


def mail_url() -> str | None:
    """The URL of the outbox in the data folder."""
    folder = data_folder()
    return f"outbox:{folder / 'outbox'}" if folder else None


def make_data_folder() -> None:
    """Make the folder for this user's data, for nobody else's eyes; whoever uses it says so if that fails."""
    folder = data_folder()
    if folder is not None:
        with suppress(OSError):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
