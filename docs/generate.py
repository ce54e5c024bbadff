"""Write the generated pages and pictures of this folder, or with --check say which are not up to date.

Run it from a checkout: ``python docs/generate.py``.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

import charts_pictures  # noqa: E402 - of this folder
import cookbook_pictures  # noqa: E402
import differences_page  # noqa: E402
import frameworks_page  # noqa: E402
import gallery_page  # noqa: E402
import man_page  # noqa: E402
import measured_page  # noqa: E402
import operations_page  # noqa: E402
import terminal_pictures  # noqa: E402
import zoo_pages  # noqa: E402

PAGES = {
    "operations.md": operations_page.page,
    "from-other-frameworks.md": frameworks_page.page,
    "zoo.md": zoo_pages.zoo,
    "differences.md": differences_page.page,
    "gallery.md": gallery_page.gallery,
    "outputs.md": terminal_pictures.page,
    "archcalc.1": man_page.page,
    "measured-times.md": measured_page.page,
    measured_page.kept(HERE): measured_page.errors,
}


def files() -> Iterator[tuple[str, str]]:
    """Yield every file of this folder that is written, and what is in it."""
    for name, write in PAGES.items():
        yield name, write()
    yield from gallery_page.pictures()
    yield from charts_pictures.pictures()
    yield from terminal_pictures.pictures()
    yield from cookbook_pictures.pictures()


def main() -> int:
    """Write or check every page and picture; return the exit status."""
    written = dict(files())
    stale = [name for name, text in written.items() if not _is(HERE / name, text)]
    left = [
        path
        for path in sorted((HERE / gallery_page.FOLDER).rglob("*.svg"))
        if str(path.relative_to(HERE)) not in written
    ]
    stale += [str(path.relative_to(HERE)) for path in left]
    if "--check" in sys.argv:
        print(f"not up to date: {', '.join(stale)}; run python docs/generate.py" if stale else "up to date")
        return 1 if stale else 0
    for path in left:
        path.unlink()
    for name in stale:
        if name in written:
            (HERE / name).parent.mkdir(parents=True, exist_ok=True)
            (HERE / name).write_text(written[name], encoding="utf-8")
    print(f"written: {', '.join(stale)}" if stale else "up to date")
    return 0


def _is(path: Path, text: str) -> bool:
    return path.exists() and path.read_text(encoding="utf-8") == text


if __name__ == "__main__":
    sys.exit(main())
