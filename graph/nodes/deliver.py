"""deliver: stems, documents, picture with sound, cue sheet, report, and the session's record."""

import re
from collections.abc import Sequence
from pathlib import Path

from foley_designer import __version__
from foley_designer.agents.mix_planner.repairs import own_faults_of
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.files import copy, file_hash, write_text
from foley_designer.core.mix.features import Diagnosis
from foley_designer.core.mix.mix_plan import MixPlan
from foley_designer.core.mix.rendition import KeptStem, Rendition
from foley_designer.core.mix.take import Take
from foley_designer.core.note import Note, NoteKind
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.observation import Observation
from foley_designer.core.script.scene import SceneMap
from foley_designer.core.script.scenes_file import BEFORE, FILE, PENDING, to_yaml
from foley_designer.core.script.search_log import SearchLog
from foley_designer.core.script.sound_event import SoundEvent
from foley_designer.core.script.spotting import Spotting
from foley_designer.core.script.structured_text import StructuredText
from foley_designer.core.script.trajectory import Cues
from foley_designer.core.session.roles import documents_in
from foley_designer.core.session.session import Session
from foley_designer.core.session.session_record import (
    DesignInputs,
    MixRecord,
    SessionRecord,
    Stage,
    StemRecord,
)
from foley_designer.export.audio.mux import mux
from foley_designer.export.report.cue_sheet import write_cue_sheet
from foley_designer.export.report.report import ReportMaterial, write_report
from foley_designer.graph.inputs import design_inputs
from foley_designer.graph.state import DesignState
from foley_designer.graph.strips import doubtful_moments, draw_against, draw_strips
from foley_designer.graph.workbench import Workbench
from foley_designer.tools.mix import MixOutput
from foley_designer.tools.upmix import UpmixOutput


def deliver(state: DesignState, bench: Workbench) -> DesignState:
    """Write what the user takes away; ``session.json`` comes last."""
    session = bench.session
    script = bench.get(FoleyScript, state["script"])
    plan = bench.get(MixPlan, state["plan"])
    write_text(session.path("script.json"), script.to_json())
    write_text(session.path("plan.json"), plan.to_json())
    scenes = bench.get(SceneMap, state["scene_map"]) if "scene_map" in state else None
    if scenes is not None and state.get("scenes_path") != str(session.path(FILE)):
        _write_scenes(session, scenes)
    stems = _deliver_stems(state, bench, script)
    movie, said_of_it = _deliver_movie(state, session, script)
    cue_sheet = session.path("cue_sheet.csv")
    write_cue_sheet(cue_sheet, script, bench.get(Cues, state["cues"]), stems)
    said = (*script.notes, *said_of_it, *bench.team.tally())
    record = _record(state, bench, stems, said, [*movie, cue_sheet])
    write_report(session.path("report.html"), _material(state, bench, script, plan, record))
    session.save(record)
    return {}


def _deliver_movie(
    state: DesignState, session: Session, script: FoleyScript
) -> tuple[list[Path], tuple[Note, ...]]:
    """The picture with sound, and what to say of it; none if no container takes the picture."""
    clip = Path(state["clip"])
    try:
        made = mux(
            clip,
            session.path("mix_stereo.wav"),
            session.path("mix_5_1.wav"),
            session.path(f"{_slug(clip.stem)}_foley.mov"),
            clip_info=script.clip,
            timecode=script.clip.timecode,
        )
    except FoleyError as error:
        if error.code is not ErrorCode.TOOL_FAILED:
            raise
        text = f"There is no movie: {error.message} {error.hint}"
        return [], (Note(kind=NoteKind.FALLBACK, step="deliver", text=text),)
    return [made.path], made.notes


def _material(
    state: DesignState,
    bench: Workbench,
    script: FoleyScript,
    plan: MixPlan,
    record: SessionRecord,
) -> ReportMaterial:
    """All that the report shows."""
    takes = {key: Take.model_validate(take) for key, take in state["takes"].items()}
    before, after = (bench.get(Diagnosis, state[role]) for role in ("diagnosis", "diagnosis_after"))
    observation = bench.get(Observation, state["observation"])
    spotting = bench.get(Spotting, state["spotting"]) if "spotting" in state else None
    doubtful = doubtful_moments(script, spotting)
    log = bench.get(SearchLog, state["search"])
    return ReportMaterial(
        record=record,
        observation=observation,
        text=bench.get(StructuredText, state["text"]),
        search=log,
        against=draw_against(state, bench, observation, log),
        script=script,
        cues=bench.get(Cues, state["cues"]),
        takes=tuple(takes[event.id] for event in script.events),
        diagnosis=before,
        diagnosis_after=after,
        faults=own_faults_of(script, before),
        faults_left=own_faults_of(script, after),
        plan=plan,
        spotting=spotting,
        scenes=bench.get(SceneMap, state["scene_map"]) if "scene_map" in state else None,
        doubtful=draw_strips(state, bench, observation, doubtful),
        keyframes=bench.session.keyframes,
        session=bench.session.root,
    )


