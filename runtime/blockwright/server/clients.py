"""From which network address somebody calls: the peer, or what a trusted proxy says about it."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Sequence
from typing import TypeAlias

Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network
_Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address

_MOST_HOPS = 50
"""How far back a chain of proxies is followed."""


def networks(texts: Iterable[str]) -> tuple[Network, ...]:
    """The networks that are named, such as ``10.0.0.0/8`` or a single address. Raises ValueError."""
    return tuple(ipaddress.ip_network(text.strip(), strict=False) for text in texts)


def client_address(peer: str | None, forwarded: Sequence[str], trusted: Sequence[Network]) -> str | None:
    """Who calls. ``forwarded`` are the values of X-Forwarded-For, in their order.

    They count only as far as each hop, from the peer backwards, is a trusted proxy: whoever calls can write anything
    further to the left.
    """
    current = _address(peer)
    if current is None:
        return peer
    hops = [hop.strip() for value in forwarded for hop in value.split(",")]
    for hop in reversed(hops[-_MOST_HOPS:]):
        if not _is_trusted(current, trusted):
            break
        said = _address(_without_port(hop))
        if said is None:
            break
        current = said
    return str(current)


def _is_trusted(address: _Address, trusted: Sequence[Network]) -> bool:
    return any(address.version == network.version and address in network for network in trusted)


def _address(text: str | None) -> _Address | None:
    try:
        address = ipaddress.ip_address((text or "").partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def _without_port(hop: str) -> str:
    if hop.startswith("["):
        return hop[1:].partition("]")[0]
    return hop.partition(":")[0] if hop.count(":") == 1 else hop
