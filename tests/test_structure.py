"""The arrows of the architecture point one way, and only what is needed is loaded."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import archcalc
from archcalc.operations import OPERATIONS
from archcalc.zoo import find

PACKAGE = Path(archcalc.__file__).parent
MODULES = {
    ".".join(("archcalc", *file.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__"): file
    for file in sorted(PACKAGE.rglob("*.py"))
}

FILES = (*MODULES.values(), *sorted((PACKAGE.parent / "docs").glob("*.py")))
"""Every module of archcalc, and those that write its documents."""

MAX_MODULE, MAX_FUNCTION = 300, 50
"""Lines."""

FLOORS = (
    "cli api",
    "web",
    "render",
    "charts",
    "draw export",
    "validation summaries standalone",
    "analyses",
    "published",
    "conventions",
    "zoo",
    "libraries spelling",
    "exchange",
    "engine",
    "language",
    "operations",
    "text",
    "trace units errors",
    "record limits",
)
"""Packages and modules from the top of the house to the ground, as docs/design.md draws it.

Each may import only what stands on a floor below its own; what shares a floor does not import one another.
"""

LEVEL = {part: -number for number, floor in enumerate(FLOORS) for part in floor.split()}


def inside(module, part):
    return module == part or module.startswith(f"{part}.")


def part_of(module):
    """Return the package or module of the house that a module belongs to; the face of archcalc belongs to none."""
    return module.split(".")[1] if "." in module else ""


def imports(file):
    """List all that a file imports, at its top, in a function or for the type checker only."""
    found = []
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.extend(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: relative import"
            found.append(node.module)
            found.extend(f"{node.module}.{alias.name}" for alias in node.names)
    return found


def modules_imported(file):
    """List the modules of archcalc that a file imports."""
    return {name for name in imports(file) if name in MODULES}


def test_every_part_of_the_house_has_a_floor():
    parts = {part_of(module) for module in MODULES} - {"", "__main__"}
    assert parts == set(LEVEL)


DESIGN = PACKAGE.parent / "docs" / "design.md"


@pytest.mark.skipif(not DESIGN.is_file(), reason="the documentation is not here")
def test_the_design_draws_these_floors():
    picture = DESIGN.read_text(encoding="utf-8").partition("```text\n")[2].partition("```")[0]
    drawn = [floor.split("\n") for floor in re.split("[┌├└]─+[┐┤┘].*\n?", picture)[1:-1]]
    names = [" ".join(line.split("│")[1].strip() for line in floor if line) for floor in drawn]
    assert names == list(FLOORS)


@pytest.mark.parametrize("part", LEVEL)
def test_imports_point_down(part):
    wrong = [
        f"{module} imports {name}"
        for module, file in MODULES.items()
        if part_of(module) == part
        for name in modules_imported(file)
        if part_of(name) not in ("", part) and LEVEL.get(part_of(name), 0) >= LEVEL[part]
    ]
    assert not wrong


def test_no_modules_import_one_another_in_a_circle():
    left = {module: modules_imported(file) - {module} for module, file in MODULES.items()}
    for module, names in left.items():  # a package may hand its own modules on, and they import from beside it
        left[module] = {name for name in names if not inside(module, name)}
    while free := [module for module, names in left.items() if not names & left.keys()]:
        for module in free:
            del left[module]
    assert not left


def test_only_readers_and_errors_of_the_text_are_used_by_operations():
    used = {
        name
        for module, file in MODULES.items()
        if inside(module, "archcalc.operations")
        for name in modules_imported(file)
        if inside(name, "archcalc.text")
    }
    assert used == {"archcalc.text.readers"}


def test_the_engine_knows_no_operation_by_name():
    general = {"base", "input"}
    for module, file in MODULES.items():
        if not (inside(module, "archcalc.engine") or inside(module, "archcalc.language")):
            continue
        for name in imports(file):
            if name.startswith("archcalc.operations.") and name.split(".")[2] not in general:
                attribute = name.split(".")[2]
                assert attribute not in OPERATIONS, f"{module} imports {name}"
    text = "".join(
        file.read_text(encoding="utf-8") for module, file in MODULES.items() if inside(module, "archcalc.engine")
    )
    named = [word for word in OPERATIONS if re.search(rf"[\"']{word}[\"']", text)]
    assert not named, "the engine names operations"


def test_only_the_command_line_prints():
    for module, file in MODULES.items():
        if inside(module, "archcalc.cli"):
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                asked = module == "archcalc.api"  # archcalc.summary, whose work it is
                assert node.func.id != "print" or asked, f"{module}:{node.lineno} prints"
            own = not (isinstance(node, ast.Attribute) and ast.unparse(node.value) == "process")  # not that of another
            if isinstance(node, ast.Attribute) and own and node.attr in ("stdout", "stderr", "echo", "secho"):
                raise AssertionError(f"{module}:{node.lineno} uses {node.attr}")


def test_yaml_is_read_in_one_place():
    users = [module for module, file in MODULES.items() if any(inside(name, "yaml") for name in imports(file))]
    assert users == ["archcalc.text.tree"]


def test_nothing_is_run_or_fetched():
    forbidden = {
        "subprocess", "socket", "socketserver", "urllib", "http", "pickle", "requests", "multiprocessing", "ctypes",
        "webbrowser",
    }  # fmt: skip
    allowed = {
        "archcalc.analyses.sweep.workers": {"multiprocessing"},  # archcalc itself, on the other cores
        # to play: a server for this machine only, the process that answers, and the browser that is opened
        "archcalc.web.server": {"http", "socketserver"},
        "archcalc.web.worker": {"subprocess"},
        "archcalc.cli.play": {"webbrowser"},
    }
    for module, file in MODULES.items():
        used = {name.split(".")[0] for name in imports(file)} & forbidden
        assert used == allowed.get(module, set()), module
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in ("eval", "exec", "compile", "__import__"), f"{module}:{node.lineno}"


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(PACKAGE.parent)))
def test_a_module_and_its_functions_are_short_and_it_is_described(file):
    text = file.read_text(encoding="utf-8")
    tree = ast.parse(text)
    assert ast.get_docstring(tree)
    assert len(text.splitlines()) <= MAX_MODULE
    functions = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    lengths = {node.name: node.end_lineno - node.lineno + 1 for node in functions}
    assert not {name: lines for name, lines in lengths.items() if lines > MAX_FUNCTION}


def test_what_is_needed_is_declared():
    declared = {"archcalc", "click", "yaml", "rich", "tabulate"}
    allowed = declared | {"typing_extensions"} | set(sys.stdlib_module_names)  # the second for the type checker only
    frameworks = {"archcalc.exchange.frameworks": {"torch"}}  # whose models it is handed
    for module, file in MODULES.items():
        assert {name.split(".")[0] for name in imports(file)} <= allowed | frameworks.get(module, set()), module


LOADS = """
import json, sys
from archcalc.cli import cli
cli(sys.argv[1:], standalone_mode=False)
print(json.dumps(sorted(sys.modules)), file=sys.stderr)
"""


def loaded(*arguments):
    """Return the names of the modules that a command has loaded."""
    environment = {**os.environ, "PYTHONPATH": str(PACKAGE.parent)}
    done = subprocess.run(
        [sys.executable, "-c", LOADS, *arguments], capture_output=True, encoding="utf-8", env=environment, check=False
    )
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stderr.splitlines()[-1]))


def operations_of(network):
    """Name the operations of a network's spec file: all its variants, blocks and training branches."""
    text = find(network).family.source.text
    return {word for word in OPERATIONS if re.search(rf"(?<![\w.-]){word}(?![\w-])", text)}


