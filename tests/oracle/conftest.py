"""Where every checker is installed, a check of the exports that skips is a failure."""

import os
from collections.abc import Generator
from typing import Any

import pytest


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, Any]:
    report = yield
    required = os.environ.get("FOLEY_ORACLES") == "all" and item.path.name.startswith("test_export")
    if required and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"Skipped, though every checker must run: {report.longrepr}"
    return report
