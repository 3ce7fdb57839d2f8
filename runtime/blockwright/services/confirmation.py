"""Secret links: what is kept of the token in one, and where a confirmation link points."""

from __future__ import annotations

from hashlib import sha256


def digest_of(token: str) -> str:
    """What is kept of a token. Total: any text at all may arrive as a token."""
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def confirmation_url(base_url: str, token: str) -> str:
    """Where a confirmation link points. The base comes from the settings, never from a request."""
    return f"{base_url}/users/confirm?token={token}"
