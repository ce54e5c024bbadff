"""What the shell may complete a word to. Only imported while it does.

Nothing here fails: where nothing can be found (in a spec that is invalid as yet), nothing is offered.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from click.shell_completion import CompletionItem

from archcalc.errors import RequestError

if TYPE_CHECKING:
    from collections.abc import Iterable

    import click

    Items = list[CompletionItem]

ENDINGS = (".yaml", ".yml")


def networks(context: click.Context, incomplete: str) -> Items:
    """Offer names of networks and the spec files beside; behind a library's name, its models; in a folder, files."""
    if "/" in incomplete or incomplete.startswith((".", "~")):
        return files(context, incomplete)
    from archcalc.summaries import model_summaries, names

    if ":" in incomplete:
        return _begins(incomplete, (model.name for model in model_summaries()))

    beside = sorted(file.name for file in Path().iterdir() if file.name.endswith(ENDINGS) and file.is_file())
    return _begins(incomplete, [*names(), *beside])


def files(context: click.Context, incomplete: str) -> Items:
    """Leave it to the shell, which knows files best."""
    return [CompletionItem(incomplete, type="file")]


def layers(context: click.Context, incomplete: str) -> Items:
    """Offer the layers of the network on the line, and the composites that hold them."""
    from archcalc.engine.count import count, setup
    from archcalc.engine.expand import expand
    from archcalc.zoo import find

    return _begins(incomplete, count(expand(find(_first_network(context))), setup()).names)


def blocks(context: click.Context, incomplete: str) -> Items:
    """Offer the blocks that the network that stands before consists of, and what it calls them."""
    from archcalc.engine.expand import expand
    from archcalc.zoo import find

    calls = expand(find(_first_network(context))).calls
    return _begins(incomplete, dict.fromkeys([*(call.block for call in calls), *(call.path for call in calls)]))


def settings(context: click.Context, incomplete: str) -> Items:
    """Offer the arguments of the network on the line, as ARG=."""
    from archcalc.zoo import find

    return _begins(incomplete, [f"{name}=" for name in find(_first_network(context)).family.arguments])


def varying(context: click.Context, incomplete: str) -> Items:
    """Offer what can vary of the network on the line, after what is already typed with commas."""
    from archcalc.analyses.variants import names_to_vary
    from archcalc.zoo import find

    return _listed(incomplete, names_to_vary(find(_first_network(context))))


def varied(context: click.Context, incomplete: str) -> Items:
    """Offer what can vary of the network on the line."""
    from archcalc.analyses.variants import names_to_vary
    from archcalc.zoo import find

    return _begins(incomplete, names_to_vary(find(_first_network(context))))


def swept(context: click.Context, incomplete: str) -> Items:
    """Offer networks first, then what can vary of the first of them, as ARG=."""
    from archcalc.analyses.variants import names_to_vary
    from archcalc.zoo import find

    words = [word for word in context.params.get("words") or () if "=" not in word]
    if not words:
        return networks(context, incomplete)
    known = [f"{name}=" for name in (*names_to_vary(find(words[0])), "dtype", "device")]
    return _begins(incomplete, known) or networks(context, incomplete)


def columns(context: click.Context, incomplete: str) -> Items:
    """Offer columns, after those already typed with commas and +."""
    from archcalc.render.columns import BY_WORD

    return _listed(incomplete, ["all", *BY_WORD])


def verdicts(context: click.Context, incomplete: str) -> Items:
    """Offer verdicts of a check, after those already typed with commas."""
    from archcalc.render.check import SELECTABLE

    return _listed(incomplete, SELECTABLE)


def conventions(context: click.Context, incomplete: str) -> Items:
    """Offer the named conventions."""
    from archcalc.conventions.convention import conventions

    return _begins(incomplete, conventions())


def dtypes(context: click.Context, incomplete: str) -> Items:
    """Offer the types of values."""
    from archcalc.engine.layer import DTYPES

    return _begins(incomplete, DTYPES)


def subjects(context: click.Context, incomplete: str) -> Items:
    """Offer commands and the pages of the documentation."""
    from archcalc.cli import COMMANDS
    from archcalc.cli.pages import topics

    return _begins(incomplete, dict.fromkeys([*COMMANDS, *topics()]))


def operations(context: click.Context, incomplete: str) -> Items:
    """Offer the operations of specs."""
    from archcalc.operations import OPERATIONS

    return _begins(incomplete, OPERATIONS)


def devices(context: click.Context, incomplete: str) -> Items:
    """Offer the devices, and files of the user's."""
    from archcalc.analyses.devices.finding import devices

    return _begins(incomplete, ["all", *devices()]) or files(context, incomplete)


def offer(what: str, context: click.Context, incomplete: str) -> Items:
    """Return what a function of this file offers; nothing if it fails, whatever the reason."""
    try:
        items: Items = globals()[what](context, incomplete)
    except Exception:  # a traceback in the middle of a line that is being typed helps nobody
        return []
    return items


def _first_network(context: click.Context) -> str:
    given: Any = context.params.get("network") or context.params.get("networks") or context.args
    name: str = given if isinstance(given, str) else next(iter(given), "")
    if name in ("", "-"):
        raise RequestError("no network that can be read while a line is completed")
    return name


def _begins(incomplete: str, words: Iterable[str]) -> Items:
    return [CompletionItem(word) for word in words if word.startswith(incomplete)]


def _listed(incomplete: str, words: Iterable[str]) -> Items:
    """Offer words for the last place of a list with commas, without those already in it."""
    before, comma, last = incomplete.rpartition(",")
    plus = "+" if last.startswith("+") else ""
    standing = {word.lstrip("+") for word in before.split(",")}
    return [
        CompletionItem(f"{before}{comma}{plus}{word}")
        for word in words
        if word not in standing and word.startswith(last.removeprefix("+"))
    ]
