"""How smoothly the review page moves with many lanes: frames a second, measured in Chromium.

    python -m benchmarks.speed.review_page [--events 60] [--seconds 180] [--chromium PROGRAM]

The real page over made-up sounds: it plays, scrolls and zooms, each for two seconds. Software
rendering without a GPU is slower than what an editor sees.
"""

import argparse
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np

from foley_designer.review.app import PAGE

KINDS = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
RATE = 25
WATCH = """
(move) => new Promise((done) => {
  const gaps = []; let last = performance.now(); const end = last + 2000; let n = 0;
  const step = (now) => {
    gaps.push(now - last); last = now; n += 1;
    if (move === 'zoom') review.timeline.zoom(n % 60 < 30 ? 1.06 : 1 / 1.06, 60);
    if (move === 'scroll') document.querySelector('#timeline').scrollTop = (n * 9) % 3000;
    if (move === 'play') {
      review.player.from = (n / 60) % 100;
      review.timeline.look(review.player.from, 30);
    }
    if (now < end) requestAnimationFrame(step); else done(gaps.slice(2));
  };
  requestAnimationFrame(step);
})
"""


def session(seconds: float) -> dict[str, Any]:
    """As ``/api/session`` gives it."""
    return {
        "name": "long",
        "clip": "long.mp4",
        "aspect": 16 / 9,
        "rate": [RATE, 1],
        "duration_s": seconds,
        "frame_count": int(seconds * RATE),
        "start_timecode": None,
        "revision": "r1",
        "markers": [],
        "scenes": None,
        "revisions": [{"id": "r1", "request": "design", "parent": None, "names": []}],
    }


def version(events: int, seconds: float) -> dict[str, Any]:
    """As ``/api/version`` gives it: hits, spans and ways that move."""
    rng = np.random.default_rng(1)
    frames = int(seconds * RATE)
    lanes = []
    for number in range(events):
        hits = sorted(rng.uniform(0, seconds, 40).round(3).tolist()) if number % 3 else []
        spans = [] if hits else [[5.0, seconds - 5.0]]
        azimuth = (60 * np.sin(np.arange(frames) / 200 + number)).round(1).tolist()
        lanes.append(
            {
                "id": f"e{number:02}",
                "label": f"sound number {number}",
                "layer": "foreground" if number % 3 else "background",
                "colour": "#4a90e2",
                "stem": f"s{number % 6}",
                "gain_db": 0.0,
                "wish_db": 0.0,
                "loudness_lufs": -30.0,
                "true_peak_dbtp": -9.0,
                "verdict": None,
                "take": 0,
                "locked": False,
                "from_s": hits[0] if hits else 5.0,
                "to_s": hits[-1] if hits else seconds - 5.0,
                "treatment": {"eq": [], "fade_in": None, "fade_out": None, "rides": []},
                "hits": [[time, 0.7] for time in hits],
                "spans": spans,
                "source": "point",
                "track": None,
                "on_screen": True,
                "reasons": [],
                "azimuth_deg": azimuth,
                "distance_m": [4.0],
                "around": False,
            }
        )
    mix = {
        "integrated_lufs": -23.0,
        "true_peak_dbtp": -1.1,
        "range_lu": 5.0,
        "short_term_max_lufs": -20.0,
        "short_term_lufs": [-23.0] * int(seconds),
        "target_lufs": -23.0,
        "highest_dbtp": -1.0,
        "target": "ebu_r128",
        "master_gain_db": 0.0,
    }
    return {
        "id": "r1",
        "space": "street",
        "lanes": lanes,
        "mix": mix,
        "field_of_view_deg": 54,
        "shots": [],
        "tracks": {},
    }


def served(events: int, seconds: float) -> ThreadingHTTPServer:
    """The page's files, and made-up answers."""
    told = {
        "/api/session": json.dumps(session(seconds)).encode(),
        "/api/version/r1": json.dumps(version(events, seconds)).encode(),
    }
    outline = np.random.default_rng(2).integers(-90, 90, int(seconds * 800), np.int8).tobytes()

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            kind, data = "application/json", told.get(path)
            if path.startswith("/outline/"):
                kind, data = "application/octet-stream", outline
            elif data is None:
                name = "index.html" if path == "/" else path.removeprefix("/page/")
                file = PAGE / name
                kind = KINDS.get(file.suffix, "text/html")
                data = file.read_bytes() if file.is_file() and file.parent == PAGE else None
            self.send_response(200 if data is not None else 404)
            self.send_header("content-type", kind)
            self.end_headers()
            self.wfile.write(data or b"")

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def main() -> None:
    """Print frames a second of each way to move."""
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--events", type=int, default=60)
    parser.add_argument("--seconds", type=float, default=180.0)
    parser.add_argument("--chromium", type=Path, default=Path("/usr/bin/chromium"))
    options = parser.parse_args()
    server = served(options.events, options.seconds)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=str(options.chromium), args=["--no-sandbox"]
        )
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(f"http://127.0.0.1:{server.server_port}/")
        page.wait_for_selector("body[data-ready]", timeout=60_000)
        page.wait_for_timeout(1500)
        for move in ("rest", "play", "scroll", "zoom"):
            gaps = np.array(page.evaluate(WATCH, move))
            print(
                f"{move:7} {1000 / gaps.mean():5.1f} frames a second, "
                f"95 % within {np.percentile(gaps, 95):.1f} ms, longest {gaps.max():.0f} ms"
            )
        browser.close()
    server.shutdown()


if __name__ == "__main__":
    main()
