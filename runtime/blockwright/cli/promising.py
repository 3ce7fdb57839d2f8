"""Flows that say what they promise, as ``blockwright blocks`` shows them."""

from __future__ import annotations

from collections.abc import Sequence

from blockwright.catalogue import MISSING, AnyBlock, Block, Catalogue, Input
from blockwright.catalogue.naming import python_name
from blockwright.cli.run import check_folders
from blockwright.cli.terminal import tell
from blockwright.engine.library import Library
from blockwright.expressions.types import ANYTHING
from blockwright.language.diagnostics import FlowError, to_text
from blockwright.language.program import Program


def promising_flows(blocks: Catalogue, folders: Sequence[str]) -> list[AnyBlock]:
    """The flows of folders that declare what they return or fail with; those that cannot be loaded are told of."""
    check_folders(folders)
    library = Library(blocks, folders)
    flows: list[AnyBlock] = []
    with library.files.one_look():
        contents = library.contents()
        for name in contents.flows:
            try:
                program = library.load(library.find(name, contents)).program
            except FlowError as error:
                tell(to_text(error.findings))
                continue
            if program.contract.is_declared:
                flows.append(_as_block(program))
    return flows


def _as_block(program: Program) -> AnyBlock:
    """What a flow promises, in the words in which blocks do."""
    contract = program.contract
    inputs = tuple(
        Input(
            name=each.name,
            type=each.type,
            parameter=python_name(each.name),
            default=MISSING if each.is_required else each.default,
            choices=each.choices,
            secret=each.secret,
        )
        for each in contract.inputs
    )
    about = [program.main.about or f"A flow, in {program.source.path}."]
    if contract.returns is not None and contract.returns.about:
        about.append(f"Gives: {contract.returns.about}")
    return Block(
        label=program.name,
        about="\n\n".join(about),
        category="flows",
        inputs=inputs,
        result=contract.returns.type if contract.returns else ANYTHING,
        result_whole=False,
        result_secret=False,
        result_secret_entries=frozenset(),
        failures=contract.failures or {},
        services={},
        function=lambda: None,
        is_async=False,
    )
