"""Reading the URL of an app: ``https://xxxx.backendless.app``, ``https://api.backendless.com/<APP-ID>/<API-KEY>``."""

from __future__ import annotations

import difflib
import ipaddress
import math
import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from blockwright.failure import BAD_VALUE, Failure

TIMEOUT = 10.0
"""How many seconds a call takes at most, from the look-up of the host's name to the last byte of the answer."""
LONGEST_TIMEOUT = 300.0
LONGEST = 2000
"""The longest URL, in characters."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where an app is. ``path`` begins the path of every call, and may hold the API key; so may nothing else."""

    origin: str
    host: str
    path: str = field(default="/api", repr=False)
    timeout: float = TIMEOUT
    by_proxy: bool = False

    @property
    def secrets(self) -> tuple[str, ...]:
        """What no message may repeat."""
        return tuple(part for part in self.path.split("/") if len(part) >= 8)


def parse_url(url: str) -> Address:
    """Read the URL of an app. Fails with ``bad value``; no message repeats a part of the URL that may be a key."""
    if len(url) > LONGEST or not url.isascii() or not url.isprintable() or set(url) & set(' \\"<>'):
        raise Failure(BAD_VALUE, f"The URL of a user service is at most {LONGEST} letters, digits and signs, in ASCII.")
    location, _, query = url.partition("?")
    if "#" in url or "@" in location:
        raise Failure(BAD_VALUE, "The URL of a user service has no user name and no #; the API key stands in its path.")
    try:
        parts = urlsplit(location)
        scheme, host, port = parts.scheme.lower(), parts.hostname or "", parts.port
    except ValueError:
        scheme, host, port = "", "", None
    if scheme not in ("https", "http") or not _is_host(host) or port == 0:
        raise Failure(
            BAD_VALUE,
            "A user service of Backendless is named by a URL such as https://xxxx.backendless.app, or "
            "https://api.backendless.com/APP-ID/API-KEY.",
        )
    options = _read_query(query) if query else {}
    if scheme == "http" and "plain" not in options and not _is_this_machine(host):
        raise Failure(
            BAD_VALUE,
            "Over http: everybody on the way can read passwords; write https:, or add ?plain=yes where the network is "
            "your own.",
        )
    named = f"[{host}]" if ":" in host else host
    return Address(
        f"{scheme}://{named}{'' if port is None else f':{port}'}",
        named,
        _read_path(parts.path),
        _read_seconds(options["timeout"]) if "timeout" in options else TIMEOUT,
        "proxy" in options,
    )


_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_HOST = re.compile(rf"{_LABEL}(?:\.{_LABEL})*\.?")
_PART = re.compile(r"[A-Za-z0-9._~-]+")


def _is_host(host: str) -> bool:
    if ":" in host:
        try:
            return ipaddress.ip_address(host).version == 6 and "%" not in host
        except ValueError:
            return False
    return len(host) <= 253 and _HOST.fullmatch(host) is not None


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _read_path(path: str) -> str:
    plain = path.rstrip("/")
    if not plain:
        return "/api"
    if not all(_PART.fullmatch(part) and part not in (".", "..") for part in plain[1:].split("/")):
        raise Failure(
            BAD_VALUE,
            "The path in the URL of a user service is APP-ID/API-KEY, or the beginning of the API's addresses, such "
            "as api.",
        )
    return plain


_KNOWN = ("timeout", "plain", "proxy")


def _read_query(query: str) -> dict[str, str]:
    options: dict[str, str] = {}
    for part in query.split("&"):
        name, _, value = part.partition("=")
        if name not in _KNOWN or name in options:
            near = difflib.get_close_matches(name[:50].lower(), _KNOWN, n=1)
            mend = f"did you mean {near[0]}?" if near and near[0] not in options else "each at most once."
            raise Failure(
                BAD_VALUE,
                f"The URL of a user service takes ?timeout=SECONDS, plain=yes and proxy=yes, and nothing else; {mend}",
            )
        if name != "timeout" and value != "yes":
            raise Failure(BAD_VALUE, f"In the URL of a user service, {name} can only be yes; leave it out otherwise.")
        options[name] = value
    return options


def _read_seconds(value: str) -> float:
    try:
        seconds = float(value)
    except ValueError:
        seconds = math.nan
    if not 0 < seconds <= LONGEST_TIMEOUT:
        raise Failure(
            BAD_VALUE, f"The timeout of a user service is a number of seconds above 0, up to {LONGEST_TIMEOUT:g}."
        )
    return seconds
