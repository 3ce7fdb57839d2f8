"""How each block about users can fail: what was done before, the steps, and the code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from blockwright.failure import Code
from blockwright.services import UserStatus
from blockwright.services.records import ColumnType
from tests.services.world import ALICE, HOUR, World, run

Prepare = Callable[[World], "Given"]


@dataclass(frozen=True)
class Given:
    """What a case knows of the world it was prepared in: the id of the user it is about, and a session."""

    id: str = ""
    token: str | None = None


@dataclass(frozen=True)
class Case:
    block: str
    code: Code
    step: str
    prepare: Prepare


def nothing(_: World) -> Given:
    return Given()


def settings(**changes: object) -> Prepare:
    """The app has these settings."""

    def prepare(world: World) -> Given:
        world.change_settings(**changes)
        return Given()

    return prepare


def registered(**properties: object) -> Prepare:
    """Alice is registered."""
    return lambda world: Given(world.register(**properties).object_id)


def pending(world: World) -> Given:
    """Alice is registered and has not confirmed."""
    world.register_pending()
    return Given(world.found().object_id)


def disabled(world: World) -> Given:
    """Alice is disabled."""
    user = world.register()
    run(world.users.set_status(user.object_id, UserStatus.DISABLED))
    return Given(user.object_id)


def guest(world: World) -> Given:
    session = run(world.users.log_in_as_guest())
    return Given(session.user.object_id, session.token)


def logged_in(world: World) -> Given:
    """Alice is logged in."""
    user = world.register()
    return Given(user.object_id, run(world.users.log_in_by_id(user.object_id)).token)


def logged_in_and(**changes: object) -> Prepare:
    """Alice is logged in, and afterwards the app has these settings."""

    def prepare(world: World) -> Given:
        world.change_settings(**changes)
        return logged_in(world)

    return prepare


def gone(world: World) -> Given:
    """Alice was logged in, and her session is over."""
    given = logged_in(world)
    run(world.users.log_out(given.token or ""))
    return given


def disabled_since(world: World) -> Given:
    """Alice is logged in, and was disabled."""
    given = logged_in(world)
    run(world.users.set_status(given.id, UserStatus.DISABLED))
    return given


def idle(world: World) -> Given:
    """Alice is logged in and did nothing for too long."""
    world.change_settings(sessionTimeout=60)
    given = logged_in(world)
    world.clock.now += HOUR
    return given


def failed_before(world: World) -> Given:
    world.change_settings(failedLoginsLock=1)
    user = world.register()
    try:
        run(world.users.log_in(ALICE, "wrong"))
    except Exception:
        return Given(user.object_id)
    raise AssertionError("the wrong password was right")


def column(name: str, type: ColumnType, *, required: bool = False) -> Prepare:
    """Alice is registered, and then users got a column."""

    def prepare(world: World) -> Given:
        user = world.register()
        run(world.users.make_column(name, type, required=required))
        return Given(user.object_id)

    return prepare


def named_by_phone(world: World) -> Given:
    """The app requires confirmation, and accounts are named by a phone number."""
    run(world.users.make_column("phone", ColumnType.STRING, required=True))
    world.change_settings(identityColumn="phone", emailConfirmationRequired=True)
    return Given()


def role(world: World) -> Given:
    """There is the role baker, and Alice, who does not have it."""
    run(world.users.make_role("baker"))
    return registered()(world)


def recently_mailed(world: World) -> Given:
    """Alice's confirmation email was just sent again."""
    given = pending(world)
    run(world.users.resend_confirmation(ALICE))
    return given


def recently_restored(world: World) -> Given:
    given = registered()(world)
    run(world.users.restore_password(ALICE))
    return given


def registering(properties: str) -> str:
    return f"register user: {{user: {{{properties}}}}}"


def updating(properties: str) -> str:
    return f"update user: {{user: {{objectId: = id, {properties}}}}}"


ANN = "email: ann@yourmail.com, password: secret"
LOG_IN = "log in: {identity: alice@yourmail.com, password: correct horse}"
BY_ID = "log in by object id: {object id: = id}"
NO_ID = "00000000-0000-0000-0000-000000000000"

