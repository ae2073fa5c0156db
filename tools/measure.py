"""measure: the diagnosis f_i of each take, and who masks whom (paper, section 3.3)."""

from pydantic import Field

from foley_designer.core.documents import Part
from foley_designer.core.mix.features import Diagnosis, TrackFeatures
from foley_designer.core.script.sound_event import SoundEvent
from foley_designer.tools.context import Tool, ToolContext
from foley_designer.tools.paths import ReadFile


class Measured(Part):
    """One sound file of one event."""

    event: SoundEvent
    file: ReadFile
    gain_db: float = 0.0
    """Fader with which it enters the comparison."""
    distance_m: float | None = Field(default=None, gt=0)
    """Mean distance of the source while it sounds, by its cues."""


class MeasureInput(Part):
    """The files to measure together."""

    tracks: tuple[Measured, ...] = Field(min_length=1)
    known: tuple[TrackFeatures, ...] = ()
    """Features of files that were measured before and are the same."""


def measure(request: MeasureInput, context: ToolContext) -> Diagnosis:
    """Measure every file and every pair, and say what each is heard as.

    Raises:
        FoleyError: ``sound_unreadable``, ``path_not_allowed``.
    """
    from foley_designer.dsp.features import diagnose  # noqa: PLC0415 - loads SciPy
    from foley_designer.metrics.listener import listener, tags  # noqa: PLC0415

    diagnosis = diagnose(
        [(track.event, context.read(track.file), track.gain_db) for track in request.tracks],
        {features.event_id: features for features in request.known},
    )
    tracks = {track.event.id: track for track in request.tracks}
    known = {features.event_id for features in request.known if features.heard}
    return diagnosis.model_copy(
        update={
            "listener": listener(),
            "tracks": tuple(
                features.model_copy(
                    update={
                        "distance_m": tracks[features.event_id].distance_m,
                        "heard": features.heard
                        if features.event_id in known
                        else tags(context.read(tracks[features.event_id].file), features),
                    }
                )
                for features in diagnosis.tracks
            ),
        }
    )


TOOL = Tool(
    name="measure",
    title="Measure takes",
    description="Loudness, spectrum, reverberation, peaks, width and masking of sound files.",
    input=MeasureInput,
    output=Diagnosis,
    run=measure,
)
