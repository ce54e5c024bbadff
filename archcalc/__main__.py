"""The entry point, also of ``python -m archcalc``."""

from __future__ import annotations

import gc
import sys


def main() -> None:
    """Run the command line, without the cyclic collector: a run is short, and collecting would cost a fifth of it."""
    gc.disable()
    try:
        from archcalc.cli import cli

        cli.main(prog_name="archcalc")
    except KeyboardInterrupt:
        sys.exit(130)
    finally:
        gc.freeze()  # nor at the end, where Python collects once more


if __name__ == "__main__":
    main()
