"""What is built from this folder holds all that it needs, and runs where nothing else of it is."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from running import ROOT

if not (ROOT / "pyproject.toml").exists():
    pytest.skip("not in a checkout", allow_module_level=True)

pytestmark = pytest.mark.packaging
SPECS = {file.name for file in (ROOT / "specs").glob("*.yaml")}
PLAIN = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "XDG_CACHE_HOME")}

BUILD_SDIST = "import sys, hatchling.build; print(hatchling.build.build_sdist(sys.argv[1]))"


def run(*arguments, folder=None):
    return subprocess.run(
        list(map(str, arguments)), cwd=folder, env=PLAIN, capture_output=True, encoding="utf-8", check=False
    )


def pip(python, *arguments):
    """Run pip; skip where it cannot reach an index."""
    done = run(python, "-m", "pip", "--disable-pip-version-check", "--no-input", *arguments)
    said = done.stdout + done.stderr
    if done.returncode and ("No matching distribution" in said or "connection" in said.lower()):
        pytest.skip(f"pip cannot reach an index: {said.strip().splitlines()[-1]}")
    assert done.returncode == 0, said
    return done


def environment(folder):
    """Make a fresh environment; return its Python."""
    done = run(sys.executable, "-m", "venv", folder)
    if done.returncode:
        pytest.skip(f"no fresh environment can be made here: {(done.stdout + done.stderr).strip()}")
    return folder / ("Scripts" if os.name == "nt" else "bin") / "python"


@pytest.fixture(scope="module")
def python(tmp_path_factory):
    """A fresh environment with what builds, and nothing else."""
    python = environment(tmp_path_factory.mktemp("venv") / "venv")
    pip(python, "install", "--quiet", "hatchling>=1.21")
    return python


@pytest.fixture(scope="module")
def sdist(python, tmp_path_factory):
    """The source distribution, built from a copy of this folder."""
    copy = tmp_path_factory.mktemp("copy") / "archcalc"
    ignored = shutil.ignore_patterns(".git", ".venv", "venv", "*_cache", "__pycache__", "build", "dist")
    shutil.copytree(ROOT, copy, ignore=ignored)
    out = tmp_path_factory.mktemp("sdist")
    done = run(python, "-c", BUILD_SDIST, out, folder=copy)
    assert done.returncode == 0, done.stderr
    return next(out.glob("*.tar.gz"))


@pytest.fixture(scope="module")
def wheel(python, sdist, tmp_path_factory):
    """The wheel, built from the source distribution and nothing else."""
    out = tmp_path_factory.mktemp("wheel")
    pip(python, "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", out, sdist)
    return next(out.glob("*.whl"))


def test_wheel_holds_the_package_and_every_spec(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {f"archcalc/specs/{name}" for name in SPECS} <= names
    assert {f"archcalc/docs/{file.name}" for file in (ROOT / "docs").glob("*.md")} <= names
    assert [name for name in names if name.endswith("data/share/man/man1/archcalc.1")]
    assert not [name for name in names if name.startswith("archcalc/docs/") and not name.endswith(".md")]
    files = (file for end in ("py", "yaml") for file in (ROOT / "archcalc").rglob(f"*.{end}"))
    package = {file.relative_to(ROOT).as_posix() for file in files}
    assert package <= names
    assert "archcalc/py.typed" in names
    assert not [name for name in names if name.startswith(("tests/", "docs/", "specs/"))]


def test_sdist_holds_what_a_packager_needs(sdist):
    import tarfile

    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"pyproject.toml", "README.md", "LICENSE", "PKG-INFO", "tests/test_packaging.py"} <= names
    assert {f"specs/{name}" for name in SPECS} <= names
    assert not [name for name in names if "__pycache__" in name or ".git/" in name]


def test_installed_wheel_runs_from_anywhere(python, wheel, tmp_path):
    pip(python, "install", "--quiet", wheel)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    archcalc = Path(python).with_name("archcalc.exe" if os.name == "nt" else "archcalc")
    shown = run(archcalc, "show", "vgg16", folder=elsewhere)
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "138,357,544" in shown.stdout
    assert run(archcalc, "--version", folder=elsewhere).stdout.startswith("archcalc ")
    assert "A complete example" in run(archcalc, "help", "spec-format", folder=elsewhere).stdout
    assert (Path(python).parent.parent / "share" / "man" / "man1" / "archcalc.1").is_file()
    assert run(archcalc, "check", "lenet5", folder=elsewhere).returncode == 0
    where = run(python, "-c", "import archcalc.zoo; print(archcalc.zoo.folder())", folder=elsewhere).stdout
    assert Path(where.strip()).parts[-2:] == ("archcalc", "specs")
    assert str(ROOT) not in where
    assert list(elsewhere.iterdir()) == []
