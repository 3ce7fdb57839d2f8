"""Logins and the sessions they begin: who is logged in, and until when.

A session of a disabled account is dead, and kept until the account is enabled, so that its user is told why (3090).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from blockwright.failure import BAD_VALUE, UNAVAILABLE, Failure
from blockwright.services.addresses import kind_of, shown
from blockwright.services.backends.rows import SessionRow, UserRow
from blockwright.services.backends.store import Tables
from blockwright.services.backends.stored import lockout, throttle
from blockwright.services.backends.stored.accounts import remove_row
from blockwright.services.backends.stored.context import Context, row_of_user, settings_in, user_of_row
from blockwright.services.backends.stored.identity import find_row, identity_key, row_by_id
from blockwright.services.confirmation import digest_of
from blockwright.services.records import Identity, Session, User, UserStatus
from blockwright.services.settings import Settings

SECOND = 1000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
LONGEST_TOKEN = 200
"""The longest token that is looked up, in characters; ours have 43."""
TRIES = 3
"""How often a login is begun anew because the account changed while its password was checked."""


async def log_in(context: Context, identity: Identity, password: str, client: str | None) -> Session:
    """Begin a session. An unknown identity and a wrong password cost the same work and fail with the same words."""
    if identity is None or identity == "" or password is None or password == "":
        raise Failure(3006, "The identity or the password is empty.")
    if not isinstance(password, str):
        raise Failure(BAD_VALUE, f"The password is {kind_of(password)}; it must be text.")
    for _ in range(TRIES):
        outcome = await _try_to_log_in(context, identity, password, client)
        if isinstance(outcome, Failure):
            raise outcome
        if outcome is not None:
            return outcome
    raise Failure(UNAVAILABLE, "The account is changing just now; try again in a moment.")


async def _try_to_log_in(
    context: Context, identity: Identity, password: str, client: str | None
) -> Session | Failure | None:
    """One login; None when the account changed meanwhile.

    The limits are asked twice: before the work, and together with counting its outcome. So of many guesses made at once
    only those that the limits allow tell anything.
    """
    now, token = context.sources.now(), context.sources.token()
    seen = await context.store.read(lambda tables: _look_up(tables, identity, client, now))
    right = await context.passwords.verify(seen.password_hash if seen else None, password)
    new_hash = None
    if right and seen and seen.password_hash and context.passwords.needs_rehash(seen.password_hash):
        new_hash = await context.passwords.hash(password)

    def settle(tables: Tables) -> Session | Failure | None:
        settings = settings_in(tables)
        row = find_row(tables, settings, identity)
        _check_allowed(tables, settings, identity, client, now)
        if _seen(row) != seen:
            return None
        if row is None or not right:
            _count_failure(tables, settings, identity, client, now)
            return Failure(3003, "The identity or the password is wrong.")
        session = _begin(tables, settings, replace(row, password_hash=new_hash or row.password_hash), token, now)
        if settings.failed_logins_lock and row.identity_key is not None:
            lockout.forget(tables, row.identity_key)
        return session

    return await context.store.change(settle)


async def log_in_by_id(context: Context, object_id: str) -> Session:
    """Begin a session on the word of the server's own code: no password is asked for, and no lock holds it up."""
    now, token = context.sources.now(), context.sources.token()

    def work(tables: Tables) -> Session:
        settings = settings_in(tables)
        _check_logins_enabled(settings)
        row = row_by_id(tables, object_id)
        if row is None:
            raise Failure(3003, f"Nobody has the object id {shown(object_id)}.")
        return _begin(tables, settings, row, token, now)

    return await context.store.change(work)


