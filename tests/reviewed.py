"""A served session, and its page in a browser."""

import http.client
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

from foley_designer.api import versions
from foley_designer.core.settings import Settings

CHROMIUM = os.environ.get("FOLEY_CHROMIUM") or shutil.which("chromium")


class Page(NamedTuple):
    """A served session."""

    folder: Path
    address: str
    settings: Settings

    @property
    def port(self) -> int:
        return urlsplit(self.address).port or 0

    @property
    def key(self) -> str:
        return parse_qs(urlsplit(self.address).query)["key"][0]

    def ask(
        self, path: str, body: Any = None, *, method: str | None = None, **headers: str | None
    ) -> tuple[int, dict[str, str], bytes]:
        """As the page itself asks, but for these headers; None leaves one out."""
        own = f"127.0.0.1:{self.port}"
        sent: dict[str, str | None] = {
            "host": own,
            "cookie": f"foley-review-{self.port}={self.key}",
        }
        if body is not None:
            sent |= {"origin": f"http://{own}", "content-type": "application/json"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        data = None if body is None else json.dumps(body).encode()
        link.putrequest(method or ("GET" if body is None else "POST"), path, skip_host=True)
        for name, value in sent.items():
            if value is not None:
                link.putheader(name, value)
        if data is not None:
            link.putheader("content-length", str(len(data)))
        link.endheaders(data)
        answer = link.getresponse()
        found = answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()
        link.close()
        return found


@contextmanager
def served(folder: Path, home: Path) -> Iterator[Page]:
    """The real command on a free port."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("FOLEY_", "OPENAI_"))}
    process = subprocess.Popen(
        [sys.executable, "-m", "foley_designer", "review", str(folder), "--no-browser"],
        env=kept | {"HOME": str(home), "FOLEY_DATA_DIR": str(home / "data")},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        address = process.stdout.readline().split()[-1]
        yield Page(folder, address, Settings(data_dir=home / "data"))
    finally:
        process.terminate()
        process.wait(timeout=20)


def opened(chromium: Any, page: Page) -> Iterator[Any]:
    view = chromium.new_page(viewport={"width": 1440, "height": 900})
    asked: list[str] = []
    faults: list[str] = []
    view.on("request", lambda request: asked.append(request.url))
    view.on("pageerror", lambda error: faults.append(str(error)))
    view.on("console", lambda told: told.type == "error" and faults.append(told.text))
    view.goto(page.address)
    view.wait_for_selector("body[data-ready]", timeout=60_000)
    yield view
    own = f"http://127.0.0.1:{page.port}/"
    assert [url for url in asked if not url.startswith(own)] == []
    provoked = ("422", "409", "drawn wrongly")
    assert [fault for fault in faults if not any(one in fault for one in provoked)] == []
    view.close()


def until(tab: Any, expression: str, seconds: float = 90) -> None:
    """Wait for something in the page; the page's own policy forbids the driver's way of it."""
    end = time.monotonic() + seconds
    while not tab.evaluate(expression):
        assert time.monotonic() < end, expression
        tab.wait_for_timeout(50)


def lane_of(page: Page, word: str) -> str:
    return next(key for key in versions.version(page.folder).stems if word in key)


def request_change(tab: Any, words: str) -> str:
    """Ask, and wait for what the chat answers."""
    tab.fill("#words", words)
    tab.press("#words", "Enter")
    tab.wait_for_selector(".card:last-child:is(.proposal, .asks, .failed)", timeout=60_000)
    return str(tab.inner_text(".card:last-child"))


def apply(tab: Any) -> None:
    before = tab.locator(".result").count()
    tab.click(".card:last-child .yes")
    until(tab, f"document.querySelectorAll('.result').length > {before}")
