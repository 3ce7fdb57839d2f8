"""How a server is set up."""

from __future__ import annotations

from dataclasses import dataclass

from blockwright.server.clients import Network


@dataclass(frozen=True, slots=True)
class Options:
    """``cors`` are the origins whose pages may call the API from a browser, ``*`` all of them; ``trusted_proxies`` are
    the networks whose word on who calls is taken; ``runs`` is how many flows run at once. What is asked about on nearly
    every call (settings, keys, the files of flows) is remembered for ``remember`` seconds. Work that is over is tidied
    away every ``housekeeping`` seconds."""

    cors: tuple[str, ...] = ("*",)
    trusted_proxies: tuple[Network, ...] = ()
    runs: int = 16
    remember: float = 1.0
    housekeeping: float = 3600.0
