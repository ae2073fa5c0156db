"""How a sound is performed, and in which layer of the script it lies."""

from enum import StrEnum

from pydantic import Field

from foley_designer.core.documents import Part


class Layer(StrEnum):
    """The paper's l_i: foreground or background."""

    FOREGROUND = "foreground"
    BACKGROUND = "background"


class Performance(Part):
    """How the Foley artist plays it. Words; an engine takes those it knows and says which."""

    variant: str | None = None
    """What exactly it is, such as ``train``, ``rooster``, ``axe``, ``boots``."""
    surface: str | None = None
    """What it happens on, such as ``gravel``, ``concrete``, ``wood``."""
    material: str | None = None
    """What the thing itself is made of, such as ``steel``, ``glass``, ``leather``."""
    force: float = Field(default=0.6, ge=0, le=1)
    size: float = Field(default=0.5, ge=0, le=1)
    """0 a coin, 0.5 a chair, 1 a truck, within what the source can be."""
    speed: float = Field(default=0.5, ge=0, le=1)
    mood: str | None = None
    """Such as ``tense``, ``gentle``, ``comic``."""
    wetness: float = Field(default=0.0, ge=0, le=1)
    fullness: float = Field(default=0.0, ge=0, le=1)
    """How full the thing is that sounds: 0 an empty glass, 1 a full one."""
    contents: str | None = None
    """What it is full of, such as ``water``, ``sand``, ``books``."""
