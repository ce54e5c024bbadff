"""The entry point, also of ``python -m archcalc``."""

from __future__ import annotations

import gc
import sys


def main() -> None:
    """Run the command line."""
    gc.disable()  # a run is short and makes no cycles; collecting them would cost an eighth of it
    from archcalc.cli import cli

    try:
        cli.main(prog_name="archcalc")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
