"""Try the tests: make small wrong edits of the calculator, one at a time, and print those that no test notices.

    python tests/mutation/mutate.py --count 200 --seed 1

Each edit is made in a copy of the project, and the fitting tests run on it until the first failure, the quickest
first. What survives either changes nothing that anybody could see, or shows a hole in the tests; docs/contributing.md
lists what survived the last time, and why.
"""

from __future__ import annotations

import argparse
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from edits import Edit, edits

ROOT = Path(__file__).parents[2]
PLACES = ("operations", "engine", "conventions", "published", "analyses", "units.py")
ALWAYS = "report golden first_release known_totals"
FITTING = {
    "operations": "operations window oracle_of_operations oracle ceil_mode maps sequences equivalences random_networks "
    "explanations bad_specs conventions memory",
    "engine": "equivalences sequences oracle random_networks bad_specs explanations memory overrides sums",
    "conventions": "conventions",
    "published": "verdicts claims expect units",
    "analyses/memory": "memory",
    "analyses/time": "time",
    "analyses/devices": "time memory",
    "analyses/why": "why",
    "analyses/formulas": "formula",
    "analyses/sweep": "sweep formula",
    "analyses/scaling": "scaling",
    "analyses": "explanations output accuracy charts difference sweep scaling maps taking_away reading",
    "units.py": "units expect verdicts time output memory",
}
"""The tests that speak of a part of the calculator."""

PATIENCE = 600  # seconds; an edit that makes the tests hang is noticed


def main() -> int:
    """Make the edits that are asked for, and print what survives."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=1, help="the number of the edit to begin with")
    parser.add_argument("--only", default="", help="edits of files whose path has this in it")
    asked = parser.parse_args()
    found = [edit for edit in _all_edits() if asked.only in edit.path]
    chosen = random.Random(asked.seed).sample(found, min(asked.count, len(found)))
    survived = []
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "project"
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".git", ".venv*", "__pycache__", ".*_cache"))
        if any(_fails(copy, _fitting(f"archcalc/{place}")) for place in FITTING):
            print("the tests fail without any edit", file=sys.stderr)
            return 1
        for number, edit in list(enumerate(chosen, start=1))[asked.first - 1 :]:
            begun = time.monotonic()
            noticed = _noticed(copy, edit)
            verdict = f"{'noticed ' if noticed else 'SURVIVED'} {time.monotonic() - begun:5.1f} s"
            print(f"{number:4} {verdict}  {edit}", flush=True)
            survived += [] if noticed else [edit]
    tried = len(chosen) - asked.first + 1
    print(f"\n{tried} of {len(found)} edits tried: {tried - len(survived)} noticed, {len(survived)} survived")
    for edit in survived:
        print(f"  {edit}")
    return 0


def _all_edits() -> list[Edit]:
    """Find the edits of all modules that count and compare."""
    folder = ROOT / "archcalc"
    paths = [path for place in PLACES for path in sorted((folder / place).rglob("*.py")) or [folder / place]]
    return [
        edit for path in paths for edit in edits(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8"))
    ]


def _noticed(copy: Path, edit: Edit) -> bool:
    """Make an edit in the copy, run the fitting tests, and take the edit back."""
    path = copy / edit.path
    text = path.read_text(encoding="utf-8")
    _write(path, edit.of(text))
    try:
        return _fails(copy, _fitting(edit.path))
    finally:
        _write(path, text)


def _write(path: Path, text: str) -> None:
    """Write a module, and forget what was compiled of it: an edit may keep its size and its second."""
    path.write_text(text, encoding="utf-8")
    for compiled in (path.parent / "__pycache__").glob(f"{path.stem}.*.pyc"):
        compiled.unlink()


def _fitting(path: str) -> list[str]:
    """Return the tests that speak of a module, the nearest first."""
    place = max((place for place in FITTING if path.startswith(f"archcalc/{place}")), key=len)
    return [f"tests/test_{name}.py" for name in f"{FITTING[place]} {ALWAYS}".split()]


def _fails(copy: Path, tests: list[str]) -> bool:
    """Run tests until the first that fails."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "--no-header", *tests]
    try:
        run = subprocess.run(command, cwd=copy, capture_output=True, timeout=PATIENCE, check=False)
    except subprocess.TimeoutExpired:
        return True
    return run.returncode != 0


if __name__ == "__main__":
    sys.exit(main())
