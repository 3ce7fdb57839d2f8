"""Calling flows: ``GET /flows`` says which there are, ``POST /flows/<flow>`` runs one."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping

from fastapi import Request
from starlette.responses import Response

from blockwright.engine.inputs import InputsError
from blockwright.engine.runtime import Flow
from blockwright.failure import Failure
from blockwright.server.answers import answer
from blockwright.server.bodies import Body
from blockwright.server.callers import Someone
from blockwright.server.direct import api_router
from blockwright.server.documents import TEXT, YES_OR_NO, Schema, documented, list_of, schema
from blockwright.server.problems import UNKNOWN_FLOW
from blockwright.services.addresses import shown

router = api_router("", "flows")

WRONG_INPUTS = "wrong inputs"
"""The code of a call whose inputs are not what the flow asks for."""

_INPUT = schema("An input", name=TEXT, type=TEXT, required=YES_OR_NO, about=TEXT)
_FLOW = schema("A flow", name=TEXT, about=TEXT, inputs=list_of(_INPUT))
_INPUTS: Schema = {"type": "object", "description": "The inputs, by name.", "additionalProperties": True}
_ANYTHING: Schema = {"description": "What the flow returns."}


@router.get("/flows", **documented(list_of(_FLOW)))
@router.get("/api/flows", include_in_schema=False)
async def list_flows(caller: Someone) -> Response:
    """The flows that are served, with what they ask for."""
    flows = await caller.house.served_flows()
    return answer([_about(flow) for flow in flows.flows] if flows else [])


def _about(flow: Flow) -> Mapping[str, object]:
    inputs = [
        {"name": each.name, "type": str(each.type), "required": each.is_required, "about": each.about}
        | ({} if each.is_required else {"default": each.default})
        | ({"choices": list(each.choices)} if each.choices else {})
        | ({} if each.example is None else {"example": each.example})
        for each in flow.inputs
    ]
    return {"name": flow.name, "about": flow.about, "inputs": inputs}


@router.post(
    "/flows/{name:rest}",
    **documented(_ANYTHING, takes=_INPUTS, problems={504: "The flow took too long (`timed out`)."}),
)
@router.post("/api/flows/{name:rest}", include_in_schema=False)
async def run_flow(request: Request, caller: Someone, name: str, body: Body) -> Response:
    """Run a flow, known by its name or the stem of its file, and give what it returns. With a `user-token`, the run is
    that user's. It ends when the caller goes away."""
    flows = await caller.house.served_flows()
    flow = flows.find(name) if flows else None
    if flows is None or flow is None:
        raise Failure(UNKNOWN_FLOW, f"No flow called {shown(name)} is served here.")
    gone = asyncio.create_task(_leaving(request))
    try:
        return answer(await flows.run(flow, body, caller.token, gone))
    except InputsError as error:
        raise Failure(WRONG_INPUTS, f"{error}.", {"problems": list(error.problems)}) from None
    finally:
        gone.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await gone


async def _leaving(request: Request) -> None:
    """Wait until the caller goes away. The body was read before, so nothing else can come."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
