"""What a delivered document refers to, read back from the document and checked."""

from pathlib import Path
from typing import NamedTuple

from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.export.audio.bwf_chunks import Header, read_header


class Reference(NamedTuple):
    """One use of a sound, or of a picture, by a document; positions are samples of the medium."""

    document: str
    """Path in the delivery."""
    media: Path | None
    """The file, where it lies while it is checked; None for sound inside the document."""
    start: int = 0
    end: int = 0
    """After the last sample that is used."""
    length: int | None = None
    """Samples that the document says the medium has; None if it doesn't say."""
    timestamp: int | None = None
    """Samples since midnight at which it says the medium begins; None if it doesn't say."""
    slack: int = 0
    """Samples by which a document that counts frames may miss."""
    is_sound: bool = True


def check(reference: Reference) -> None:
    """Make sure that a reference finds its medium, long enough and at its time.

    Raises:
        FoleyError: ``tool_failed``, naming document and medium.
    """
    media, length = reference.media, reference.length
    if media is not None and not media.is_file():
        raise _broken(reference, "is not there")
    if media is not None and reference.is_sound:
        real, stamp = _header(reference, media)
        if length is not None and abs(real - length) > reference.slack:
            raise _broken(reference, f"has {real} samples, not {length}")
        length = real
        told = reference.timestamp
        if told is not None and stamp is not None and abs(stamp - told) > reference.slack:
            raise _broken(reference, f"begins at sample {stamp} of the day, not {told}")
    if reference.start < -reference.slack or (
        length is not None and reference.end > length + reference.slack
    ):
        used = f"{reference.start} to {reference.end}"
        raise _broken(reference, f"has no samples {used}: it has {length}")


def _header(reference: Reference, media: Path) -> Header:
    try:
        return read_header(media)
    except (ValueError, OSError) as error:
        raise _broken(reference, f"can't be read: {error}") from error


def _broken(reference: Reference, what: str) -> FoleyError:
    media = reference.media.name if reference.media else "sound inside it"
    return FoleyError(
        ErrorCode.TOOL_FAILED,
        f"Nothing was delivered: {reference.document} refers to {media}, which {what}.",
        "Please report it.",
    )
