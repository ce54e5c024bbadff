"""Write the generated pages of this folder, or with --check say which are not up to date.

Run it from a checkout: ``python docs/generate.py``.
"""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from archcalc.render import pages, reference  # noqa: E402 - of this checkout

PAGES = {"operations.md": reference.page, "zoo.md": pages.zoo, "misprints.md": pages.misprints}


def main() -> int:
    """Write or check every page; return the exit status."""
    stale = []
    for name, write in PAGES.items():
        path, text = HERE / name, write()
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(name)
            if "--check" not in sys.argv:
                path.write_text(text, encoding="utf-8")
    if stale and "--check" in sys.argv:
        print(f"not up to date: {', '.join(stale)}; run python docs/generate.py")
        return 1
    print(f"{'written' if stale else 'up to date'}: {', '.join(stale or PAGES)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
