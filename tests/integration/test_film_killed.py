"""A film that is killed and started again ends with the bytes of one that was not."""

import random

import pytest

from benchmarks.safety import kills

pytestmark = pytest.mark.slow


def test_a_killed_film_ends_with_the_same_bytes(tmp_path):
    operation = next(one for one in kills.OPERATIONS if one.name == "film")
    assert kills.tried(operation, 1, random.Random(3), tmp_path) == (1, 0)
