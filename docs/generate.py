"""Write the generated pages and the picture of this folder, or with --check say which pages are not up to date.

Run it from a checkout: ``python docs/generate.py``.
"""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

import differences_page  # noqa: E402 - of this folder
import frameworks_page  # noqa: E402
import measured_page  # noqa: E402
import operations_page  # noqa: E402
import zoo_pages  # noqa: E402

PAGES = {
    "operations.md": operations_page.page,
    "from-other-frameworks.md": frameworks_page.page,
    "zoo.md": zoo_pages.zoo,
    "differences.md": differences_page.page,
    "measured-times.md": measured_page.page,
    measured_page.kept(HERE): measured_page.errors,
}


def picture() -> str:
    """Return the table of VGG-16 as a terminal shows it, as SVG."""
    import io

    from rich.console import Console

    import archcalc
    from archcalc.render.formats.terminal import print_page
    from archcalc.render.page import Target
    from archcalc.render.show import ShowPage, TableOptions

    target = Target(width=100, color=True)
    console = Console(file=io.StringIO(), width=100, record=True, force_terminal=True, highlight=False)
    print_page(console, ShowPage([archcalc.load("vgg16").analyze()], TableOptions()), target)
    return console.export_svg(title="archcalc show vgg16", unique_id="vgg16") + "\n"


def main() -> int:
    """Write or check every page; return the exit status."""
    stale = []
    for name, write in PAGES.items():
        path, text = HERE / name, write()
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(name)
            if "--check" not in sys.argv:
                path.write_text(text, encoding="utf-8")
    if "--check" not in sys.argv:  # not checked: another version of rich draws another picture
        (HERE / "vgg16.svg").write_text(picture(), encoding="utf-8")
    if stale and "--check" in sys.argv:
        print(f"not up to date: {', '.join(stale)}; run python docs/generate.py")
        return 1
    print(f"{'written' if stale else 'up to date'}: {', '.join(stale or PAGES)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
