"""The owner's API: everything about the app that is nobody else's to change, with an owner key."""

from blockwright.server.owner import accounts, columns, keys, mails, roles, settings, templates

routers = (
    settings.router,
    accounts.router,
    roles.router,
    columns.router,
    keys.router,
    mails.router,
    templates.router,
)

__all__ = ["routers"]