async def log_in_as_guest(context: Context, client: str | None = None) -> Session:
    """Begin a session of a new guest, who has no identity. One client gets as many guests as it has failed logins."""
    now, token, object_id = context.sources.now(), context.sources.token(), context.sources.object_id()

    def work(tables: Tables) -> Session:
        settings = settings_in(tables)
        _check_logins_enabled(settings)
        if client is not None:
            throttle.use(tables, [_per_client("guests of", settings, client)], now, "Another guest can come")
        guest = User(object_id, None, UserStatus.GUEST, now)
        return _begin(tables, settings, row_of_user(guest, None, None), token, now)

    return await context.store.change(work)


async def log_out(context: Context, token: str) -> None:
    """End a session. A guest goes with it, and everything of the guest's."""
    now, digest = context.sources.now(), _digest(token)
    session = await context.store.read(lambda tables: tables.sessions.get(digest))
    if session is None or not _is_live(session, now):
        raise _unknown_token()
    object_id = session.object_id

    def work(tables: Tables) -> None:
        user = tables.users.get(object_id)
        if not tables.sessions.remove(digest):
            raise _unknown_token()
        if user and user.user_status == UserStatus.GUEST and not _live_sessions(tables, object_id, now):
            remove_row(tables, user)

    await context.store.change(work)


async def is_valid(context: Context, token: str) -> bool:
    """Whether a session goes on. To ask does not count as using it."""
    now, digest = context.sources.now(), _digest(token)

    def work(tables: Tables) -> bool:
        session = tables.sessions.get(digest)
        user = tables.users.get(session.object_id) if session else None
        return _problem(session, user, now) is None

    return await context.store.read(work)


async def user_of(context: Context, token: str) -> User:
    """Who is logged in. This counts as using the session."""
    return user_of_row(await _use(context, token))


async def verify_password(context: Context, token: str, password: str) -> bool:
    """Whether this is the password of who is logged in."""
    user = await _use(context, token)
    return await context.passwords.verify(user.password_hash, password)


async def unlock(context: Context, identity: Identity) -> None:
    """Forget the failed logins of an account."""

    def work(tables: Tables) -> None:
        row = find_row(tables, settings_in(tables), identity)
        if row is None or row.identity_key is None:
            raise Failure(3057, f"Nobody is registered as {shown(identity)}.")
        lockout.forget(tables, row.identity_key)

    await context.store.change(work)


@dataclass(frozen=True, slots=True)
class _Seen:
    """Whose password is checked, and against what."""

    object_id: str
    password_hash: str | None = field(repr=False)


def _look_up(tables: Tables, identity: Identity, client: str | None, now: int) -> _Seen | None:
    settings = settings_in(tables)
    _check_allowed(tables, settings, identity, client, now)
    return _seen(find_row(tables, settings, identity))


def _seen(row: UserRow | None) -> _Seen | None:
    """None for guests, too: they have no password to log in by."""
    return None if row is None or row.user_status == UserStatus.GUEST else _Seen(row.object_id, row.password_hash)


def _check_allowed(tables: Tables, settings: Settings, identity: Identity, client: str | None, now: int) -> None:
    _check_logins_enabled(settings)
    key = identity_key(tables, settings, identity)
    if key is not None:
        lockout.check(tables, settings, key, now)
    if client is not None:
        wait = throttle.wait_for(tables, _per_client("failed logins of", settings, client), now)
        if wait:
            raise throttle.rate_limited(wait, "Another login can be tried")


def _check_logins_enabled(settings: Settings) -> None:
    if not settings.logins_enabled:
        raise Failure(3034, "Logins are off; turn them on with the setting loginsEnabled.")


def _count_failure(tables: Tables, settings: Settings, identity: Identity, client: str | None, now: int) -> None:
    key = identity_key(tables, settings, identity)
    if key is not None:
        lockout.count(tables, settings, key, now)
    if client is not None:
        limit = _per_client("failed logins of", settings, client)
        throttle.use(tables, [limit], now, "Another login can be tried")


def _per_client(scope: str, settings: Settings, client: str) -> throttle.Limit:
    return throttle.Limit(scope, throttle.client_subject(client), settings.logins_per_client_and_hour, HOUR)


