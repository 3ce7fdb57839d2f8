"""A server for users and flows: ``create_app(users, flows, options)`` gives an ASGI application."""

from blockwright.server.app import create_app
from blockwright.server.flows import ServedFlows, load_flows
from blockwright.server.options import Options

__all__ = ["Options", "ServedFlows", "create_app", "load_flows"]
