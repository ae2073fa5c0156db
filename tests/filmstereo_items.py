"""Items of a FilmStereo set for tests."""

from fractions import Fraction

from foley_designer.core.category import Subcategory
from foley_designer.core.script.trajectory import Trajectory
from foley_designer.core.space import Space
from foley_designer.datasets.item import Item, Motion, Origin, Room, Size, Timed, Verified, Zone


def an_item(key="0" * 16, **changes):
    frames = 50
    fields = {
        "key": key,
        "split": "train",
        "caption": "boots on gravel, near, at the left, in a street",
        "sound": "boots on gravel",
        "subcategory": Subcategory.HUMAN_STEPS,
        "size": Size.MEDIUM,
        "sample_rate": 48_000,
        "seconds": 1.0,
        "onsets_s": (0.2, 0.7),
        "intervals_s": ((0.2, 0.5), (0.7, 1.0)),
        "timed": Timed.CUED,
        "trajectory": Trajectory(
            event_id=key,
            rate=Fraction(50),
            azimuth_deg=(45.0,) * frames,
            distance_m=(1.5,) * frames,
            active=(True,) * frames,
        ),
        "motion": Motion.STATIC,
        "regions_deg": (45.0, 45.0),
        "zones": (Zone.NEAR, Zone.NEAR),
        "room": Room(space=Space.STREET, rt60_s=0.7, wet_db=-12.0, ear_spacing_m=0.17),
        "origin": Origin(kind="synthesis", name="boots", credit="own", licence="own"),
        "verified": Verified(method="traits", score=1.0, threshold=0.5),
        "peak_dbfs": -6.0,
    }
    return Item(**fields | changes)
