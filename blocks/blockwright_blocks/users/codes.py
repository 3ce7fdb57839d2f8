"""The codes that several blocks about users share, each with its sentence."""

from __future__ import annotations

from blockwright.failure import BAD_VALUE, RATE_LIMITED, UNAVAILABLE, Code

SERVICE: dict[Code, str] = {
    UNAVAILABLE: "The user service cannot be reached, or cannot be used, just now.",
}
"""What every block may fail with."""

GIVEN: dict[Code, str] = {
    BAD_VALUE: "An input holds something that the user service cannot take.",
    **SERVICE,
}
"""What every block with inputs may fail with."""

SESSION: dict[Code, str] = {
    3064: "There is no such session (any more); log in again.",
    3090: "The account is disabled.",
    3091: "The session was not used for too long; log in again.",
}
"""Why the session of the run may be of no use."""

LOGIN: dict[Code, str] = {
    3002: "The user is logged in elsewhere, and the app allows one login at a time.",
    3003: "There is no such account, or the password is wrong.",
    3006: "What names the account, or the password, is empty.",
    3034: "Logins are turned off in this app.",
    3036: "The account is locked after too many failed logins.",
    3044: "The user is logged in as often as the app allows.",
    3087: "The user has not confirmed the email address yet.",
    3090: "The account is disabled.",
    RATE_LIMITED: "Too many logins failed; wait a while.",
}
"""Why a login may fail, whichever way an account is named."""

PROPERTIES: dict[Code, str] = {
    3040: "The email is not an email address.",
    3041: "A required property has no value.",
    3049: "A property has a value of the wrong type.",
    3050: "The password is not one that can be kept.",
}
"""What may be wrong with properties of an account."""

TRANSIENT = frozenset({UNAVAILABLE})
TRANSIENT_OR_LIMITED = frozenset({UNAVAILABLE, RATE_LIMITED})