@pytest.mark.parametrize("format", ["json", "csv", "tsv"])
def test_data_needs_no_tables(format):
    modules = loaded("show", "vgg16", "--format", format)
    assert not {module for module in modules if module.split(".")[0] in ("rich", "tabulate")}


def test_markdown_needs_no_rich():
    modules = loaded("show", "vgg16", "--format", "markdown")
    assert "tabulate" in modules
    assert "rich" not in modules


@pytest.mark.parametrize("network", ["vgg16", "resnet50", "googlenet"])
def test_only_the_operations_of_the_spec_are_loaded(network):
    modules = loaded("show", network, "--format", "json")
    found = {module.split(".")[2] for module in modules if module.startswith("archcalc.operations.")}
    assert "conv" in found
    assert found & set(OPERATIONS) <= operations_of(network)


def test_commands_are_loaded_when_they_are_used():
    modules = loaded("show", "vgg16", "--format", "json")
    found = {module for module in modules if module.startswith("archcalc.cli.")}
    assert found == {
        f"archcalc.cli.{name}" for name in ("show", "options", "types", "request", "output", "streams", "files")
    }
    assert not {"archcalc.published.check", "archcalc.analyses.explain", "fractions", "decimal"} & modules


def test_help_loads_no_engine():
    modules = loaded("--version")
    assert not {module for module in modules if module.startswith(("archcalc.engine", "archcalc.language", "yaml"))}
