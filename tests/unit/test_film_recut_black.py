"""Black inside a shot tells nothing of where it comes from, and parts no shot."""

import numpy as np

from foley_designer.film.recut.matching import match


def prints(seed, count=60):
    """A picture whose blocks wander."""
    rng = np.random.default_rng(seed)
    wide = rng.integers(0, 255, (18, 32 + count)).astype(np.uint8)
    return np.stack([wide[:, k : k + 32] for k in range(count)])


def test_black_in_both_cuts_belongs_to_the_shot_around_it():
    old = np.concatenate([prints(1), prints(2)])
    old[80:92] = 4
    new = np.concatenate([old[60:120], old[:60]])
    found = match(old, new, [0, 20, 32, 60])
    assert [(one.new, one.end, one.old) for one in found] == [(0, 60, 60), (60, 120, 0)]


def test_black_in_the_new_cut_alone_is_new():
    old = np.concatenate([prints(1), prints(2)])
    new = old.copy()
    new[70:90] = 4
    found = match(old, new, [0, 60, 70, 90])
    assert [(one.new, one.end) for one in found if one.is_new] == [(70, 90)]
