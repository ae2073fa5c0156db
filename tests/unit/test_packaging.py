"""The map from rooms to packages, the committed links and the wheel agree."""

import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("graph", "agents", "tools", "prompts", "generator", "memory")


@pytest.mark.parametrize("room", ROOMS)
def test_link_leads_to_its_room(room: str) -> None:
    link = ROOT / "foley_designer" / room
    assert link.is_symlink()
    assert link.readlink() == Path("..") / room


def test_setup_maps_the_same_rooms() -> None:
    text = (ROOT / "setup.py").read_text()
    found = re.search(r"ROOMS = \((.*)\)", text)
    assert found
    assert tuple(re.findall(r'"(\w+)"', found.group(1))) == ROOMS


@pytest.mark.slow
def test_wheel_holds_every_module_and_data_file(tmp_path: Path) -> None:
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.splitlines()
    for name in tracked:
        copy = tmp_path / "source" / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, copy, follow_symlinks=False)
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir"]
    subprocess.run([*command, str(tmp_path), str(tmp_path / "source")], check=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        held = set(archive.namelist())
    expected = set()
    for name in tracked:
        room = name.split("/")[0]
        wanted = name.endswith((".py", ".md", "py.typed", ".safetensors"))
        wanted = wanted or "/templates/" in name or "/weights/" in name
        if wanted and room in ROOMS:
            expected.add(f"foley_designer/{name}")
        elif wanted and room == "foley_designer" and not (ROOT / name).is_symlink():
            expected.add(name)
    assert not expected - held
