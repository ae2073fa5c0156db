"""What a user stated once and meant for good: visible, editable, with where it was said."""

from pathlib import Path
from typing import ClassVar, NamedTuple, Self

from pydantic import Field, model_validator

from foley_designer.core.documents import Document, Part
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.files import write_text
from foley_designer.core.mix.mix_plan import LoudnessTarget

FILE_NAME = "preferences.json"

Value = float | str


class Kind(NamedTuple):
    """What can be preferred."""

    meaning: str
    default: Value
    low: float = 0.0
    high: float = 0.0
    """Range of a number, inclusive."""
    choices: tuple[str, ...] = ()
    """Words allowed; none allows any word of 1 to 40 characters."""


KINDS: dict[str, Kind] = {
    "quieter_db": Kind("How much 'quieter' takes off, dB.", 3.0, 0.5, 24.0),
    "louder_db": Kind("How much 'louder' adds, dB.", 3.0, 0.5, 24.0),
    "much_factor": Kind("How many times more 'much quieter' is than 'quieter'.", 2.0, 1.0, 4.0),
    "earlier_ms": Kind("How far 'earlier' and 'later' move a sound, ms.", 80.0, 5.0, 1000.0),
    "reverb_db": Kind("How much 'drier' and 'wetter' change the reverb send, dB.", 4.0, 0.5, 24.0),
    "foley_lu": Kind("Offset of all Foley against the cards' levels, LU.", 0.0, -12.0, 12.0),
    "ambience_lu": Kind("Offset of background against the cards' levels, LU.", 0.0, -12.0, 12.0),
    "shoe": Kind("Shoe where neither script nor picture says.", "shoes"),
    "surface": Kind("Ground where neither script nor picture says.", "concrete"),
    "target": Kind(
        "Loudness target of the mix.",
        LoudnessTarget.EBU_R128.value,
        choices=tuple(target.value for target in LoudnessTarget),
    ),
}
"""Every preference by key; the set is closed so that a misspelt one can't be lost."""


class Preference(Part):
    """One preference that was stated."""

    key: str
    value: Value
    statement: str = Field(default="", max_length=500)
    """The user's own words."""
    revision: str | None = Field(default=None, max_length=80)
    """The session's revision in which it was stated; None if it was set by hand."""

    @model_validator(mode="after")
    def _known(self) -> Self:
        problem = _problem(self.key, self.value)
        if problem:
            raise ValueError(problem)
        return self


class Preferences(Document):
    """All preferences of a user. Frozen: `set` and `forget` give a new one, `save` keeps it."""

    SCHEMA: ClassVar[str] = "preferences"

    stated: tuple[Preference, ...] = ()
    """What was stated, one a key, in the order of the keys."""

    @model_validator(mode="after")
    def _one_a_key(self) -> Self:
        keys = [preference.key for preference in self.stated]
        if keys != sorted(set(keys)):
            raise ValueError("preferences must have one entry a key, in the order of the keys")
        return self

    def get(self, key: str) -> Preference | None:
        """What was stated for a key, None for nothing; raises as `value` does."""
        _kind(key)
        return next((each for each in self.stated if each.key == key), None)

    def value(self, key: str) -> Value:
        """What holds for a key: what was stated, else the default.

        Raises:
            FoleyError: ``option_invalid`` for a key that is not in ``KINDS``.
        """
        stated = self.get(key)
        return stated.value if stated else _kind(key).default

    def number(self, key: str) -> float:
        """A preference that is a number; raises as `value` does."""
        return float(self.value(key))

    def word(self, key: str) -> str:
        """A preference that is a word; raises as `value` does."""
        return str(self.value(key))

    def set(
        self, key: str, value: Value, statement: str = "", revision: str | None = None
    ) -> "Preferences":
        """With this preference in the place of an earlier one.

        Raises:
            FoleyError: ``option_invalid`` with what is allowed.
        """
        problem = _problem(key, value)
        if problem:
            raise FoleyError(ErrorCode.OPTION_INVALID, problem)
        new = Preference(key=key, value=value, statement=statement, revision=revision)
        kept = [each for each in self.stated if each.key != key]
        return Preferences(stated=tuple(sorted([*kept, new], key=lambda each: each.key)))

    def forget(self, key: str) -> "Preferences":
        """With the default of a key again; raises as `value` does."""
        _kind(key)
        return Preferences(stated=tuple(each for each in self.stated if each.key != key))

    def list(self) -> tuple[Preference, ...]:
        """Every key with what holds for it; a default has no statement and no revision."""
        return tuple(
            self.get(key) or Preference(key=key, value=kind.default) for key, kind in KINDS.items()
        )


def load(data_dir: Path) -> Preferences:
    """The user's preferences, empty if none were saved.

    Raises:
        FoleyError: ``document_invalid`` or ``document_too_new``, naming the file.
    """
    path = data_dir / FILE_NAME
    try:
        return Preferences.from_json(path.read_bytes())
    except FileNotFoundError:
        return Preferences()
    except OSError as error:
        raise FoleyError(
            ErrorCode.DOCUMENT_INVALID, f"Can't read {path}: {error.strerror}.", "Check its rights."
        ) from error
    except FoleyError as error:
        raise FoleyError(
            error.code, f"{path}: {error.message}", error.hint or "Correct or remove the file."
        ) from error


def save(preferences: Preferences, data_dir: Path) -> None:
    """Write atomically; raises as `foley_designer.core.files.replacing` does."""
    write_text(data_dir / FILE_NAME, preferences.to_json())


def _kind(key: str) -> Kind:
    if key not in KINDS:
        raise FoleyError(
            ErrorCode.OPTION_INVALID,
            f"There is no preference {key!r}.",
            f"Preferences: {', '.join(KINDS)}.",
        )
    return KINDS[key]


def _problem(key: str, value: Value) -> str | None:
    """What is wrong with a value, in a sentence."""
    if key not in KINDS:
        return f"There is no preference {key!r}; there are {', '.join(KINDS)}."
    kind = KINDS[key]
    if isinstance(kind.default, float):
        if isinstance(value, str) or not kind.low <= value <= kind.high:
            return f"{key} is a number from {kind.low:g} to {kind.high:g}, not {value!r}."
    elif not isinstance(value, str) or not 1 <= len(value) <= 40:
        return f"{key} is a word of 1 to 40 characters, not {value!r}."
    elif kind.choices and value not in kind.choices:
        return f"{key} is one of {', '.join(kind.choices)}, not {value!r}."
    return None