CASES = [
    Case("register user", 3009, registering(ANN), settings(userRegistrationEnabled=False)),
    Case("register user", 3011, registering("email: ann@yourmail.com"), nothing),
    Case("register user", 3012, registering(ANN), column("city", ColumnType.STRING, required=True)),
    Case("register user", 3013, registering("password: secret"), nothing),
    Case("register user", 3033, registering("email: Alice@YourMail.com, password: secret"), registered()),
    Case("register user", 3039, registering(f"{ANN}, objectId: {NO_ID}"), nothing),
    Case("register user", 3040, registering("email: ann, password: secret"), nothing),
    Case("register user", 3041, registering(f"{ANN}, city: ''"), column("city", ColumnType.STRING, required=True)),
    Case("register user", 3049, registering(f"{ANN}, age: old"), column("age", ColumnType.INT)),
    Case("register user", 3050, registering("email: ann@yourmail.com, password: 123"), nothing),
    Case("register user", 3076, registering(f"{ANN}, updated: 1"), nothing),
    Case("register user", 3077, registering(f"{ANN}, created: 1"), nothing),
    Case("register user", 3078, registering("phone: '123', password: secret"), named_by_phone),
    Case("register user", "rate limited", registering(ANN), lambda world: limited(world)),
    Case("register user", "bad value", registering(f"{ANN}, age: '= [1..2]'"), nothing),
    Case("log in", 3002, LOG_IN, logged_in_and(logoutLastUser=True)),
    Case("log in", 3003, LOG_IN, nothing),
    Case("log in", 3003, LOG_IN.replace("horse", "cow"), registered()),
    Case("log in", 3006, "log in: {identity: '', password: secret}", nothing),
    Case("log in", 3034, LOG_IN, settings(loginsEnabled=False)),
    Case("log in", 3036, LOG_IN, failed_before),
    Case("log in", 3044, LOG_IN, logged_in_and(enableMultipleLogins=True, maxConcurrentLogins=1)),
    Case("log in", 3087, LOG_IN, pending),
    Case("log in", 3090, LOG_IN, disabled),
    Case("log in by object id", 3002, BY_ID, logged_in_and(logoutLastUser=True)),
    Case("log in by object id", 3003, BY_ID, nothing),
    Case("log in by object id", 3034, BY_ID, settings(loginsEnabled=False)),
    Case("log in by object id", 3044, BY_ID, logged_in_and(enableMultipleLogins=True, maxConcurrentLogins=1)),
    Case("log in by object id", 3087, BY_ID, pending),
    Case("log in by object id", 3090, BY_ID, disabled),
    Case("log in as guest", 3034, "log in as guest", settings(loginsEnabled=False)),
    Case("log out current user", 3023, "log out current user", nothing),
    Case("log out current user", 3064, "log out current user", gone),
    Case("get current user", 3064, "get current user", gone),
    Case("get current user", 3090, "get current user", disabled_since),
    Case("get current user", 3091, "get current user", idle),
    Case("set current user", 3064, "set current user: {user: {user-token: abc}}", nothing),
    Case("set current user", 3090, "set current user: {user: {user-token: = token}}", disabled_since),
    Case("set current user", 3091, "set current user: {user: {user-token: = token}}", idle),
    Case("set current user", "bad value", "set current user: {user: {objectId: = id}}", logged_in),
    Case("set current user", "bad value", "set current user: {user: {user-token: = token, objectId: me}}", logged_in),
    Case("find users", 1017, "find users: {where: age >}", nothing),
    Case("find users", "bad value", "find users: {page size: 0}", nothing),
    Case("count users", 1017, "count users: {where: nobody knows = 1}", nothing),
    Case("update user", 3018, updating("email: alice@yourmail.com"), lambda world: another(world)),
    Case("update user", 3030, updating("name: Ann"), nothing),
    Case("update user", 3040, updating("email: ann"), registered()),
    Case("update user", 3045, updating("email: ''"), registered()),
    Case("update user", 3049, updating("age: old"), column("age", ColumnType.INT)),
    Case("update user", 3050, updating("password: 5"), registered()),
    Case("update user", "bad value", "update user: {user: {name: Ann}}", registered()),
    Case("remove user", 1000, "remove user: {object id: = id}", nothing),
    Case("restore password", 3020, "restore password: {user identity: alice@yourmail.com}", nothing),
    Case(
        "restore password",
        3101,
        "restore password: {user identity: alice@yourmail.com}",
        settings(passwordRecoveryEnabled=False),
    ),
    Case(
        "restore password", "rate limited", "restore password: {user identity: alice@yourmail.com}", recently_restored
    ),
    Case("verify current user password", 3121, "verify current user password: {password: secret}", nothing),
    Case("verify current user password", 3064, "verify current user password: {password: secret}", gone),
    Case("verify current user password", 3090, "verify current user password: {password: secret}", disabled_since),
    Case("verify current user password", 3091, "verify current user password: {password: secret}", idle),
    *(
        Case(block, code, f"{block}: {{user identity: alice@yourmail.com}}", prepare)
        for block in ("resend confirmation email", "create confirmation link")
        for code, prepare in (
            (3102, lambda world: (registered()(world), settings(emailConfirmationRequired=True)(world))[0]),
            (3103, registered()),
            (3104, settings(emailConfirmationRequired=True)),
        )
    ),
    Case(
        "resend confirmation email",
        "rate limited",
        "resend confirmation email: {user identity: alice@yourmail.com}",
        recently_mailed,
    ),
    Case("get user roles", 3064, "get user roles", gone),
    Case("get user roles", 3090, "get user roles", disabled_since),
    Case("get user roles", 3091, "get user roles", idle),
    Case("get roles of user", 3057, "get roles of user: {user id: = id}", nothing),
    Case("get users by role", 2005, "get users by role: {role name: baker}", nothing),
    Case("assign role", 2005, "assign role: {identity: alice@yourmail.com, role name: baker}", registered()),
    Case("assign role", 2007, "assign role: {identity: alice@yourmail.com, role name: GuestUser}", registered()),
    Case("assign role", 3057, "assign role: {identity: bob@yourmail.com, role name: baker}", role),
    Case("unassign role", 2005, "unassign role: {identity: alice@yourmail.com, role name: baker}", registered()),
    Case("unassign role", 2008, "unassign role: {identity: alice@yourmail.com, role name: GuestUser}", registered()),
    Case("unassign role", 3057, "unassign role: {identity: bob@yourmail.com, role name: baker}", role),
    Case("unassign role", 3059, "unassign role: {identity: alice@yourmail.com, role name: baker}", role),
    Case("enable user", 2004, "enable user: {id: = id}", guest),
    Case("enable user", 3057, "enable user: {id: = id}", nothing),
    Case("enable user", 3086, "enable user: {id: = id}", registered()),
    Case("disable user", 2004, "disable user: {id: = id}", guest),
    Case("disable user", 3057, "disable user: {id: = id}", nothing),
    Case("disable user", 3085, "disable user: {id: = id}", disabled),
]

