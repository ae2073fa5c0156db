"""A set built from its configuration: collected, planned, made in parallel, packed, counted.

It goes on where it stopped: an item is known by the hash of all that makes it, the ledger says
which are made, and shards are written from what is made alone. So a build that was killed, and one
that ran on other machines, end with the same bytes.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.files import writing_error
from foley_designer.core.progress import Progress, silent
from foley_designer.core.work.locks import held
from foley_designer.core.work.pool import Pool
from foley_designer.datasets.shards import LeftOut, Manifest
from foley_designer.filmstereo.captioner import Describe
from foley_designer.filmstereo.clap import find_weights
from foley_designer.filmstereo.config import DatasetConfig
from foley_designer.filmstereo.ledger import BuildLedger
from foley_designer.filmstereo.making import make_item
from foley_designer.filmstereo.packing import Store, groups_of, write_manifest
from foley_designer.filmstereo.plan import Task, plan
from foley_designer.filmstereo.sources import collect
from foley_designer.filmstereo.statistics import write_statistics
from foley_designer.memory.knowledge_base import load

LABELS = {
    "library": "Listen to recordings",
    "make": "Make items",
    "pack": "Pack shards",
}
"""Steps as the user sees them."""
WORK = ".build"
"""Folder of the build within the set's."""


class Built(NamedTuple):
    """What a build did."""

    manifest: Manifest
    made: int
    """Items made by this run; the others were there."""


def build(
    config: DatasetConfig,
    out: Path,
    pool: Pool,
    *,
    knowledge_dir: Path | None = None,
    describe: Describe | None = None,
    progress: Progress = silent,
) -> Built:
    """Build or complete a set.

    Args:
        config: what to build.
        out: folder of the set; what is there and fits is kept.
        pool: where items are made.
        knowledge_dir: the user's cards.
        describe: gives items another caption; None keeps the grammar's.
        progress: called with how far the work is.

    Raises:
        FoleyError: ``session_busy`` if another build works there; ``part_missing`` where
            nothing can be collected; ``tool_failed`` if items failed for no reason of their
            own: the same command tries them again; ``output_not_writable``, ``disk_full``.
    """
    work = out / WORK
    try:
        work.mkdir(parents=True, exist_ok=True)
        with held(work / "lock", f"Another build works in {out}.", "Wait for it, or end it."):
            return _build(config, out, pool, knowledge_dir, describe, progress)
    except OSError as error:
        raise writing_error(error, out) from error


def _build(
    config: DatasetConfig,
    out: Path,
    pool: Pool,
    knowledge_dir: Path | None,
    describe: Describe | None,
    progress: Progress,
) -> Built:
    work = out / WORK
    weights = find_weights(config)
    knowledge = load(knowledge_dir, work / "cards")
    collected = collect(config, knowledge, work / "collected", progress)
    tasks = plan(config, collected.sources, weights)
    ledger = BuildLedger(work / "ledger.sqlite")
    try:
        store = Store(out, work, ledger, config.format)
        todo = store.missing(tasks)
        _make(todo, store, pool, describe, progress, len(tasks))
        groups = groups_of(tasks, ledger.items(), config.shard_items)
        if not groups:
            raise _nothing(ledger.items()[tasks[0].key].reason)
        packed = []
        for each in store.pack(groups):
            packed.append(each)
            progress("pack", len(packed) / len(groups), each.file)
        left_out: Sequence[LeftOut] = collected.left_out
        manifest = write_manifest(out, config, tasks, packed, ledger, left_out)
        write_statistics(out)
    finally:
        ledger.close()
    return Built(manifest, len(todo))


def _make(
    todo: Sequence[Task],
    store: Store,
    pool: Pool,
    describe: Describe | None,
    progress: Progress,
    total: int,
) -> None:
    """Make what is missing, whatever fails on the way; then say what failed."""
    failed: list[str] = []
    there = total - len(todo)
    for done, (index, result) in enumerate(pool.run(make_item, todo), there + 1):
        if isinstance(result, FoleyError):
            raise result
        if isinstance(result, Exception):
            failed.append(f"item {todo[index].index}: {type(result).__name__}: {result}")
        else:
            store.keep(describe(result) if describe else result)
        progress("make", done / total, f"{done} of {total} items")
    if failed:
        raise FoleyError(
            ErrorCode.TOOL_FAILED,
            f"{len(failed)} of {total} items failed; {failed[0]}.",
            "The others are kept; the same command tries those again.",
        )


def _nothing(reason: str) -> FoleyError:
    return FoleyError(
        ErrorCode.TOOL_FAILED,
        f"No item could be made: {reason}.",
        "Name other sources in the configuration.",
    )
