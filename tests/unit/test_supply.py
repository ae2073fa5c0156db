"""What is installed: bounded, pinned with hashes, its licences listed."""

import ast
import re
import tomllib
from collections import Counter
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
PIN = re.compile(r"^([a-z0-9._-]+)==(\S+)", re.M)


def test_every_dependency_has_an_upper_bound() -> None:
    extras = PROJECT["optional-dependencies"]
    shipped = [
        line for name in ("diffusion", "cluster", "export", "vision") for line in extras[name]
    ]
    for line in (*PROJECT["dependencies"], *shipped):
        operators = {one.operator for one in Requirement(line).specifier}
        assert operators & {"<", "<=", "==", "~="} or "torchsde" in line, line


def test_constraints_pin_every_dependency_within_its_bounds() -> None:
    text = (ROOT / "constraints.txt").read_text()
    pins: dict[str, set[str]] = {}
    for name, version in PIN.findall(text):
        pins.setdefault(name, set()).add(version)
    for line in PROJECT["dependencies"]:
        needed = Requirement(line)
        assert pins.get(needed.name), line
        assert all(needed.specifier.contains(version) for version in pins[needed.name]), line


def test_one_major_version_for_every_python() -> None:
    """What is tried on one is what another gets: PyAV 19, for 3.12 alone, opened no clip."""
    pins: dict[str, set[str]] = {}
    for name, version in PIN.findall((ROOT / "constraints.txt").read_text()):
        pins.setdefault(name, set()).add(version.partition(".")[0])
    assert {name for name, majors in pins.items() if len(majors) > 1} == set()


def test_every_pin_has_hashes_and_no_address() -> None:
    blocks = re.split(r"\n(?=\S)", (ROOT / "constraints.txt").read_text().strip())
    assert len(blocks) > 100
    assert all("--hash=sha256:" in block for block in blocks)
    assert "://" not in "".join(blocks)


def test_the_licence_page_lists_all_that_is_installed() -> None:
    page = (ROOT / "docs" / "licences.md").read_text()
    here = {re.sub(r"[-_.]+", "-", d.metadata["Name"]).lower() for d in metadata.distributions()}
    names = {name for name, _ in PIN.findall((ROOT / "constraints.txt").read_text())} & here
    assert names
    assert [
        name for name in sorted(names) if not re.search(rf"[ |]{re.escape(name)}[, ]", page)
    ] == []
    assert "see its files" not in page


@pytest.mark.slow
def test_weights_are_loaded_as_weights_alone() -> None:
    """A pickle runs what it names, unless torch is told not to or reads with a strict reader."""
    ways = Counter()
    for path in ROOT.rglob("*.py"):
        if path.is_relative_to(ROOT / "tests") or ".venv" in path.parts:
            continue
        text = path.read_text()
        for node in ast.walk(ast.parse(text)) if "torch.load(" in text else ():
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "torch.load":
                told = {each.arg: ast.unparse(each.value) for each in node.keywords}
                ways[told.get("weights_only"), told.get("pickle_module")] += 1
    assert ways.keys() == {("True", None), ("False", "_Pickle")}
    assert ways["False", "_Pickle"] == 1, "test_metrics_desync lays a trap for it"


def test_the_demo_checks_its_clip() -> None:
    source = (ROOT / "examples" / "demo.py").read_text()
    assert re.search(r'SHA256 = "[0-9a-f]{64}"', source)
    assert "--require-hashes" in source