def _write_scenes(session: Session, scenes: SceneMap) -> None:
    """Write the scenes file; one that says something else, as an edited one does, is put aside."""
    file, text = session.path(FILE), to_yaml(scenes)
    if file.is_file() and file.read_text(encoding="utf-8") != text:
        file.replace(session.path(BEFORE))
    write_text(file, text)
    (session.hidden / PENDING).unlink(missing_ok=True)


def stem_name(position: int, event: SoundEvent) -> str:
    """``<nn>_<UCS id>_<event>.wav``."""
    return f"{position:02}_{event.ucs_id}_{re.sub(r'^e[0-9]+_', '', event.id)}.wav"


def _deliver_stems(
    state: DesignState, bench: Workbench, script: FoleyScript
) -> tuple[StemRecord, ...]:
    """Put each stem under its name, and take away stems that no event has any more."""
    session = bench.session
    earlier = session.record()
    records = []
    for position, event in enumerate(script.events, start=1):
        made = state["stems"][event.id]
        take = Take.model_validate(state["takes"][event.id])
        name = f"stems/{stem_name(position, event)}"
        source, target = Path(made["file"]), session.path(name)
        digest = file_hash(source)
        if not (target.is_file() and file_hash(target) == digest):
            copy(source, target)
        records.append(
            StemRecord(
                event_id=event.id,
                file=name,
                sha256=digest,
                gain_db=made["gain_db"],
                engine=f"{take.engine} {take.engine_version}",
                credits=take.credits,
            )
        )
    kept = {record.file for record in records}
    for stem in earlier.stems if earlier else ():
        if stem.file not in kept:
            session.path(stem.file).unlink(missing_ok=True)
    return tuple(records)


def _record(
    state: DesignState,
    bench: Workbench,
    stems: tuple[StemRecord, ...],
    late_notes: Sequence[Note],
    files: Sequence[Path],
) -> SessionRecord:
    """What was made, from what, and by which parts."""
    session = bench.session
    mixed = MixOutput.model_validate(state["mix"])
    surround = UpmixOutput.model_validate(state["surround"])
    observation = bench.get(Observation, state["observation"])
    documents = documents_in(state)
    documents["rendition"] = bench.put(_rendition(state))
    earlier = [Note.model_validate(item) for item in state.get("notes", [])]
    notes = {*earlier, *mixed.notes, *late_notes}
    delivered = [session.root / name for name in ("mix_stereo.wav", "mix_5_1.wav")]
    delivered += [session.root / name for name in ("script.json", "plan.json")]
    parts = {"sound": ", ".join(sorted({stem.engine for stem in stems}))}
    if heard_by := bench.get(Diagnosis, state["diagnosis"]).listener:
        parts["listening"] = heard_by
    return SessionRecord(
        generator=f"foley-designer {__version__}",
        stage=Stage.DONE,
        inputs=_inputs(state, bench),
        clip=observation.clip,
        revision=state["base"]
        if state.get("restored")
        else session.commit(documents, state.get("request") or "design"),
        documents=documents,
        parts=observation.parts | bench.team.parts() | parts,
        provenance=bench.team.provenance(),
        stems=stems,
        mix=MixRecord(
            target=bench.get(MixPlan, state["plan"]).target,
            master_gain_db=mixed.master_gain_db,
            stereo=surround.stereo,
            surround=surround.surround,
            files={path.name: file_hash(path) for path in [*delivered, *files]},
        ),
        usage=state.get("usage", {}),
        notes=tuple(sorted(notes, key=lambda n: (n.kind.value, n.step, n.event_id or "", n.text))),
    )


def _inputs(state: DesignState, bench: Workbench) -> DesignInputs:
    """What the design was started from, as the session tells it or as the run was given it."""
    started = bench.session.record()
    if started:
        return started.inputs
    script_path = state.get("script_path")
    return design_inputs(
        Path(state["clip"]),
        Path(script_path) if script_path else None,
        state.get("description"),
        bench.settings,
    )


def _rendition(state: DesignState) -> Rendition:
    """The takes and stems by name, for a later undo."""
    return Rendition.model_validate(
        {
            "takes": [take for _, take in sorted(state["takes"].items())],
            "stems": [
                KeptStem(event_id=key, file=Path(made["file"]).name, gain_db=made["gain_db"])
                for key, made in sorted(state["stems"].items())
            ],
            "notes": state.get("notes", []),
            "usage": state.get("usage", {}),
            "request": state.get("request", ""),
            "operations": state.get("operations", []),
        }
    )


def _slug(name: str) -> str:
    """A file name that every system takes."""
    return re.sub(r"[^A-Za-z0-9._-]+", "_", name).strip("._")[:120] or "clip"
