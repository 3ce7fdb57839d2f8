"""The tables of release 0.2, and the way to them from release 0.1.0.

That release made its tables without Alembic: ``users``, ``confirmation_links`` and ``settings``, in SQLite only, and
``blockwright_schema`` with the number 1. What it kept is brought over.
"""

from __future__ import annotations

import json
import re

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")
FIRST_RELEASE = ("users", "confirmation_links", "settings")
TABLES = (
    "settings",
    "users",
    "user_columns",
    "links",
    "sessions",
    "roles",
    "role_grants",
    "api_keys",
    "mails",
    "throttles",
    "mail_templates",
)


def upgrade() -> None:
    is_older = sa.inspect(op.get_bind()).has_table("blockwright_schema")
    if is_older:
        for name in FIRST_RELEASE:
            op.rename_table(name, f"first_release_{name}")
    _make_tables()
    if is_older:
        _bring_over()
        for name in ("first_release_confirmation_links", "first_release_users", "first_release_settings"):
            op.drop_table(name)
        op.drop_table("blockwright_schema")


def downgrade() -> None:
    for name in TABLES:
        op.drop_table(name)


def _make_tables() -> None:
    op.create_table("settings", _key("name"), _text("value"))
    op.create_table(
        "users",
        _key("object_id"),
        sa.Column("identity_key", TEXT, unique=True),
        sa.Column("email", TEXT),
        sa.Column("password_hash", TEXT),
        _text("user_status"),
        _number("created"),
        sa.Column("updated", sa.BigInteger()),
        sa.Column("last_login", sa.BigInteger()),
        _text("social_account"),
        _text("properties"),
    )
    op.create_index("ix_users_created_object_id", "users", ["created", "object_id"])
    op.create_table(
        "user_columns",
        _key("name"),
        _text("type"),
        sa.Column("required", sa.Boolean(), nullable=False),
        _text("default"),
    )
    op.create_table(
        "links",
        _key("digest"),
        _text("purpose"),
        _text("object_id"),
        _text("email"),
        _number("issued"),
        _number("expires"),
        sa.Column("used", sa.BigInteger()),
        sa.Column("voided", sa.BigInteger()),
    )
    op.create_index("ix_links_object_id", "links", ["object_id"])
    op.create_index("ix_links_expires_digest", "links", ["expires", "digest"])
    op.create_table(
        "sessions", _key("digest"), _text("object_id"), _number("created"), sa.Column("expires", sa.BigInteger())
    )
    op.create_index("ix_sessions_object_id", "sessions", ["object_id"])
    op.create_index("ix_sessions_expires_digest", "sessions", ["expires", "digest"])
    op.create_table("roles", _key("name"), _number("created"))
    op.create_table("role_grants", _key("key"), _text("object_id"), _text("role"))
    op.create_index("ix_role_grants_object_id", "role_grants", ["object_id"])
    op.create_index("ix_role_grants_role", "role_grants", ["role"])
    op.create_table(
        "api_keys",
        _key("digest"),
        sa.Column("key_id", TEXT, nullable=False, unique=True),
        _text("kind"),
        _text("label"),
        sa.Column("value", TEXT),
        _number("created"),
    )
    op.create_table(
        "mails",
        _key("mail_id"),
        _text("to"),
        _text("subject"),
        _text("text"),
        _text("html"),
        _text("sender"),
        _text("sender_name"),
        _number("created"),
        _text("state"),
        _number("tries"),
        sa.Column("due", sa.BigInteger()),
        sa.Column("finished", sa.BigInteger()),
        sa.Column("problem", TEXT),
    )
    op.create_index("ix_mails_state", "mails", ["state"])
    op.create_index("ix_mails_due_mail_id", "mails", ["due", "mail_id"])
    op.create_table("throttles", _key("key"), _number("until"), _number("count"))
    op.create_index("ix_throttles_until_key", "throttles", ["until", "key"])
    op.create_table("mail_templates", _key("name"), _text("subject"), _text("text"), _text("html"))


def _bring_over() -> None:
    op.execute("INSERT INTO settings (name, value) SELECT name, value FROM first_release_settings")
    op.execute(
        "INSERT INTO users (object_id, identity_key, email, user_status, created, updated, social_account, properties) "
        "SELECT object_id, email_key, email, user_status, created, updated, 'BACKENDLESS', properties "
        "FROM first_release_users"
    )
    op.execute(
        "INSERT INTO links (digest, purpose, object_id, email, issued, expires, used, voided) "
        "SELECT digest, 'confirm', object_id, email, issued, expires, used, voided "
        "FROM first_release_confirmation_links"
    )
    columns = [{"name": name, "type": kind, "required": False, "default": "null"} for name, kind in _columns().items()]
    if columns:
        table = sa.table("user_columns", *map(sa.column, columns[0]))
        op.get_bind().execute(sa.insert(table), columns)


def _columns() -> dict[str, str]:
    """The first release knew no columns: those that its accounts' properties make, with the types that fit them all."""
    columns: dict[str, str] = {}
    spellings = {"name": "name", "bluserlocale": "blUserLocale"}
    for (text,) in op.get_bind().exec_driver_sql("SELECT properties FROM first_release_users"):
        for name, value in json.loads(text).items():
            known = spellings.setdefault(name.casefold(), name) == name and name not in ("name", "blUserLocale")
            if known and value is not None and _NAME.fullmatch(name):
                columns[name] = _join(columns.get(name), _type_of(value))
    return dict(list(columns.items())[:300])


def _type_of(value: object) -> str:
    match value:
        case bool():
            return "BOOLEAN"
        case int():
            return "INT"
        case float():
            return "DOUBLE"
        case str():
            return "STRING" if len(value) <= 500 else "TEXT"
        case _:
            return "JSON"


def _join(one: str | None, other: str) -> str:
    if one is None or one == other:
        return other
    return {frozenset({"INT", "DOUBLE"}): "DOUBLE", frozenset({"STRING", "TEXT"}): "TEXT"}.get(
        frozenset({one, other}), "JSON"
    )


def _key(name: str) -> sa.Column[str]:
    return sa.Column(name, TEXT, primary_key=True)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, TEXT, nullable=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=False)
