"""``blockwright blocks``: which blocks there are, and all that is known of one of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from blockwright.catalogue import AnyBlock, BlockError, Catalogue, Input, installed_blocks
from blockwright.catalogue.schema import block_schema
from blockwright.cli.stopping import OK
from blockwright.cli.terminal import CallError, columns, say
from blockwright.language.showing import as_json, as_text
from blockwright.language.suggest import did_you_mean


def list_blocks(folders: Sequence[str] = (), *, json: bool) -> int:
    """Print every block by category, and the flows of folders that say what they promise; gives the exit code."""
    blocks = sorted(_catalogue(folders).values(), key=lambda block: (block.category, block.label))
    if json:
        say(as_json([block_schema(block) for block in blocks]))
        return OK
    for category, group in groupby(blocks, key=lambda block: block.category):
        say(category)
        say(columns(([block.label, _first_sentence(block)] for block in group), indent="  "))
    return OK


def show_block(label: str, folders: Sequence[str] = (), *, json: bool) -> int:
    """Print all that is known of one block; gives the exit code. Raises CallError when there is none."""
    catalogue = _catalogue(folders)
    block = catalogue.get(label)
    if block is None:
        near = did_you_mean(label, catalogue)
        raise CallError(
            f"there is no block called `{label}`",
            f"did you mean `{near}`?" if near else "`blockwright blocks` lists them all",
        )
    say(as_json(block_schema(block)) if json else "\n".join(_details(block)))
    return OK


def _catalogue(folders: Sequence[str]) -> Catalogue:
    try:
        blocks = Catalogue(installed_blocks())
    except BlockError as error:
        raise CallError(f"a block pack that is installed cannot be used: {error}") from error
    if not folders:
        return blocks
    from blockwright.cli.promising import promising_flows

    return Catalogue([*blocks.values(), *promising_flows(blocks, folders)])


def _first_sentence(block: AnyBlock) -> str:
    return " ".join(block.about.split("\n\n")[0].split())


def _details(block: AnyBlock) -> Iterator[str]:
    yield block.label
    yield from ("", block.about)
    yield from ("", "inputs" if block.inputs else "inputs: none")
    if block.inputs:
        yield columns(([each.name, _input_text(each)] for each in block.inputs), indent="  ")
    yield from ("", f"gives: {_result_text(block)}")
    if block.failures:
        yield from ("", "can fail with")
        yield columns(
            (
                [str(failure.code), failure.about + (" Trying again can help." if failure.transient else "")]
                for failure in block.failures.values()
            ),
            indent="  ",
        )
    yield from ("", "in a flow")
    yield from (f"  {line}" for line in _snippet(block))


def _result_text(block: AnyBlock) -> str:
    if not block.gives_value:
        return "nothing"
    return f"{block.result}, secret" if block.result_secret else str(block.result)


def _input_text(each: Input) -> str:
    text = f"{each.type}, secret" if each.secret else str(each.type)
    if each.choices:
        text += ": " + ", ".join(as_text(choice) for choice in each.choices)
    if not each.is_required:
        text += f" (otherwise {as_text(each.default) or 'nothing'})"
    return text


def _snippet(block: AnyBlock) -> Iterator[str]:
    """The block as a step, ready to paste: its required inputs from variables of the same names."""
    needed = [each for each in block.inputs if each.is_required]
    yield f"- {block.label}:" if needed or block.gives_value or block.failures else f"- {block.label}"
    yield from (f"    {each.name}: = {each.name}" for each in needed)
    if block.gives_value:
        yield "  save as: result"
    if block.failures:
        yield "  if it fails:"
        yield f"    {next(iter(block.failures))}:"
        yield "      - return: ${failure.message}"
