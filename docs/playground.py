"""Builds the playground: the page with an editor as a static site, in which archcalc itself runs in the browser.

    python docs/playground.py FOLDER [--pyodide PATH]

Pyodide is taken from npm's registry as npm is set up on this machine, or from PATH: the folder or the .tgz of its npm
package. PyYAML is that of the Python which runs this. Any web server will do: python -m http.server -d FOLDER
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tarfile
import tempfile
from importlib import metadata
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import yaml

from archcalc.web.document import asset
from archcalc.web.play import play_page

ROOT = Path(__file__).resolve().parent.parent
PYODIDE = "pyodide@314.0.7"
"""The version that the page was tried with."""

PARTS = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json", "package.json")
"""The files of Pyodide's package that a browser needs; package.json says its licence and where its source is."""

POLICY = {"worker-src": "'self'"}
"""What the page may load beside itself: the worker in which Python runs."""


def build(folder: Path, pyodide: Path) -> None:
    """Write the site into a folder; ``pyodide`` is the folder of Pyodide's package."""
    missing = [name for name in PARTS if not (pyodide / name).is_file()]
    if missing:
        sys.exit(f"{pyodide}: not the npm package of Pyodide, {', '.join(missing)} missing")
    (folder / "pyodide").mkdir(parents=True, exist_ok=True)
    for name in PARTS:
        shutil.copyfile(pyodide / name, folder / "pyodide" / name)
    pack(folder / "archcalc.zip")
    (folder / "worker.js").write_text(asset("worker.js"), encoding="utf-8")
    (folder / "index.html").write_text(play_page("pyodide.js", {}, POLICY), encoding="utf-8")
    (folder / "LICENSES.txt").write_text(licences(), encoding="utf-8")


def pack(file: Path) -> None:
    """Write archcalc, its specs and PyYAML into a zip, the same bytes for the same files."""
    package, parser = ROOT / "archcalc", Path(yaml.__file__).parent
    found = {f"archcalc/{path.relative_to(package).as_posix()}": path for path in contents(package)}
    found |= {f"archcalc/specs/{path.name}": path for path in contents(ROOT / "specs")}
    found |= {f"yaml/{path.name}": path for path in parser.glob("*.py")}
    with ZipFile(file, "w") as packed:
        for name, path in sorted(found.items()):
            packed.writestr(ZipInfo(name), path.read_bytes(), ZIP_DEFLATED, 9)


def contents(folder: Path) -> list[Path]:
    """List the files of a package, without what Python has compiled."""
    return [path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts]


def licences() -> str:
    """Return whose work the site holds, with the licence texts that have to go with it."""
    own = (ROOT / "LICENSE").read_text(encoding="utf-8")
    files = [path for path in metadata.files("pyyaml") or () if path.name.startswith("LICENSE")]
    theirs = "\n".join(path.read_text(encoding="utf-8") for path in files)
    pyodide = "Mozilla Public License 2.0, unmodified. pyodide/package.json names its version, licence and source."
    held = {"archcalc": own, f"PyYAML {metadata.version('pyyaml')}": theirs, "Pyodide, with CPython in it": pyodide}
    return f"\n{'-' * 80}\n\n".join(f"{name}\n\n{text.strip()}\n" for name, text in held.items())


def fetched(target: Path) -> Path:
    """Fetch the package of Pyodide by npm; end the program where that cannot be."""
    npm = shutil.which("npm")
    if npm is None:
        sys.exit("npm is not here: give the folder or the .tgz of Pyodide's npm package with --pyodide")
    done = subprocess.run([npm, "pack", PYODIDE, "--silent"], cwd=target, capture_output=True, text=True, check=False)
    archives = list(target.glob("pyodide-*.tgz"))
    if done.returncode or len(archives) != 1:
        sys.exit(f"npm pack {PYODIDE}: {done.stderr.strip() or done.stdout.strip()}")
    return archives[0]


def main() -> None:
    """Build the site as the command line says."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="where the site is written; it may be there")
    parser.add_argument("--pyodide", type=Path, metavar="PATH", help="folder or .tgz of Pyodide's npm package")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        target = Path(name)
        source = asked.pyodide or fetched(target)
        if source.is_file():
            with tarfile.open(source) as archive:
                for part in PARTS:
                    held = archive.extractfile(f"package/{part}")
                    (target / part).write_bytes(held.read() if held else b"")
            source = target
        build(asked.folder, source)
    print(f"{asked.folder}: python -m http.server -d {asked.folder}")


if __name__ == "__main__":
    main()
