"""Budget: how many calls, tokens and seconds the language model may still take."""

from collections.abc import Mapping
from threading import Lock

from foley_designer.core.errors import ErrorCode, FoleyError

COUNTERS = ("calls", "prompt_tokens", "completion_tokens", "pictures", "sounds", "seconds")
GIVE_UP_AFTER = 3
"""Steps in a row that the model failed, after which it is not asked any more."""


class Budget:
    """Limits and what is spent, as plain counters that fit into graph state; safe among threads.

    Args:
        max_calls: requests to the endpoint, repairs included.
        max_tokens: prompt and completion tokens together.
        max_seconds: time spent waiting for the endpoint.
        prices: of a million prompt tokens and of a million completion tokens, where known.
    """

    def __init__(
        self,
        max_calls: int,
        max_tokens: int,
        max_seconds: float,
        prices: tuple[float, float] | None = None,
    ) -> None:
        self.max_calls = max_calls
        self.max_tokens = max_tokens
        self.max_seconds = max_seconds
        self.prices = prices
        self._spent: dict[str, float] = dict.fromkeys(COUNTERS, 0)
        self._failures = 0
        self._lock = Lock()

    def usage(self) -> dict[str, float]:
        """What is spent, by the names in `COUNTERS`, and its ``cost`` if prices are known."""
        with self._lock:
            spent = dict(self._spent)
        if self.prices is None:
            return spent
        asked, answered = self.prices
        cost = asked * spent["prompt_tokens"] + answered * spent["completion_tokens"]
        return spent | {"cost": round(cost / 1e6, 6)}

    def restore(self, usage: Mapping[str, float]) -> None:
        """Take counters back from graph state; counters that it lacks become 0."""
        with self._lock:
            self._spent = {name: usage.get(name, 0) for name in COUNTERS}

    @property
    def spent(self) -> bool:
        """Whether the model was asked and nothing more may be asked of it."""
        with self._lock:
            return self._spent["calls"] > 0 and self._exhausted() is not None

    def admit(self) -> float:
        """Count one call about to be made and tell the seconds that it may take.

        Raises:
            FoleyError: ``budget_spent``, also where the model was given up.
        """
        with self._lock:
            if self._failures >= GIVE_UP_AFTER:
                raise FoleyError(
                    ErrorCode.BUDGET_SPENT,
                    f"The model failed {GIVE_UP_AFTER} steps in a row and is not asked any more.",
                    "Check the endpoint with `foley-designer doctor`.",
                )
            if (exhausted := self._exhausted()) is not None:
                name, limit = exhausted
                raise FoleyError(
                    ErrorCode.BUDGET_SPENT,
                    f"The model's budget of {limit:g} {name} is spent.",
                    f"Raise max_{'model_calls' if name == 'calls' else name}.",
                )
            self._spent["calls"] += 1
            return self.max_seconds - self._spent["seconds"]

    def spend(self, prompt_tokens: int, completion_tokens: int, seconds: float) -> None:
        """Record what one call took."""
        with self._lock:
            self._spent["prompt_tokens"] += prompt_tokens
            self._spent["completion_tokens"] += completion_tokens
            self._spent["seconds"] += seconds

    def show(self, what: str = "pictures") -> None:
        """Record a picture, or one of the ``sounds``, that a question carries."""
        with self._lock:
            self._spent[what] += 1

    def settle(self, *, succeeded: bool) -> None:
        """Record whether a whole step, repair included, got an answer."""
        with self._lock:
            self._failures = 0 if succeeded else self._failures + 1

    def _exhausted(self) -> tuple[str, float] | None:
        """The first budget that is used up, with its limit."""
        spent = self._spent
        tokens = spent["prompt_tokens"] + spent["completion_tokens"]
        return next(
            (
                (name, limit)
                for name, value, limit in (
                    ("calls", spent["calls"], self.max_calls),
                    ("tokens", tokens, self.max_tokens),
                    ("seconds", spent["seconds"], self.max_seconds),
                )
                if value >= limit
            ),
            None,
        )
