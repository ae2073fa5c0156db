"""A long clip decoded in parts shows the frames that it shows whole, and is seen alike."""

from fractions import Fraction

import av
import numpy as np
import pytest

from foley_designer.core.work.pool import Here, LocalPool
from foley_designer.vision.skim import joined, parts_of, skim_part
from foley_designer.vision.video import timing
from foley_designer.vision.video.decode import frames, open_clip

KINDS = {
    "a.mp4": ("libx264", {"bf": "3", "g": "30"}),
    "a.mkv": ("libx264", {"bf": "2", "g": "24", "flags": "-cgop", "x264-params": "open-gop=1"}),
    "a.ts": ("mpeg2video", {"bf": "2", "g": "12"}),
    "a.mov": ("mjpeg", {}),
}


def drawn(path, codec, options, count=150, rate=Fraction(24000, 1001)):
    """A square that wanders over noise that changes with each frame."""
    rng = np.random.default_rng(1)
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=rate)
        stream.width, stream.height = 160, 90
        stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
        stream.options = options | {"threads": "1"}
        for number in range(count):
            image = rng.integers(0, 60, (90, 160, 3)).astype(np.uint8)
            image[20:50, number : number + 20] = 40 + number
            frame = av.VideoFrame.from_ndarray(image, format="bgr24")
            frame.pts, frame.time_base = number, 1 / rate
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


@pytest.fixture
def short_parts(monkeypatch):
    monkeypatch.setattr(timing, "PART_S", 1.2)


@pytest.mark.parametrize("name", KINDS)
def test_parts_hold_every_frame_once(tmp_path, short_parts, name):
    path = drawn(tmp_path / name, *KINDS[name])
    opened = open_clip(path)
    assert len(opened.parts) >= 3
    whole = list(frames(path, 160, opened.clip.rate))
    split = [f for part in opened.parts for f in frames(path, 160, opened.clip.rate, part=part)]
    assert [f.time_s for f in split] == [f.time_s for f in whole]
    assert all(np.array_equal(a.image, b.image) for a, b in zip(whole, split, strict=True))


def test_what_cannot_be_sought_in_is_one_part(tmp_path, short_parts):
    path = drawn(tmp_path / "a.h264", "libx264", {"g": "12"})
    assert len(open_clip(path).parts) == 1


def test_workers_see_what_one_process_sees(media, short_parts):
    path = media / "clips" / "boots_walking_path.mp4"
    opened = open_clip(path)
    tasks = parts_of(path, opened, None, None)
    assert len(tasks) > 1

    def seen(pool):
        done = dict(pool.run(skim_part, tasks))
        return joined(opened, [done[number] for number in sorted(done)])

    here, there = seen(Here()), seen(LocalPool(2))
    assert here.observation == there.observation
    assert np.array_equal(here.fingerprints, there.fingerprints)
    assert len(here.fingerprints) == opened.clip.frame_count
