"""``archcalc play``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from archcalc.cli.options import completed
from archcalc.cli.streams import say, write
from archcalc.cli.types import WholeNumber
from archcalc.errors import RequestError, printable

if TYPE_CHECKING:
    from archcalc.web.server import PlayServer


@click.command("play", short_help="Edit a spec in the browser, with live results.")
@click.argument("network", metavar="[NET]", required=False, shell_complete=completed("networks"))
@click.option("--port", type=WholeNumber(0, 65535), default=0, metavar="N", help="Port to listen on.  [default: any]")
@click.option("--no-browser", is_flag=True, help="Do not open a browser, only print the address.")
def command(network: str | None, port: int, no_browser: bool) -> None:
    """Open a page with an editor that shows the results for NET or a spec of your own while you type.

    \b
    Examples:
      archcalc play
      archcalc play resnet50
      archcalc play my_net.yaml
      archcalc play --port 8000 --no-browser

    Mistakes are shown at their line and column; picture, table and totals follow each keystroke. The page is served to
    this machine only, at a secret address, until you stop it with Ctrl+C. Files are only read, never written: download
    the spec to keep it.

    NET is a network's name (archcalc list), a spec file (my_net.yaml, family.yaml:NAME) or - (standard input).
    """
    from archcalc.web.server import PlayServer

    settings = {} if network is None else _opened(network)
    try:
        server = PlayServer(port, settings)
    except OSError as error:
        raise RequestError(f"port {port}: {error.strerror or error}") from None
    with server:
        write(f"{server.address}\n")
        say("Ctrl+C ends it.")
        if not no_browser:
            _open(server)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            say("")


def _opened(name: str) -> dict[str, str]:
    """Return the text of a network's spec, whatever is wrong with it, and the network's name there."""
    from archcalc.errors import SpecError
    from archcalc.language.networks import by_pattern, named
    from archcalc.zoo import find

    try:
        spec = find(name)
    except SpecError as error:
        return {"text": error.text, "name": ""}
    if named(spec.family, spec.name) is None and by_pattern(spec.family, spec.name) is None:
        raise RequestError(f"{printable(name)} is a network of the zoo with other arguments; open that")
    return {"text": spec.family.source.text, "name": spec.name}


def _open(server: PlayServer) -> None:
    """Open the page in a browser, without waiting for it."""
    import webbrowser
    from threading import Thread

    Thread(target=webbrowser.open, args=(server.address,), daemon=True).start()
