"""How long a one-event change takes against designing anew, and which stems it changes.

usage: python -m benchmarks.speed.revision_speed CLIP --describe TEXT

Design and changes run in one process, one after the other, in a scratch folder. Seconds are those
of the processor, so that other work on the machine matters little.
"""

import argparse
import tempfile
import time
from pathlib import Path

from foley_designer import api
from foley_designer.api import revisions
from foley_designer.core.revision import operations
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.session.session import Session
from foley_designer.core.settings import Settings


def stems(folder: Path) -> dict[str, str]:
    """Event to the hash of its delivered stem."""
    record = Session(folder).record()
    assert record is not None
    return {stem.event_id: stem.sha256 for stem in record.stems}


def main() -> None:
    """Design, change one event in several ways, undo each, and print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("clip", type=Path)
    parser.add_argument("--describe", required=True)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        out, settings = Path(scratch) / "out", Settings(data_dir=Path(scratch) / "data")
        began = time.process_time()
        api.design(api.Request(options.clip, None, options.describe), out, settings=settings)
        anew = time.process_time() - began
        script = FoleyScript.from_json((out / "script.json").read_bytes())
        print(f"{len(script.events)} events designed in {anew:.2f} s")
        key = next(event.id for event in script.foreground if event.hits)
        revisions.revise(out, [operations.Retake(event_id=key)], approve=True, settings=settings)
        for operation in (
            operations.AdjustLevel(event_id=key, change_db=-3),
            operations.AdjustPan(event_id=key, change_deg=15),
            operations.AdjustTime(event_id=key, shift_frames=1),
            operations.AdjustDistance(event_id=key, factor=1.4),
        ):
            before = stems(out)
            began = time.process_time()
            revisions.revise(out, [operation], approve=True, settings=settings)
            spent = time.process_time() - began
            after = stems(out)
            changed = [key for key in after if after[key] != before[key]]
            began = time.process_time()
            revisions.undo(out, settings=settings)
            back = time.process_time() - began
            assert stems(out) == before
            print(
                f"{operation.kind:16} {spent:5.2f} s, {anew / spent:4.1f} times as fast; "
                f"undo {back:.2f} s; stems changed: {', '.join(changed) or 'none'}"
            )


if __name__ == "__main__":
    main()
