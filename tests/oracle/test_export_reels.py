"""Reels of a film: OpenTimelineIO, pyaaf2 and Ardour find every region on its frame."""

import subprocess
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import pytest
from oracle.test_export_sessions import ardour
from sample_session import finished_session

from foley_designer.core.progress import silent
from foley_designer.core.settings import Settings
from foley_designer.core.timecode import from_timecode
from foley_designer.core.work.pool import Here
from foley_designer.export.bundle import export
from foley_designer.export.delivery import Delivery
from foley_designer.export.session.regions import Region, regions
from foley_designer.film.designing import Designed, Run
from foley_designer.film.folder import FilmFolder
from foley_designer.film.model import DesignedScene, Film, Piece, Reel
from foley_designer.film.reels import assemble_reels, reel_task
from foley_designer.screenplay.turnover import session_text

pytestmark = [pytest.mark.oracle, pytest.mark.slow]
RATES = [Fraction(24000, 1001), Fraction(24), Fraction(25), Fraction(30000, 1001)]


class Made(NamedTuple):
    """An assembled reel: the second of a film, with a scene cut into and turned round another."""

    root: Path
    start: str
    steps_s: float
    """When its feet begin."""


def made(folder: Path, rate: Fraction) -> Made:
    """Assemble a reel of two sample sessions."""
    film = FilmFolder(folder / "film")
    clips = {}
    for key in ("r2s1", "r2s2"):
        clips[key] = finished_session(film.scene(key).root, rate, None).script.clip
    scenes = tuple(
        DesignedScene(
            id=key, title=key, place=f"place_{key}", path="", clip=clip, first=0,
            last=clip.frame_count,
        )
        for key, clip in clips.items()
    )  # fmt: skip
    last = clips["r2s1"].frame_count
    half = last // 2
    pieces = (
        Piece(scene="r2s1", first=0, last=half, at=7),
        Piece(scene="r2s2", first=0, last=last, at=7 + half),
        Piece(scene="r2s1", first=half, last=last, at=7 + half + last),
    )
    count = pieces[-1].end + 11
    start = "02:00:00;00" if rate.denominator == 1001 and rate > 29 else "02:00:00:00"
    clip = clips["r2s1"].model_copy(
        update={
            "frame_count": count,
            "duration_s": float(count / rate),
            "timecode": start,
            "sha256": "2" * 64,
        }
    )
    reel = Reel(number=2, path="", clip=clip, pieces=pieces)
    whole = Film(title="Two", reels=(reel,), scenes=scenes)
    with film.lock(), film.ledger() as ledger:
        film.commit(whole)
        run = Run(film, ledger, Settings(), Here(), silent)
        task = reel_task(run, whole, reel, Designed({}, 0, ()))
        assert task is not None
        ((_, record),) = assemble_reels([task], Here())
        assert isinstance(record, str), record
    return Made(film.reel(reel).root, start, float(7 / rate) + 0.4)


def all_regions(root: Path) -> list[tuple[str, Region]]:
    """Each track's name and its regions."""
    return [(track.name, one) for track in Delivery.of(root).tracks for one in regions(track)]


@pytest.mark.parametrize("rate", RATES)
def test_timelines_and_session_text_have_every_region_on_its_frame(tmp_path, rate) -> None:
    otio = pytest.importorskip("opentimelineio")
    reel = made(tmp_path, rate)
    delivery = Delivery.of(reel.root)
    paths = export(reel.root, ["otio", "session-text"], tmp_path / "out", reel="2").paths
    timeline = otio.adapters.read_from_file(
        str(next(path for path in paths if path.suffix == ".otio"))
    )
    origin = from_timecode(reel.start, rate)
    assert timeline.global_start_time.value == origin
    placed = [
        round(clip.range_in_parent().start_time.value)
        for track in timeline.audio_tracks()
        for clip in track
        if isinstance(clip, otio.schema.Clip)
    ]
    wanted = [region.frames(delivery)[0] for _, region in all_regions(reel.root)]
    assert placed == wanted
    text = next(path for path in paths if path.name.endswith("_session.txt")).read_text()
    clips = [clip for clip in session_text.parse(text).clips if clip.channel == 1]
    assert [clip.start - origin for clip in clips] == wanted
    feet = [one.start for name, one in all_regions(reel.root) if "feet" in name]
    assert feet[0] / 48_000 == pytest.approx(reel.steps_s, abs=1e-4)


def test_aaf_has_every_region_on_its_frame(tmp_path) -> None:
    aaf2 = pytest.importorskip("aaf2")
    reel = made(tmp_path, Fraction(25))
    (path, *_) = export(reel.root, ["aaf"], tmp_path / "out").paths
    wanted = [(one.start, one.end) for _, one in all_regions(reel.root)]
    found = []
    with aaf2.open(str(path)) as file:
        composition = next(file.content.toplevel())
        for slot in [one for one in composition.slots if one.name != "Timecode"][::2]:
            at = 0
            for part in slot.segment.components:
                if isinstance(part, aaf2.components.SourceClip):
                    found.append((at, at + part.length))
                at += part.length
    assert [start for start, _ in found] == [start for start, _ in wanted]


def test_ardour_has_every_region_on_its_sample(tmp_path) -> None:
    program = ardour("lua")
    reel = made(tmp_path, Fraction(25))
    path = export(reel.root, ["ardour"], tmp_path / "out").paths[0]
    script = tmp_path / "read.lua"
    script.write_text(
        'AudioEngine:set_backend("None (Dummy)", "", "")\n'
        f'local session = load_session("{path.parent}", "{path.stem}")\n'
        "assert(session)\n"
        "for route in session:get_tracks():iter() do\n"
        "  for region in route:to_track():playlist():region_list():iter() do\n"
        '    print("REGION|" .. route:name() .. "|" .. region:position():samples())\n'
        "  end\nend\nclose_session()\nquit()\n"
    )
    done = subprocess.run([program, str(script)], check=False, capture_output=True, timeout=120)
    rows = [line.split("|")[1:] for line in done.stdout.decode().splitlines() if "REGION|" in line]
    wanted = [(name, one.start) for name, one in all_regions(reel.root)]
    assert sorted((name, int(start)) for name, start in rows) == sorted(wanted)
