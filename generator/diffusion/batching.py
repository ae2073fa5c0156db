"""Events of a scene in one batch: wishes that arrive together go through the model together."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from foley_designer.generator.diffusion.model import Wish

Audio = NDArray[np.float32]
"""``[2, samples]`` at the backbone's rate."""
GATHER_S = 0.05
"""How long the first of a batch waits for others."""


class _Waiting(NamedTuple):
    wish: Wish
    steps: int
    done: "Future[Audio]"


class Batcher:
    """Gathers wishes of several threads into batches of equal length.

    What a wish gives depends on its own seed and length alone, up to rounding: rows are never
    padded to one another.

    Args:
        make: generates a batch, one array a wish.
        steps_of: latent steps of so many seconds.
        most_steps: latent steps of all rows together, which bounds memory.
    """

    def __init__(
        self,
        make: Callable[[Sequence[Wish]], Sequence[Audio]],
        steps_of: Callable[[float], int],
        most_steps: int,
    ) -> None:
        self._make, self._steps_of, self._most_steps = make, steps_of, most_steps
        self._waiting: list[_Waiting] = []
        self._adding, self._working = threading.Lock(), threading.Lock()
        self.batches: list[int] = []
        """Sizes of the batches made so far."""

    def __call__(self, wishes: Sequence[Wish]) -> list[Audio]:
        """Wait for the sounds of some wishes; raises what the model raised."""
        mine = [_Waiting(wish, self._steps_of(wish.seconds), Future()) for wish in wishes]
        with self._adding:
            self._waiting += mine
        if not self._working.locked():
            threading.Event().wait(GATHER_S)
        with self._working:
            while not all(one.done.done() for one in mine):
                self._work(self._next())
        return [one.done.result() for one in mine]

    def _next(self) -> list[_Waiting]:
        """The oldest wish and those of its length, as many as memory allows."""
        with self._adding:
            steps = self._waiting[0].steps
            alike = [one for one in self._waiting if one.steps == steps]
            batch = alike[: max(1, self._most_steps // steps)]
            self._waiting = [one for one in self._waiting if one not in batch]
        return batch

    def _work(self, batch: list[_Waiting]) -> None:
        self.batches.append(len(batch))
        try:
            made = self._make([one.wish for one in batch])
        except BaseException as error:
            for one in batch:
                one.done.set_exception(error)
            if not isinstance(error, Exception):
                raise
            return
        for one, audio in zip(batch, made, strict=True):
            one.done.set_result(audio)
