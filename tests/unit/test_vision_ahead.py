"""Working ahead in a thread: the same items, errors where they stand, and no thread left."""

import threading
from collections.abc import Iterator

import pytest

from foley_designer.vision.video.ahead import MOST, ahead


def test_items_and_errors_come_in_order() -> None:
    def failing() -> Iterator[int]:
        yield from range(3)
        raise ValueError("broken")

    assert list(ahead(range(5 * MOST))) == list(range(5 * MOST))
    found = []
    with pytest.raises(ValueError, match="broken"):
        for item in ahead(failing()):
            found.append(item)
    assert found == [0, 1, 2]


def test_errors_as_items_are_items() -> None:
    (item,) = ahead([ValueError("an item")])
    assert isinstance(item, ValueError)


def test_closing_ends_the_thread() -> None:
    before = threading.active_count()
    items = ahead(range(100 * MOST))
    assert next(items) == 0
    items.close()
    assert threading.active_count() == before
