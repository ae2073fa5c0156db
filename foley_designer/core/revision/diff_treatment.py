"""What differs between two treatments, in words."""

from collections.abc import Iterator

from foley_designer.core.mix.treatment import Fade, HandBand, Treatment

_KNOBS = {"high_pass": "low cut", "low_pass": "high cut"}


def treatment_changes(was: Treatment, now: Treatment) -> Iterator[str]:
    """One clause a change, such as ``+3.0 dB at 100 Hz`` or ``fades out over 2 s``."""
    yield from _bands(was, now)
    yield from _rides(was, now)
    if was.compress != now.compress:
        held = now.compress
        yield f"compressed {held.ratio:.1f}:1" if held else "no longer compressed"
    for duck in now.ducks:
        if duck not in was.ducks:
            yield f"dips {duck.db:g} dB under {', '.join(duck.by)}"
    if len(now.ducks) < len(was.ducks):
        yield "dips no longer"
    yield from _fade("in", was.fade_in, now.fade_in)
    yield from _fade("out", was.fade_out, now.fade_out)
    if was.width != now.width:
        yield f"width {was.width:.2g} → {now.width:.2g}" if now.width else "mono"
    if was.pitch_st != now.pitch_st:
        yield f"pitch {now.pitch_st - was.pitch_st:+g} semitones"
    if was.speed != now.speed:
        yield f"speed {was.speed:g} → {now.speed:g}"
    if was.space is not now.space:
        yield f"in its own {_name(now.space)}" if now.space else "in the scene's space again"
    if was.futz is not now.futz:
        yield f"heard through {_name(now.futz)}" if now.futz else "heard plainly again"


def _bands(was: Treatment, now: Treatment) -> Iterator[str]:
    old, new = ({_knob(band): band for band in one.eq} for one in (was, now))
    for knob in dict.fromkeys([*old, *new]):
        before, after = old.get(knob), new.get(knob)
        if before == after:
            continue
        band = after or before
        assert band is not None
        if band.kind.is_cut:
            name = _KNOBS[band.kind.value]
            yield f"{name} at {_hz(band)}" if after else f"no {name}"
        else:
            change = (after.gain_db if after else 0.0) - (before.gain_db if before else 0.0)
            where = {"low_shelf": "below", "high_shelf": "above"}.get(band.kind.value, "at")
            yield f"{change:+.1f} dB {where} {_hz(band)}"


def _knob(band: HandBand) -> tuple[str, float | None, float | None]:
    cut = band.kind.is_cut
    return band.kind.value, None if cut else band.frequency_hz, None if cut else band.q


def _rides(was: Treatment, now: Treatment) -> Iterator[str]:
    old, new = ({(r.start_s, r.end_s): r.gain_db for r in one.rides} for one in (was, now))
    for stretch in sorted(old.keys() | new.keys()):
        change = new.get(stretch, 0.0) - old.get(stretch, 0.0)
        if change:
            yield f"{change:+.1f} dB from {stretch[0]:.2f} s to {stretch[1]:.2f} s"


def _fade(edge: str, was: Fade | None, now: Fade | None) -> Iterator[str]:
    if was == now:
        return
    if now is None:
        yield f"doesn't fade {edge} any more"
        return
    at = "" if now.at_s is None else f" {'from' if edge == 'in' else 'until'} {now.at_s:.2f} s"
    yield f"fades {edge} over {now.length_s:g} s{at}"


def _hz(band: HandBand) -> str:
    hz = band.frequency_hz
    return f"{hz / 1000:g} kHz" if hz >= 1000 else f"{hz:g} Hz"


def _name(value: object) -> str:
    return str(value).replace("_", " ")
