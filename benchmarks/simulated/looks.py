"""Looks of simulated film: colours, textures, light and the place around."""

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.simulated.shapes import Random, Vector, geom, numbers, still, vector

SKIN = ((0.93, 0.76, 0.65), (0.8, 0.6, 0.47), (0.55, 0.38, 0.28), (0.33, 0.22, 0.17))


def _muted(rng: Random, colour: Vector) -> Vector:
    """Most things are not of full colours."""
    return colour.mean() + (colour - colour.mean()) * rng.uniform(0.1, 0.9)


def noise(rng: Random, size: int = 256) -> NDArray[np.uint8]:
    """A texture of several octaves in two colours, or of stripes or tiles."""
    kind = rng.choice(["cloud", "stripes", "tiles", "speckle"])
    first, second = (_muted(rng, one) for one in rng.uniform(20, 235, (2, 3)))
    second = first + (second - first) * rng.uniform(0.1, 1.0)
    if kind == "cloud":
        mix = np.zeros((size, size))
        for octave in range(2, 8):
            grain = rng.normal(size=(2**octave, 2**octave)).astype(np.float32)
            mix += cv2.resize(grain, (size, size), interpolation=cv2.INTER_CUBIC) / octave
        mix = 1 / (1 + np.exp(-mix))
    elif kind == "speckle":
        mix = rng.random((size, size))
    else:
        ramp = np.arange(size) * rng.integers(2, 12) / size
        wave = (ramp % 1 < rng.uniform(0.05, 0.5)).astype(float)
        mix = np.tile(wave, (size, 1)) if kind == "stripes" else np.maximum.outer(wave, wave)
    colour = first + (second - first) * mix[..., None] + rng.normal(size=(size, size, 1)) * 4
    return np.clip(colour, 0, 255).astype(np.uint8)


class Wardrobe:
    """Collects materials and textures while a scene is drawn."""

    def __init__(self, rng: Random):
        self.rng = rng
        self.assets: dict[str, bytes] = {}
        self._texts: list[str] = []

    def add(self, name: str, colour: Vector | None = None, repeat: float = 2.0) -> str:
        """A material; without a colour one is drawn, often with a texture."""
        rng = self.rng
        shine = rng.uniform(0, 0.6) if rng.random() < 0.5 else 0.0
        rest = f'specular="{shine:.2f}" shininess="{rng.uniform(0.1, 0.9):.2f}"'
        if colour is None and rng.random() < 0.6:
            file = f"{name}.png"
            self.assets[file] = cv2.imencode(".png", noise(rng))[1].tobytes()
            self._texts.append(f'<texture name="{name}" type="2d" file="{file}"/>')
            rest += f' texture="{name}" texrepeat="{repeat:.2f} {repeat:.2f}" texuniform="false"'
        elif colour is None:
            colour = _muted(rng, rng.uniform(0.05, 0.95, 3))
        if colour is not None:
            rest += f' rgba="{numbers(colour)} 1"'
        self._texts.append(f'<material name="{name}" {rest}/>')
        return name

    def skin(self, name: str) -> str:
        """A material of skin, now and then a glove."""
        rng = self.rng
        glove = rng.random() < 0.15
        base = np.asarray(SKIN[int(rng.integers(len(SKIN)))]) * rng.uniform(0.85, 1.1)
        return self.add(name, rng.uniform(0.1, 0.9, 3) if glove else np.clip(base, 0, 1))

    @property
    def text(self) -> str:
        """MJCF of all assets."""
        return "".join(self._texts)


def surroundings(wardrobe: Wardrobe, width: float) -> tuple[str, str]:
    """Ground, walls and furniture behind what acts.

    Args:
        wardrobe: takes the materials.
        width: of what acts, metres.

    Returns:
        MJCF of assets and of bodies.
    """
    rng = wardrobe.rng
    outside = rng.random() < 0.4
    top, low = rng.uniform(0.2, 1.0, (2, 3))
    if outside:
        top, low = (
            vector(0.35, 0.55, 0.9) * rng.uniform(0.6, 1.1),
            rng.uniform(0.6, 1.0) + np.zeros(3),
        )
    sky = (
        f'<texture name="sky" type="skybox" builtin="gradient" rgb1="{numbers(top.clip(0, 1))}"'
        f' rgb2="{numbers(low.clip(0, 1))}" width="64" height="384"/>'
    )
    wardrobe.add("ground", repeat=rng.uniform(3, 20))
    ground = '<geom name="floor" type="plane" size="30 30 .1" material="ground"/>'
    bodies = [ground]
    behind = 1.2 + width * rng.uniform(0.4, 1.5)
    if not outside:
        wardrobe.add("wall", repeat=rng.uniform(1, 6))
        bodies.append(still(vector(0, behind, 2), geom("box", (15, 0.1, 4), "wall")))
    for index in range(int(rng.integers(0, 6))):
        look = wardrobe.add(f"thing{index}")
        size = rng.uniform(0.1, 0.6, 3) * vector(1, 0.5, 1.5) * (1 + width / 6)
        where = vector(rng.normal() * width, behind - 0.2 - size[1], size[2])
        kind = str(rng.choice(["box", "cylinder", "ellipsoid"]))
        bodies.append(
            still(where, geom(kind, tuple(size[:2] if kind == "cylinder" else size), look))
        )
    bodies += [_light(rng, index) for index in range(int(rng.integers(1, 4)))]
    return sky, "".join(bodies)


def _light(rng: Random, index: int) -> str:
    where = vector(rng.normal() * 3, rng.uniform(-5, 1), rng.uniform(2.5, 6))
    bright = rng.uniform(0.35, 0.8) / (1 + 0.6 * index)
    tint = bright * np.clip(1 + rng.normal(size=3) * 0.12, 0.5, 1.3)
    casts = "true" if index == 0 and rng.random() < 0.7 else "false"
    return (
        f'<light directional="true" pos="{numbers(where)}" dir="{numbers(-where)}"'
        f' diffuse="{numbers(tint)}" castshadow="{casts}"/>'
    )
