"""The good inputs that `mutations` changes, one a format, and the code that reads each."""

import os
from pathlib import Path
from typing import Any

from benchmarks.safety.damage import Corpus
from foley_designer.core.session.session import Session, write_json

FOUNTAIN = """Title: The yard
Author: N. N.

EXT. YARD - NIGHT

A MAN in boots walks over gravel. A door slams.

MAN
(whispers)
Who is there?

CUT TO:

INT. HALL - CONTINUOUS

[[a note]] Rain on the roof. /* left out */ A clock ticks.
"""
FDX = """<?xml version="1.0" encoding="UTF-8"?>
<FinalDraft DocumentType="Script" Version="1"><Content>
<Paragraph Type="Scene Heading"><Text>EXT. YARD - NIGHT</Text></Paragraph>
<Paragraph Type="Action"><Text>A man walks over </Text><Text Style="Bold">gravel</Text></Paragraph>
<Paragraph Type="Dialogue"><Text>Who is there?</Text></Paragraph>
</Content></FinalDraft>
"""
VTT = """WEBVTT

00:00:01.000 --> 00:00:03.000
[door slams]

2
00:00:04.000 --> 00:00:06.500 align:start
<v Man>Who is there?</v>
"""
SRT = "1\n00:00:01,000 --> 00:00:03,000\n[door slams]\n\n2\n00:00:04,000 --> 00:00:06,000\nWho?\n"
PROSE = "A man walks over gravel. A door slams behind him.\n\nThen rain on the roof.\n"
DATASET = "name: tiny\nseed: 1\nitems: 4\nseconds: [2.0, 3.0]\nspaces: [hall]\n"
SETTINGS = 'seed = 3\nbeam = 2\nweights = [0.5, 0.3, 0.2]\n[agents.scorer]\nmodel = "m"\n'


