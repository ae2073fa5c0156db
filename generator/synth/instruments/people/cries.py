"""What people can't help saying: they cry, laugh, sob, sneeze, cough, sigh, breathe and snore.

A baby cries at 400 to 500 Hz in arches of about a second, draws breath, and screams rough (H. L.
Golub and M. J. Corwin, in *Infant Crying*, 1985). Laughter is four or five short open vowels a
second, each begun by an h, lower and fainter towards the end of the breath (J.-A. Bachorowski, M.
J. Smoski, M. J. Owren, *The Acoustic Features of Human Laughter*, JASA 110, 2001). A cough is a
burst of air as the glottis opens, the rush behind it, and the folds that close again and sound (J.
Korpáš, J. Sadloňová, M. Vrabec, Pulm. Pharmacol. 9, 1996). A sneeze is a vowel that climbs, a burst
of air at the teeth, and what is left of the breath. Snoring is the soft palate that flutters 20 to
70 times a second as breath is drawn (D. Pevernagie, R. M. Aarts, M. De Meyer, *The Acoustics of
Snoring*, Sleep Med. Rev. 14, 2010).
"""

from typing import ClassVar

from foley_designer.generator.synth.instruments.calling import Call, Voice
from foley_designer.generator.synth.physics.voice import Syllable
from foley_designer.generator.synth.words import Words

_BABY_MOUTH = (
    (1130, 200, 1.0),
    (3150, 380, 0.6),
    (5500, 650, 0.2),
    (7700, 900, 0.12),
)
_WAIL = Syllable(
    1.05,
    (345, 440, 468, 462, 450, 425, 350),
    (0.3, 0.8, 1.0, 1.0, 0.9, 0.65, 0.12),
    _BABY_MOUTH,
    2600,
    0.05,
    0.010,
    trill_hz=7.5,
    trill=0.012,
    gap_s=0.10,
    mouth=(0.55, 0.9, 1.08, 1.1, 1.0, 0.7),
    chaos=(0.03, 0.008, 0.008, 0.05),
)
_GASP = Syllable(
    0.26,
    (560, 700, 640),
    (0.06, 0.13, 0.04),
    _BABY_MOUTH,
    1500,
    3.0,
    0.05,
    gap_s=0.12,
    mouth=(0.8, 1.0),
    hiss=0.25,
    chaos=(0.2,),
)
_SCREAM = _WAIL._replace(
    seconds=1.4,
    pitch_hz=(380, 490, 520, 530, 525, 500, 400),
    breath=0.15,
    sub=0.2,
    chaos=(0.03, 0.16, 0.2, 0.05, 0.01),
)
_SOB = _WAIL._replace(seconds=0.34, level=(0.3, 0.8, 0.7, 0.2), pitch_hz=(370, 440, 430, 360))

_AH = Syllable(
    0.13,
    (250, 300, 360, 400),
    (0.35, 0.7, 1.0, 0.9),
    ((760, 130, 1.0), (1350, 180, 0.6), (2650, 300, 0.25), (3700, 500, 0.12)),
    1600,
    0.25,
    0.01,
    mouth=(0.85, 1.0, 1.1),
    chaos=(0.05,),
)
_TCH = _AH._replace(
    seconds=0.24,
    pitch_hz=(390, 320, 260, 220),
    level=(0.9, 1.0, 0.6, 0.3, 0.14, 0.05),
    formants=((620, 160, 0.8), (1900, 300, 1.0), (3100, 420, 0.6), (4700, 900, 0.4)),
    breath=7.0,
    mouth=(1.1, 1.0, 0.85),
    hiss=0.9,
    hiss_hz=(1500.0, 11_000.0),
)
_OO = _AH._replace(
    seconds=0.18,
    pitch_hz=(230, 190, 160, 140),
    level=(0.4, 0.26, 0.10, 0.02),
    breath=1.0,
    mouth=(0.6, 0.5, 0.48),
    hiss=0.25,
    hiss_hz=(1500.0, 6000.0),
)

_GLOTTIS = Syllable(
    0.09,
    (390, 490, 430),
    (1.0, 0.9, 0.6, 0.35),
    ((650, 160, 1.0), (1750, 260, 0.9), (2700, 380, 0.6), (3900, 700, 0.35)),
    2600,
    0.6,
    0.05,
    mouth=(0.95, 1.1, 1.05),
    hiss=0.05,
    hiss_hz=(1500.0, 8000.0),
    chaos=(0.08,),
)
_RUSH = _GLOTTIS._replace(
    seconds=0.1,
    level=(0.35, 0.22, 0.12, 0.05),
    breath=3.0,
    voice=0.1,
    mouth=(1.05, 0.95, 0.85),
)
_CLOSE = _GLOTTIS._replace(
    seconds=0.13,
    pitch_hz=(370, 330, 270, 235),
    level=(0.09, 0.45, 0.27, 0.05),
    breath=0.3,
    mouth=(0.95, 0.9, 0.8),
    hiss=0.02,
    chaos=(0.05, 0.1),
    gap_s=0.16,
)
_HACK = (_GLOTTIS, _RUSH, _CLOSE)

