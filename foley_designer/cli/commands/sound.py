"""``foley-designer sound``: one sound alone."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from foley_designer.cli.settings import settings_of
from foley_designer.core.errors import ErrorCode, FoleyError

if TYPE_CHECKING:
    from foley_designer.api.sounds import Glide
    from foley_designer.core.space import Space


def sound(
    text: Annotated[
        str, typer.Argument(help='What sounds, such as "heavy boots on wet gravel, running".')
    ],
    out: Annotated[Path, typer.Option("--out", "-o", help="WAV file, stereo, 48 kHz, 24 bits.")],
    seconds: Annotated[float, typer.Option("--seconds", min=0.2, max=600.0)] = 5.0,
    onsets: Annotated[
        str | None, typer.Option("--onsets", help='When it is hit, in seconds: "0.5,1.2,1.9".')
    ] = None,
    azimuth: Annotated[
        str,
        typer.Option("--azimuth", help='Degrees, positive to the left; "-40:40" goes from to.'),
    ] = "0",
    distance: Annotated[
        str | None, typer.Option("--distance", help='Metres; "2:10" goes from to.')
    ] = None,
    space: Annotated[
        str | None, typer.Option("--space", help="Such as small_room, street or church.")
    ] = None,
    engine: Annotated[
        str | None, typer.Option("--engine", help="Sound engine; auto takes the best.")
    ] = None,
    seed: Annotated[
        int | None, typer.Option("--seed", min=0, help="Another seed gives another take.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON document on standard output.")
    ] = False,
) -> None:
    """Perform one sound alone, in its place, from a description."""
    from foley_designer.api import sounds as api_sound

    made = api_sound.sound(
        text,
        out,
        seconds=seconds,
        onsets_s=_numbers(onsets, "--onsets", ",") if onsets else (),
        azimuth_deg=_glide(azimuth, "--azimuth"),
        distance_m=_glide(distance, "--distance") if distance else None,
        space=_space(space),
        settings=settings_of(engine=engine, seed=seed),
    )
    if as_json:
        document = {"event": made.event.model_dump(mode="json")}
        document |= {"take": made.take.model_dump(mode="json")}
        typer.echo(json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False))
    else:
        check = made.take.check
        faults = ", ".join(fault.value for fault in check.faults) or "no faults"
        typer.echo(
            f"{out}: {made.event.subcategory.value} by {made.take.engine}, "
            f"{len(made.event.hits) or 'no'} hits, peak {check.peak_dbfs:.1f} dBFS, {faults}"
        )
        for credit in made.take.credits:
            typer.echo(f"credit: {credit}")
    for note in made.notes:
        typer.echo(f"note: {note.text}", err=True)


def _numbers(text: str, option: str, separator: str) -> tuple[float, ...]:
    try:
        return tuple(float(part) for part in text.split(separator))
    except ValueError as error:
        raise FoleyError(ErrorCode.OPTION_INVALID, f"{option} {text!r}: not numbers.") from error


def _glide(text: str, option: str) -> "Glide":
    from foley_designer.api.sounds import Glide

    numbers = _numbers(text, option, ":")
    if len(numbers) > 2:
        raise FoleyError(
            ErrorCode.OPTION_INVALID, f"{option} {text!r}: one number, or two with a colon."
        )
    return Glide(numbers[0], numbers[-1])


def _space(name: str | None) -> "Space | None":
    from foley_designer.core.space import Space

    if name is None:
        return None
    try:
        return Space(name)
    except ValueError as error:
        raise FoleyError(
            ErrorCode.OPTION_INVALID, f"No space is called {name!r}.", f"Known: {', '.join(Space)}."
        ) from error
