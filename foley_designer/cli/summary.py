"""What commands print: a session in a few lines, cues as a table or as plain data."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from foley_designer.api import Sketch
from foley_designer.core.note import Note, NoteKind
from foley_designer.core.session.session_record import SessionRecord
from foley_designer.core.settings import Settings
from foley_designer.vision.events.unplayed import unplayed

SHOWN = (NoteKind.FALLBACK, NoteKind.OPEN_POINT, NoteKind.ADVICE)
FIRST = ("input", "align")
"""Steps whose notes are all shown, and first: how clip and script were opened, and which words
tell what."""
_MOST_LEFT_OUT = 8
_MOST_NOTES = 6


def summary(out: Path, record: SessionRecord) -> str:
    """A short summary of a finished session."""
    lines = [f"{len(record.stems)} stems in {out / 'stems'}"]
    if record.mix is not None:
        for name, loudness in (("stereo", record.mix.stereo), ("5.1", record.mix.surround)):
            lines.append(
                f"{name:>7}: {_number(loudness.integrated_lufs, 'LUFS')}, "
                f"true peak {_number(loudness.true_peak_dbtp, 'dBTP')}"
            )
        lines += [f"         {out / name}" for name in sorted(record.mix.files)]
    lines += note_lines(note for note in record.notes if note.step in FIRST)
    notes = sorted(
        (note for note in record.notes if note.kind in SHOWN and note.step not in FIRST),
        key=lambda note: note.kind is not NoteKind.ADVICE,
    )
    lines += note_lines(notes[:_MOST_NOTES])
    more = sum(note.step not in FIRST for note in record.notes) - len(notes[:_MOST_NOTES])
    if more:
        lines.append(f"… and {more} more in the report")
    if record.usage.get("calls"):
        lines.append(_spent(record.usage))
    lines.append(f"Open {out / 'report.html'}")
    return "\n".join(lines)


def note_lines(notes: Iterable[Note]) -> list[str]:
    """One line a note."""
    return [f"note ({note.event_id or note.step}): {note.text}" for note in notes]


def allowance(settings: Settings) -> str:
    """What the language model may take; empty if rules reason."""
    if not settings.uses_model:
        return ""
    return (
        f"model: {settings.llm_model} may take up to {settings.max_model_calls} calls, "
        f"{settings.max_tokens:,} tokens, {settings.max_seconds:,.0f} s"
    )


def _spent(usage: dict[str, float]) -> str:
    """What the language model took."""
    tokens = usage.get("prompt_tokens", 0) + usage.get("completion_tokens", 0)
    cost = f", cost {usage['cost']:.2f}" if "cost" in usage else ""
    return (
        f"model: {usage['calls']:.0f} calls, {tokens:,.0f} tokens, {usage['seconds']:.0f} s{cost}"
    )


def cue_table(sketch: Sketch) -> dict[str, Any]:
    """Sources with onsets in seconds, and azimuth, distance and activity of every frame."""
    rate = sketch.script.clip.rate
    return {
        "clip": sketch.script.clip.model_dump(mode="json"),
        "rate": f"{rate.numerator}/{rate.denominator}",
        "sources": [
            {
                "event_id": event.id,
                "label": event.label,
                "layer": event.layer.value,
                "track_id": event.source.track_id,
                "onsets_s": [hit.time_s for hit in event.hits],
                "confidence": [hit.confidence for hit in event.hits],
                "spans_s": [[span.start_s, span.end_s] for span in event.spans],
                "azimuth_deg": list(sketch.cues.of(event.id).azimuth_deg),
                "distance_m": list(sketch.cues.of(event.id).distance_m),
                "active": list(sketch.cues.of(event.id).active),
            }
            for event in sketch.script.events
        ],
        "left_out": [
            {
                "moment_id": one.moment.id,
                "time_s": one.moment.time_s,
                "kind": one.moment.kind.value,
                "confidence": one.moment.confidence,
                "reason": one.reason,
            }
            for one in unplayed(sketch.script, sketch.observation)
        ],
        "notes": [note.model_dump(mode="json") for note in sketch.notes],
    }


def cue_lines(sketch: Sketch) -> str:
    """One line a source, and one for the moments that play nothing."""
    lines = []
    for event in sketch.script.events:
        where = sketch.cues.of(event.id)
        times = " ".join(f"{hit.time_s:.3f}" for hit in event.hits) or ", ".join(
            f"{span.start_s:.2f}–{span.end_s:.2f}" for span in event.spans
        )
        azimuths = [a for a, on in zip(where.azimuth_deg, where.active, strict=True) if on]
        place = f"{azimuths[0]:+.0f}° → {azimuths[-1]:+.0f}°" if azimuths else "silent"
        lines.append(f"{event.label} ({event.layer.value}, {place}): {times}")
    if left_out := unplayed(sketch.script, sketch.observation):
        surest = sorted(left_out, key=lambda one: -one.moment.confidence)[:_MOST_LEFT_OUT]
        told = ", ".join(
            f"{one.moment.time_s:.3f} ({one.moment.confidence:.0%}, {one.reason})" for one in surest
        )
        lines.append(f"seen, plays nothing, {len(left_out)} moments, the surest: {told}")
    shown = [note for note in sketch.notes if note.step in FIRST or note.kind in SHOWN]
    return "\n".join([*lines, *note_lines(shown)])


def _number(value: float | None, unit: str) -> str:
    return "not measurable" if value is None else f"{value:.1f} {unit}"