_OPEN = ((780, 130, 1.0), (1350, 170, 0.6), (2650, 260, 0.3), (3800, 420, 0.14))
_H = Syllable(
    0.05, (300, 300), (0.12, 0.3), _OPEN, 1500, 6.0, 0.02, voice=0.0, hiss=0.1,
    hiss_hz=(1500.0, 6000.0),
)  # fmt: skip
_HA = Syllable(
    0.11,
    (330, 360, 340, 290),
    (0.5, 1.0, 0.8, 0.15),
    _OPEN,
    1900,
    0.35,
    0.012,
    gap_s=0.055,
    mouth=(0.9, 1.08, 1.1, 0.95),
    hiss=0.03,
    chaos=(0.05, 0.03, 0.08),
)
_DRAWN = Syllable(
    0.42,
    (320, 400, 420),
    (0.05, 0.22, 0.3, 0.08),
    ((900, 300, 0.8), (1900, 400, 1.0), (3200, 600, 0.8), (5000, 1200, 0.4)),
    1500,
    5.0,
    0.03,
    voice=0.12,
    gap_s=0.1,
    hiss=0.25,
    hiss_hz=(1500.0, 7000.0),
)


def _laugh(pitches: tuple[float, ...]) -> tuple[Syllable, ...]:
    """One bout: a vowel a pitch, relative, fainter as the breath runs out, and the breath."""
    said: list[Syllable] = []
    for number, pitch in enumerate(pitches):
        fainter = 0.9**number
        bent = tuple(pitch * hz for hz in _HA.pitch_hz)
        said.append(_H._replace(level=tuple(fainter * each for each in _H.level)))
        said.append(_HA._replace(pitch_hz=bent, level=tuple(fainter * each for each in _HA.level)))
    return (*said, _DRAWN)


_CHUCKLE = tuple(
    each._replace(level=tuple(0.6 * part for part in each.level))
    for each in _laugh((0.8, 0.75, 0.7))[:-1]
)
_MOAN = Syllable(
    0.75,
    (330, 400, 390, 350, 290, 250),
    (0.3, 0.9, 1.0, 0.8, 0.5, 0.12),
    ((640, 120, 1.0), (1250, 160, 0.6), (2600, 260, 0.3), (3700, 420, 0.15)),
    1500,
    0.3,
    0.02,
    trill_hz=6.5,
    trill=0.035,
    gap_s=0.08,
    mouth=(0.8, 1.0, 1.0, 0.85),
    hiss=0.03,
    chaos=(0.1, 0.03, 0.05, 0.15),
)
_CATCH = _DRAWN._replace(
    seconds=0.13, level=(0.1, 0.45, 0.1), voice=0.4, pitch_hz=(420, 520, 500), gap_s=0.07
)

_EXHALED = ((520, 260, 0.8), (1250, 350, 1.0), (2450, 500, 0.6), (3700, 800, 0.3))
_OUT = Syllable(
    1.1,
    (180, 170, 150),
    (0.2, 1.0, 0.8, 0.5, 0.25, 0.08),
    _EXHALED,
    700,
    5.0,
    0.02,
    voice=0.0,
    gap_s=0.35,
    mouth=(1.05, 1.0, 0.9),
    hiss=0.12,
    hiss_hz=(1200.0, 5500.0),
)
_IN = _OUT._replace(
    seconds=0.8,
    level=(0.1, 0.4, 0.6, 0.7, 0.3),
    formants=((700, 300, 0.5), (1700, 420, 1.0), (3000, 600, 0.9), (4600, 1000, 0.5)),
    gap_s=0.12,
    hiss=0.3,
    hiss_hz=(2000.0, 8000.0),
)
_PANT = (
    _IN._replace(seconds=0.24, gap_s=0.04),
    _OUT._replace(seconds=0.32, gap_s=0.06),
)
_SIGH = _OUT._replace(
    seconds=1.3,
    pitch_hz=(260, 250, 215, 180, 150),
    level=(0.4, 1.0, 0.8, 0.55, 0.3, 0.1),
    formants=_OPEN,
    breath=1.6,
    voice=0.5,
    mouth=(1.05, 1.0, 0.85, 0.7),
)
_SNORE = Syllable(
    1.3,
    (38, 46, 50, 54, 48),
    (0.15, 0.6, 0.9, 1.0, 0.4),
    ((260, 140, 1.0), (700, 240, 0.6), (1500, 400, 0.35), (2800, 800, 0.2)),
    700,
    1.2,
    0.12,
    gap_s=0.25,
    mouth=(0.85, 1.0, 1.1, 1.0),
    hiss=0.1,
    hiss_hz=(700.0, 4000.0),
    chaos=(0.2, 0.3, 0.4),
)

CRIES: dict[str, Call] = {
    "baby": Call((_WAIL, _GASP), 1.5, 0.15, ((_SCREAM, _GASP), (_SOB, _SOB, _WAIL, _GASP))),
    "sneeze": Call((_AH, _TCH, _OO), 2.2, others=((_TCH, _OO), (_AH, _TCH))),
    "cough": Call(2 * _HACK, 1.6, others=(_HACK, 3 * _HACK)),
    "laugh": Call(
        _laugh((1.0, 1.04, 0.98, 0.93, 0.87, 0.8)),
        2.1,
        0.2,
        (_laugh((1.12, 1.1, 1.0, 0.9)), _CHUCKLE + _laugh((1.0, 0.96, 0.9, 0.84))),
    ),
    "sob": Call(
        (_CATCH, _CATCH, _MOAN, _DRAWN), 2.4, 0.25, ((_MOAN, _CATCH), (_CATCH, _CATCH, _CATCH))
    ),
    "sigh": Call((_IN, _SIGH), 4.0, 0.3),
    "breathe": Call((_IN, _OUT), 3.0, 0.1),
    "pant": Call(_PANT, 0.75, 0.08),
    "snore": Call((_SNORE, _OUT._replace(level=(0.1, 0.25, 0.2, 0.05))), 3.4, 0.1),
}


class HumanVoice(Voice):
    """One person."""

    calls: ClassVar[dict[str, Call]] = CRIES
    words: ClassVar[Words] = Words(variants=tuple(CRIES), surfaces=("plain",), materials=("plain",))
