"""Applying a spotting: what someone said of a clip's moments takes the rules' place."""

from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.note import Note, NoteKind
from foley_designer.core.script.observation import Moment, MomentKind, Observation, Track
from foley_designer.core.script.spotting import Spot, Spotting, Verdict

SAME_S = 0.08
"""Moments nearer than this are one instant: a verdict stands for all of them."""
STEP = "spot"


def apply(spotting: Spotting, observation: Observation) -> Observation:
    """The observation with the verdicts carried out.

    An accepted moment is certain; a moved one is certain at its new time; a rejected one is gone,
    with the others of its instant that were not shown by themselves; an added one is new. What
    nobody judged stays as it was.

    Raises:
        FoleyError: ``document_invalid`` if the spotting is of another clip or names a time
            that the clip hasn't.
    """
    _check(spotting, observation)
    moments = {moment.id: moment for moment in observation.moments}
    shown = {spot.moment_id for spot in spotting.spots}
    lost: list[Spot] = []
    added: list[Moment] = []
    for spot in spotting.spots:
        found = _found(spot, observation)
        if spot.verdict is Verdict.ADD or (found is None and spot.sounds_at_s is not None):
            added.append(_added(spot, observation, len(added)))
        elif spot.verdict is not Verdict.OPEN and found is None:
            lost.append(spot)
        elif spot.verdict is Verdict.REJECT and found is not None:
            del moments[found.id]
            for other in _of_instant(found, observation):
                if other.id not in shown:
                    moments.pop(other.id, None)
        elif spot.sounds_at_s is not None and found is not None:
            moments[found.id] = _certain(found, spot)
    ordered = sorted((*moments.values(), *added), key=lambda one: (one.time_s, one.id))
    silent = [spot.time_s for spot in spotting.spots if spot.verdict is Verdict.REJECT]
    return observation.model_copy(
        update={
            "moments": tuple(ordered),
            "silent_s": (*observation.silent_s, *silent),
            "notes": (*observation.notes, *_notes(spotting, lost)),
        }
    )


def _check(spotting: Spotting, observation: Observation) -> None:
    clip = observation.clip
    if spotting.clip_sha256 != clip.sha256:
        raise FoleyError(
            ErrorCode.DOCUMENT_INVALID,
            f"The spotting is of another clip ({spotting.clip}), not of {clip.name}.",
            "Make one for this clip: foley-designer spot CLIP --out DIR.",
        )
    for spot in spotting.spots:
        if max(spot.time_s, spot.to_s or 0.0) > clip.duration_s:
            raise FoleyError(
                ErrorCode.DOCUMENT_INVALID,
                f"The spotting names {max(spot.time_s, spot.to_s or 0.0):g} s, "
                f"but {clip.name} lasts {clip.duration_s:.2f} s.",
                "Times are seconds from the first picture.",
            )


def _found(spot: Spot, observation: Observation) -> Moment | None:
    """The moment that a spot speaks of: by id and time, else the nearest of its kind."""
    if spot.moment_id is None:
        return None
    near = [one for one in observation.moments if abs(one.time_s - spot.time_s) <= SAME_S]
    return min(
        near,
        key=lambda one: (
            one.id != spot.moment_id,
            one.kind is not spot.kind,
            abs(one.time_s - spot.time_s),
        ),
        default=None,
    )


def _of_instant(moment: Moment, observation: Observation) -> list[Moment]:
    return [one for one in observation.moments if abs(one.time_s - moment.time_s) <= SAME_S]


def _certain(moment: Moment, spot: Spot) -> Moment:
    return moment.model_copy(
        update={
            "time_s": spot.sounds_at_s,
            "kind": spot.kind,
            "track_id": spot.track_id or moment.track_id,
            "confidence": 1.0,
            "predicted": False,
            "said_by": spot.by or "a person",
        }
    )


def _added(spot: Spot, observation: Observation, number: int) -> Moment:
    """A moment that only someone who looked knows of."""
    time_s = spot.sounds_at_s
    assert time_s is not None
    track = observation.track(spot.track_id) or _nearest_track(observation, time_s)
    box = None
    if track is not None:
        box = min(track.sightings, key=lambda one: abs(one.time_s - time_s)).box
    x, y = (box.x, box.y) if box is not None else (0.5, 0.5)
    same = [one.strength for one in observation.moments if one.kind is spot.kind]
    return Moment(
        id=f"a{number + 1}",
        time_s=time_s,
        kind=spot.kind,
        confidence=1.0,
        strength=sorted(same)[len(same) // 2] if same else 0.6,
        track_id=track.id if track and spot.kind is not MomentKind.FLASH else None,
        x=x,
        y=y,
        said_by=spot.by or "a person",
    )


def _nearest_track(observation: Observation, time_s: float) -> Track | None:
    """The surest source that is there at this time."""
    there = [one for one in observation.tracks if one.start_s - 0.3 <= time_s <= one.end_s + 0.3]
    return max(there, key=lambda one: one.confidence, default=None)


def _notes(spotting: Spotting, lost: list[Spot]) -> tuple[Note, ...]:
    counted = {
        verdict: sum(spot.verdict is verdict for spot in spotting.spots) for verdict in Verdict
    }
    if spotting.is_open:
        return ()
    who = sorted({spot.by or "a person" for spot in spotting.spots if spot.verdict != Verdict.OPEN})
    told = ", ".join(
        f"{counted[verdict]} {word}"
        for verdict, word in (
            (Verdict.ACCEPT, "accepted"),
            (Verdict.MOVE, "moved"),
            (Verdict.REJECT, "rejected"),
            (Verdict.ADD, "added"),
            (Verdict.OPEN, "left to the rules"),
        )
        if counted[verdict]
    )
    notes = [
        Note(
            kind=NoteKind.DECISION,
            step=STEP,
            text=f"Moments that {', '.join(who)} looked at: {told}.",
        )
    ]
    if lost:
        times = ", ".join(f"{spot.time_s:.2f} s" for spot in lost[:5])
        text = f"{len(lost)} verdict(s) found no moment any more ({times})."
        notes.append(Note(kind=NoteKind.OPEN_POINT, step=STEP, text=text))
    return tuple(notes)
