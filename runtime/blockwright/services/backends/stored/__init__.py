"""The rules of a user service, written once over any store: who may do what, in which order, with which code."""

from blockwright.services.backends.stored.service import StoredUsers

__all__ = ["StoredUsers"]
