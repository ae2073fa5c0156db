"""Loudness of a mix by ITU-R BS.1770-5 and EBU Tech 3341/3342, as measured."""

from pydantic import Field

from foley_designer.core.documents import Part


class MixLoudness(Part):
    """Measurements of one file; None if the standard's gate leaves nothing to measure."""

    integrated_lufs: float | None = None
    short_term_max_lufs: float | None = None
    momentary_max_lufs: float | None = None
    range_lu: float | None = Field(default=None, ge=0)
    true_peak_dbtp: float | None = None
    """None for digital silence."""
    short_term_lufs: tuple[float | None, ...] = ()
    """Short-term loudness at each full second; before the third, of what there is."""
    reason: str | None = None
    """Why there is no integrated loudness."""
