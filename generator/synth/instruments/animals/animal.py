"""Animals' voices as data: what each says, syllable by syllable.

Contours after the acoustics of the calls: barks are chevrons of 400 to 700 Hz with irregular
periods (T. Riede, *Vocal Fold Vibration in Dog Barks*, JASA 118, 2005); a rooster tunes its throat
to the second harmonic, so the octave is the loudest; a pig's calls are low noisy grunts of a third
of a second and squeals between 1 and 4 kHz (C. Tallet and others, *Encoding of Situations in the
Vocal Repertoire of Piglets*, PLoS ONE 8, 2013).
"""

from typing import ClassVar

from foley_designer.generator.synth.instruments.calling import Call, Voice
from foley_designer.generator.synth.physics.voice import Syllable
from foley_designer.generator.synth.words import Words

_CROW_MOUTH = ((1250, 220, 1.0), (1900, 260, 0.9), (3100, 500, 0.3))
_ROOSTER_MOUTH = (
    (1480, 190, 1.0),
    (2300, 300, 0.5),
    (3150, 400, 0.25),
    (4600, 700, 0.06),
    (7000, 1200, 0.015),
)
_WHISTLE = Syllable(0.1, (1.0,), (1.0,), buzz_hz=900.0, breath=0.01, rough=0.002)

_BARK = Syllable(
    0.17,
    (430, 610, 590, 480, 340),
    (0.4, 1.0, 0.9, 0.4, 0.08),
    ((760, 190, 1.0), (1350, 260, 0.55), (2500, 400, 0.18), (4100, 700, 0.07)),
    buzz_hz=1300,
    breath=0.35,
    rough=0.02,
    sub=0.25,
    mouth=(0.72, 1.0, 1.06, 0.92, 0.7),
    hiss=0.025,
    hiss_hz=(4500.0, 11_000.0),
    chaos=(0.16,),
)
_YAP = _BARK._replace(seconds=0.11, pitch_hz=(560, 760, 690, 480), chaos=(0.07,), breath=0.2)
_WOOF = _BARK._replace(
    seconds=0.24,
    pitch_hz=(330, 480, 470, 420, 330, 250),
    level=(0.5, 1.0, 0.95, 0.6, 0.3, 0.06),
    sub=0.5,
    chaos=(0.24,),
)
_MEOW = Syllable(
    0.75,
    (520, 780, 820, 700, 560),
    (0.3, 0.8, 1.0, 0.8, 0.2),
    ((1000, 160, 1.0), (2100, 240, 0.8), (3700, 400, 0.4), (5600, 700, 0.2)),
    2400,
    0.08,
    0.02,
    mouth=(0.55, 0.9, 1.15, 1.0, 0.6),
    chaos=(0.03, 0.01, 0.02, 0.05),
)
_CROW = Syllable(
    0.26, (480, 560, 540, 440), (0.6, 1.0, 0.9, 0.3), _CROW_MOUTH, 1600, 0.3, 0.09, 0.5, gap_s=0.22
)
_COCK = Syllable(
    0.15,
    (480, 620, 600),
    (0.4, 0.7, 0.25),
    _ROOSTER_MOUTH,
    1300,
    0.04,
    0.005,
    gap_s=0.13,
    mouth=(0.75, 0.95, 0.85),
    chaos=(0.08, 0.03),
)
_DOODLE = _COCK._replace(seconds=0.19, pitch_hz=(610, 730, 720), gap_s=0.03, sub=0.2)
_DOO = _COCK._replace(
    seconds=1.35,
    pitch_hz=(640, 730, 738, 732, 722, 708, 690, 600),
    level=(0.9, 1.0, 0.95, 0.85, 0.75, 0.6, 0.4, 0.1),
    mouth=(0.95, 1.02, 1.02, 1.0, 0.97, 0.85),
    chaos=(0.15, 0.14, 0.05, 0.01, 0.006, 0.01),
    gap_s=0.0,
)
_NEIGH = Syllable(
    1.25,
    (900, 1350, 1200, 900, 620, 420),
    (0.7, 1.0, 0.9, 0.8, 0.5, 0.2),
    ((950, 200, 1.0), (1900, 300, 0.8), (3200, 500, 0.4)),
    1500,
    0.35,
    0.05,
    0.25,
    12,
    0.09,
    mouth=(0.9, 1.1, 1.0, 0.9, 0.8),
    hiss=0.05,
    chaos=(0.12, 0.05, 0.08, 0.2, 0.3),
)
_BLEAT = Syllable(
    0.85,
    (260, 300, 290, 270),
    (0.7, 1.0, 0.9, 0.4),
    ((620, 140, 1.0), (1550, 200, 0.8), (2600, 350, 0.4)),
    1500,
    0.08,
    0.03,
    0.0,
    9,
    0.06,
)
_MOO = Syllable(
    1.9,
    (120, 165, 200, 195, 150),
    (0.5, 0.8, 1.0, 0.9, 0.3),
    ((330, 80, 1.0), (820, 120, 0.8), (1750, 260, 0.4), (2700, 400, 0.2)),
    900,
    0.12,
    0.02,
    mouth=(0.6, 0.85, 1.05, 1.1, 0.9),
    hiss=0.02,
    chaos=(0.05, 0.02, 0.02, 0.06),
)
_GRUNT = Syllable(
    0.28,
    (85, 105, 95, 75),
    (1.0, 1.0, 0.8, 0.2),
    ((420, 160, 1.0), (900, 220, 0.8), (1700, 350, 0.4), (2900, 600, 0.15)),
    700,
    0.9,
    0.12,
    0.4,
    mouth=(0.8, 1.0, 0.95),
    hiss=0.12,
    hiss_hz=(800.0, 4000.0),
    chaos=(0.0, 0.35, 0.3),
    gap_s=0.12,
)
_OINK = _GRUNT._replace(
    seconds=0.34,
    pitch_hz=(110, 150, 320, 420, 260),
    level=(0.9, 0.9, 1.0, 0.9, 0.2),
    buzz_hz=1400,
    breath=0.6,
    mouth=(0.8, 1.0, 1.3, 1.35, 1.0),
    chaos=(0.0, 0.25, 0.1, 0.1, 0.3),
    gap_s=0.0,
)
_SQUEAL = Syllable(
    0.75,
    (700, 1150, 1350, 1300, 900),
    (0.6, 1.0, 1.0, 0.9, 0.3),
    ((1250, 200, 1.0), (2500, 320, 0.9), (3700, 500, 0.5), (5600, 800, 0.2)),
    2600,
    0.25,
    0.04,
    0.3,
    mouth=(0.8, 1.05, 1.1, 1.0, 0.8),
    hiss=0.03,
    chaos=(0.1, 0.2, 0.15, 0.25, 0.35),
)
_CROAK = Syllable(
    0.24,
    (170, 210, 200),
    (0.6, 1.0, 0.4),
    ((700, 120, 1.0), (1500, 200, 0.7)),
    1200,
    0.1,
    0.04,
    0.0,
    38,
    0.25,
)
_SONG = (
    _WHISTLE._replace(seconds=0.09, pitch_hz=(3600, 4600, 3900), level=(0.6, 1.0, 0.4), gap_s=0.05),
    _WHISTLE._replace(seconds=0.07, pitch_hz=(4300, 3200), level=(0.7, 1.0), gap_s=0.05),
    _WHISTLE._replace(
        seconds=0.28,
        pitch_hz=(3000, 3300, 3100),
        level=(0.6, 1.0, 0.5),
        trill_hz=26,
        trill=0.12,
        gap_s=0.06,
    ),
    _WHISTLE._replace(seconds=0.12, pitch_hz=(5200, 3600), level=(0.8, 0.5)),
)
_CHIRP = _WHISTLE._replace(seconds=0.02, pitch_hz=(4500, 4520), level=(0.8, 1.0, 0.5), gap_s=0.014)

