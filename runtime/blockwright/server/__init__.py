"""A server for users and flows: ``create_app(users, flows, options)`` gives an ASGI application."""

from blockwright.server.rest import make_known

make_known()

from blockwright.server.app import create_app  # noqa: E402
from blockwright.server.flows import ServedFlows, load_flows  # noqa: E402
from blockwright.server.options import Options  # noqa: E402

__all__ = ["Options", "ServedFlows", "create_app", "load_flows"]