def all_files(folder: Path) -> list[Path]:
    """Every regular file, sorted."""
    return sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def clip(path: Path, codec: str) -> None:
    """A film of twelve small frames."""
    import av
    import numpy as np

    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream(codec, rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        container.metadata["title"] = "A yard"
        for number in range(12):
            image = np.full((48, 64, 3), 20 * number, np.uint8)
            for packet in stream.encode(av.VideoFrame.from_ndarray(image, format="rgb24")):
                container.mux(packet)
        for packet in stream.encode():
            container.mux(packet)


def _clips(folder: Path) -> None:
    for name, codec in (("a.mp4", "libx264"), ("b.avi", "mpeg4"), ("c.mkv", "libx264")):
        clip(folder / name, codec)


def _see(folder: Path) -> None:
    from foley_designer.vision.video.decode import frames, open_clip

    for path in all_files(folder):
        open_clip(path)
        for number, _ in enumerate(frames(path, 160)):
            if number > 200:
                break


def _scripts(folder: Path) -> None:
    for name, text in (
        *(
            ("a.fountain", FOUNTAIN),
            ("b.fdx", FDX),
            ("c.vtt", VTT),
            ("d.srt", SRT),
            ("e.txt", PROSE),
        ),
    ):
        (folder / name).write_text(text)


def _read_scripts(folder: Path) -> None:
    from foley_designer.screenplay import open_script

    for path in all_files(folder):
        open_script(path)


def session(folder: Path) -> None:
    """A finished session with all that programs leave in one."""
    from sample_session import finished_session

    from foley_designer.core.mix import verdict
    from foley_designer.core.session.store import Shelf
    from foley_designer.graph.checkpoints import checkpoints

    finished_session(folder)
    made = Session(folder)
    made.name(str(made.finished().revision), "first")
    verdict.save(made, verdict.Verdicts())
    job = made.hidden / "jobs" / "0001"
    job.mkdir(parents=True)
    asked = {"kind": "design", "clip": "a.mp4", "description": "a door", "script_path": None}
    write_json(job / "request.json", {"arguments": asked})
    write_json(job / "progress.json", {"step": "see", "fraction": 0.5, "message": "Look"})
    write_json(job / "result.json", {"state": "done", "answer": {"stems": 3}, "failure": None})
    (job / "log.txt").write_text("up\n")
    config: Any = {"configurable": {"thread_id": "1", "checkpoint_ns": ""}}
    point: Any = {"v": 1, "id": "1", "ts": "", "channel_versions": {}, "versions_seen": {}}
    point["channel_values"] = {"clip": "a.mp4", "notes": [], "frontier": ["n0"], "level": 1}
    with checkpoints(made) as saver:
        saver.put(config, point, {"source": "loop", "step": 1, "parents": {}}, {})
    for stem in made.finished().stems:
        place = made.store.place(Shelf.STEMS, stem.sha256)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes((folder / stem.file).read_bytes())
        made.store.keep(Shelf.STEMS, stem.sha256)


def _session_files(folder: Path) -> list[Path]:
    """Documents and databases rather than sounds, which are only hashed."""
    files = [path for path in all_files(folder) if path.name not in ("lock",)]
    told = [path for path in files if path.suffix in (".json", ".jsonl", ".sqlite")]
    return told + told + files


def _open_session(folder: Path) -> None:
    from foley_designer.api import revisions
    from foley_designer.assistant.jobs.jobs import status_of
    from foley_designer.assistant.jobs.store import jobs_of
    from foley_designer.assistant.paths import Place
    from foley_designer.assistant.summary import summary
    from foley_designer.core.mix import verdict
    from foley_designer.export.bundle import export
    from foley_designer.graph.checkpoints import checkpoints

    session = Session(folder)
    with checkpoints(session) as saver:
        list(saver.list({"configurable": {"thread_id": "1"}}))
    revisions.history(folder)
    verdict.load(session)
    session.names()
    place = Place((folder,), folder.parent)
    summary(*place.designed(folder.name))
    for job in jobs_of(session):
        status_of(job)
    export(folder, ["cues", "edl", "reaper", "otio"], folder / "exports")


def _cards(folder: Path) -> None:
    from foley_designer.memory.knowledge_base import EMBEDDED

    for path in sorted(EMBEDDED.glob("*.md"))[:3]:
        (folder / path.name).write_text(path.read_text())


def _read_cards(folder: Path) -> None:
    from foley_designer.memory.card_files import read_folder

    read_folder(folder)


def _prompts(folder: Path) -> None:
    from foley_designer.prompts.store import BUILTIN

    for name in ("critic/review.md", "scribe/propose.md"):
        (folder / name).parent.mkdir(parents=True)
        (folder / name).write_text((BUILTIN / name).read_text())
    (folder / "critic" / "review.extra.md").write_text("Keep {{ before | upper }} forward.\n")


def _read_prompts(folder: Path) -> None:
    from foley_designer.prompts.store import load

    load(project=folder).render("critic/review", {"story": {}, "before": {"a": 1}, "after": {}})


def _sets(folder: Path) -> None:
    from foley_designer.memory.preferences import Preferences, save

    (folder / "set.yaml").write_text(DATASET)
    (folder / "config.toml").write_text(SETTINGS)
    save(Preferences().set("quieter_db", 4.0, "quieter means 4 dB", "0" * 16), folder)


def _read_sets(folder: Path) -> None:
    from foley_designer.core.settings import Settings
    from foley_designer.filmstereo.config import read_config
    from foley_designer.memory.preferences import load

    read_config(folder / "set.yaml")
    load(folder)
    before = Settings.model_config["toml_file"]
    Settings.model_config["toml_file"] = folder / "config.toml"
    try:
        Settings()
    finally:
        Settings.model_config["toml_file"] = before


def _variables(folder: Path) -> None:
    (folder / "variables").write_text(
        'FOLEY_BEAM=2\nFOLEY_WEIGHTS=[0.5, 0.3, 0.2]\nFOLEY_AGENTS={"scorer": {"model": "m"}}\n'
        "FOLEY_TARGET=ebu_r128\nFOLEY_LLM_PRICES=[1, 2]\nFOLEY_MAX_SECONDS=60\n"
    )


def _read_variables(folder: Path) -> None:
    from foley_designer.core.settings import Settings

    kept = dict(os.environ)
    try:
        for line in (folder / "variables").read_bytes().splitlines():
            name, _, value = line.replace(b"\0", b"").partition(b"=")
            if name:
                os.environb[name] = value
        Settings()
    finally:
        os.environ.clear()
        os.environ.update(kept)


def _sounds(folder: Path) -> None:
    import numpy as np
    import soundfile

    tone = 0.1 * np.sin(np.arange(4800) / 9)
    for name in ("a.wav", "b.flac", "c.aiff", "d.ogg"):
        soundfile.write(folder / name, tone, 48000)
    (folder / "README.txt").write_text("a.wav, CC0, N. N.\nAll other files: CC BY 4.0\n")


def _read_sounds(folder: Path) -> None:
    from foley_designer.generator.library.reader import read_heading, read_stretch

    for path in all_files(folder):
        if path.suffix != ".txt":
            read_heading(path)
            read_stretch(path, 0.0, 1.0)


def _commands(folder: Path) -> None:
    (folder / "arguments").write_text(
        "export\nSESSION\n--cues\n--handles\n1.5\n--stems\nmono\n--reel\n1\n"
    )


def _give_commands(folder: Path) -> None:
    from typer.main import get_command

    from foley_designer.cli.main import app

    words = (
        (folder / "arguments")
        .read_bytes()
        .replace(b"\0", b"")
        .decode("utf-8", "ignore")
        .split("\n")
    )
    words = [word.replace("SESSION", str(folder / "none")) for word in words if word]
    try:
        get_command(app).main(words, prog_name="foley-designer", standalone_mode=False)
    except Exception as error:
        code = getattr(error, "exit_code", None)
        if code != 2 and "holds no finished" not in str(error):
            raise


def file_corpora() -> list[Corpus]:
    """Formats that are files."""
    return [
        Corpus("media", _clips, all_files, _see),
        Corpus("session", session, _session_files, _open_session),
        Corpus("screenplay", _scripts, all_files, _read_scripts),
        Corpus("session2", session, _session_files, _open_session),
        Corpus("cards", _cards, all_files, _read_cards),
        Corpus("prompts", _prompts, all_files, _read_prompts),
        Corpus("settings", _sets, all_files, _read_sets),
        Corpus("environment", _variables, all_files, _read_variables),
        Corpus("sounds", _sounds, all_files, _read_sounds),
        Corpus("arguments", _commands, all_files, _give_commands),
    ]
