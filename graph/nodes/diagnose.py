"""diagnose: features f_i of every take (section 3.3)."""

from foley_designer.core.mix.features import Diagnosis, TrackFeatures
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.script.trajectory import Cues, Trajectory
from foley_designer.graph.showing import show
from foley_designer.graph.sounds import take_file
from foley_designer.graph.state import DesignState
from foley_designer.graph.workbench import Workbench
from foley_designer.tools.measure import TOOL, Measured, MeasureInput


def diagnose(state: DesignState, bench: Workbench) -> DesignState:
    """Measure the takes as they are; those that a revision left were measured before."""
    known: tuple[TrackFeatures, ...] = ()
    if kept := state.get("kept"):
        before = bench.get(Diagnosis, state["diagnosis"])
        known = tuple(track for track in before.tracks if track.event_id in kept)
    return {"diagnosis": bench.put(measure_takes(state, bench, {}, known))}


def measure_takes(
    state: DesignState,
    bench: Workbench,
    gains_db: dict[str, float],
    known: tuple[TrackFeatures, ...],
) -> Diagnosis:
    """Measure every event's take at these faders, but for features that are known."""
    script = bench.get(FoleyScript, state["script"])
    cues = bench.get(Cues, state["cues"])
    tracks = tuple(
        Measured(
            event=event,
            file=str(take_file(bench, state, event.id)),
            gain_db=gains_db.get(event.id, 0.0),
            distance_m=mean_distance_m(cues.of(event.id)),
        )
        for event in script.events
    )
    return measured(bench, script, tracks, known)


def measured(
    bench: Workbench,
    script: FoleyScript,
    tracks: tuple[Measured, ...],
    known: tuple[TrackFeatures, ...],
) -> Diagnosis:
    """Measure the tracks together; a model that sees or hears is shown them."""
    diagnosis: Diagnosis = bench.tools.call(TOOL, MeasureInput(tracks=tracks, known=known))
    show(bench, script, diagnosis, tracks)
    return diagnosis


def mean_distance_m(trajectory: Trajectory) -> float | None:
    """Mean distance while the event sounds; None for what never does, or is all around."""
    if trajectory.extent_deg >= 360:
        return None
    pairs = zip(trajectory.distance_m, trajectory.active, strict=True)
    heard = [distance for distance, active in pairs if active]
    return sum(heard) / len(heard) if heard else None