_GROWL = Syllable(
    1.3,
    (62, 74, 80, 76, 66),
    (0.5, 0.9, 1.0, 0.9, 0.3),
    ((310, 160, 1.0), (760, 260, 0.7), (1500, 400, 0.35), (2700, 700, 0.15)),
    420,
    1.3,
    0.10,
    0.5,
    trill_hz=24,
    trill=0.08,
    mouth=(0.85, 1.0, 1.05, 0.95),
    hiss=0.15,
    hiss_hz=(900.0, 4500.0),
    chaos=(0.25, 0.35, 0.3),
)

CALLS: dict[str, Call] = {
    "dog": Call((_BARK,), 0.55, others=((_YAP,), (_WOOF,))),
    "cat": Call((_MEOW,), 2.5),
    "rooster": Call((_COCK, _DOODLE, _DOO), 6.0, others=((_COCK, _DOODLE, _DOODLE, _DOO),)),
    "crow": Call((_CROW,) * 3, 3.5),
    "bird": Call(_SONG, 1.8, 0.5),
    "horse": Call((_NEIGH,), 5.0),
    "sheep": Call((_BLEAT,), 3.0),
    "cow": Call((_MOO,), 6.0),
    "pig": Call((_GRUNT, _OINK), 1.0, 0.6, ((_GRUNT, _GRUNT), (_OINK,), (_GRUNT, _SQUEAL))),
    "insect": Call((_CHIRP,) * 3, 0.42, 0.12),
    "frog": Call((_CROAK,), 1.2),
    "growl": Call((_GROWL,), 1.9, 0.3, ((_GROWL._replace(seconds=0.8),),)),
}


class AnimalVoice(Voice):
    """One animal."""

    calls: ClassVar[dict[str, Call]] = CALLS
    words: ClassVar[Words] = Words(variants=tuple(CALLS), surfaces=("plain",), materials=("plain",))