UNREACHED: dict[str, str] = {
    "unavailable": "is reached by every block of a service that is not there; see the test of that",
    "bad value": "may be needed by any backend; the types of most inputs leave nothing to refuse here",
    "log in 'rate limited'": "limits are per client, and a run has none",
    "log in by object id 'rate limited'": "limits are per client, and a run has none",
    "log in as guest 'rate limited'": "limits are per client, and a run has none",
    "log in by object id 3006": "an empty object id is simply nobody's here",
    "log in by object id 3036": "the server's own code is not locked out here",
    "log out current user 3090": "a disabled user may be logged out here",
    "log out current user 3091": "a session that has ended may be logged out here",
    "restore password 3075": "accounts of other services come later",
    "get user roles 3057": "a user may vanish between two questions, which no test can time",
    "update user 3041": "is 3045 here",
    **{
        f"{block} {code}": "comes only from Backendless's own service"
        for block, codes in {
            "register user": (3010, 3014, 3021, 3038, 3043),
            "update user": (3024, 3031),
            "assign role": (3058,),
        }.items()
        for code in codes
    },
}
"""The codes of blocks for which there is no case, and why."""


def limited(world: World) -> Given:
    """One mail an hour may go out, and it has."""
    world.change_settings(mailsPerHour=1)
    return pending(world)


def another(world: World) -> Given:
    """Alice is registered, and so is the user whom the case is about."""
    world.register()
    return Given(world.register("bob@yourmail.com").object_id)