def _begin(tables: Tables, settings: Settings, row: UserRow, token: str, now: int) -> Session:
    """Keep a new session of a user whom nothing keeps from logging in, beside or in place of the older ones."""
    if row.user_status == UserStatus.DISABLED:
        raise _disabled()
    if row.user_status == UserStatus.EMAIL_CONFIRMATION_PENDING:
        raise Failure(3087, "The email address of this account is not confirmed yet.")
    _make_room(tables, settings, row.object_id, now)
    row = replace(row, last_login=now)
    tables.users.put(row)
    tables.sessions.put(SessionRow(_digest(token), row.object_id, now, _expiry(settings, row.user_status, now)))
    return Session(token, user_of_row(row))


def _make_room(tables: Tables, settings: Settings, object_id: str, now: int) -> None:
    if settings.enable_multiple_logins:
        most = settings.max_concurrent_logins
        if most and len(_live_sessions(tables, object_id, now)) >= most:
            raise Failure(3044, f"This account is logged in {most} times already, and no more are allowed.")
        return
    if settings.logout_last_user and _live_sessions(tables, object_id, now):
        raise Failure(3002, "This account is logged in elsewhere; log out there first.")
    tables.sessions.remove_all("object_id", object_id)


def _live_sessions(tables: Tables, object_id: str, now: int) -> list[SessionRow]:
    return [session for session in tables.sessions.find("object_id", object_id) if _is_live(session, now)]


def _is_live(session: SessionRow | None, now: int) -> bool:
    return session is not None and (session.expires is None or now < session.expires)


def _lifetime(settings: Settings, status: str) -> int:
    """How many milliseconds without use end a session; 0 is never."""
    times = [settings.session_timeout * SECOND]
    if status == UserStatus.GUEST:
        times.append(settings.guest_hours * HOUR)
    return min(filter(None, times), default=0)


def _expiry(settings: Settings, status: str, now: int) -> int | None:
    lifetime = _lifetime(settings, status)
    return now + lifetime if lifetime else None


async def _use(context: Context, token: str) -> UserRow:
    """The user of a session, which goes on from here. Fails with 3064, 3090 or 3091."""
    now, digest = context.sources.now(), _digest(token)

    def work(tables: Tables) -> tuple[UserRow, SessionRow | None]:
        session = tables.sessions.get(digest)
        user = tables.users.get(session.object_id) if session else None
        problem = _problem(session, user, now)
        if session is None or user is None or problem is not None:
            raise problem or _unknown_token()
        return user, _moved_on(session, settings_in(tables), user.user_status, now)

    user, moved = await context.store.read(work)
    if moved is not None:
        await context.store.change(lambda tables: tables.sessions.replace(moved))
    return user


def _moved_on(session: SessionRow, settings: Settings, status: str, now: int) -> SessionRow | None:
    """The session with its new end; None where that is not worth writing, so that reading seldom writes. It ends a
    minute early at most, and never late."""
    expires = _expiry(settings, status, now)
    if expires is None or session.expires is None:
        return None if expires == session.expires else replace(session, expires=expires)
    worth_writing = min(MINUTE, _lifetime(settings, status) // 10)
    return replace(session, expires=expires) if abs(expires - session.expires) >= worth_writing else None


def _problem(session: SessionRow | None, user: UserRow | None, now: int) -> Failure | None:
    if session is None or user is None:
        return _unknown_token()
    if user.user_status == UserStatus.DISABLED:
        return _disabled()
    if not _is_live(session, now):
        return Failure(3091, "The session was not used for too long; log in again.")
    return None


def _unknown_token() -> Failure:
    return Failure(3064, "There is no session with this user token; log in again.")


def _disabled() -> Failure:
    return Failure(3090, "This account is disabled.")


def _digest(token: object) -> str:
    """Under what a session is kept. Anything may arrive as a token; what cannot be one gets a key that no row has."""
    return digest_of(token) if isinstance(token, str) and len(token) <= LONGEST_TOKEN else ""
