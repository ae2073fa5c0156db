"""The desk: one piece of work at a time on the session, in the background, with its progress."""

import threading
from collections.abc import Callable
from typing import Any

from pydantic import ValidationError

from foley_designer.core.documents import describe
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.progress import LABELS, PART_OF, Progress

Work = Callable[[Progress], dict[str, Any]]


class Desk:
    """Does work in a thread of its own and reports how far it is."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._state: dict[str, Any] = {"state": "idle"}
        self._number = 0

    def start(self, work: Work) -> int:
        """Begin, and return the work's number.

        Raises:
            FoleyError: ``session_busy`` if other work is not done.
        """
        with self._lock:
            if self._state["state"] == "running":
                raise FoleyError(
                    ErrorCode.SESSION_BUSY, "The last change is still being made.", "Wait for it."
                )
            self._number += 1
            number = self._number
            self._state = {"state": "running", "number": number, "step": "", "fraction": 0.0}
        threading.Thread(target=self._run, args=(number, work), daemon=True).start()
        return number

    def state(self) -> dict[str, Any]:
        """``idle``, ``running``, ``done`` with the answer, or ``failed`` with why."""
        with self._lock:
            return dict(self._state)

    def _run(self, number: int, work: Work) -> None:
        def report(step: str, fraction: float, message: str = "") -> None:  # noqa: ARG001
            label = LABELS.get(PART_OF.get(step, step))
            if label:
                self._set(state="running", number=number, step=label, fraction=fraction)

        try:
            self._set(state="done", number=number, answer=work(report))
        except FoleyError as error:
            self._set(state="failed", number=number, code=error.code.value, error=str(error))
        except ValidationError as error:
            why = describe(error, "The change")
            self._set(state="failed", number=number, code="revision_invalid", error=why)
        except Exception as error:  # noqa: BLE001 - the page must hear of any end
            self._set(state="failed", number=number, code="internal", error=repr(error))

    def _set(self, **state: Any) -> None:
        with self._lock:
            self._state = state
