import dataclasses
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from sample_session import sample_session

from foley_designer.core.script.search_log import SearchLog
from foley_designer.dsp.repair.faults import MixFault, MixFaultKind
from foley_designer.export.audio.wav import write_wav
from foley_designer.export.report.pictures import spectrogram
from foley_designer.export.report.report import write_report


class Page(HTMLParser):
    """Collects tags and words, and checks that tags are closed in order."""

    VOID = {"meta", "img", "br", "link", "input"}

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag in ("p", "li") and self.open[-1] != tag:
            return
        assert self.open.pop() == tag, f"</{tag}> closes nothing"

    def handle_data(self, data):
        self.words += data


@pytest.fixture(scope="module")
def html(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("session")
    write_report(folder / "report.html", sample_session(folder))
    return (folder / "report.html").read_text()


@pytest.mark.slow
def test_page_is_whole_and_asks_nothing_of_the_network(html: str) -> None:
    page = Page(html)
    assert page.open == []
    for tag, attributes in page.tags:
        assert tag not in ("script", "link", "iframe", "object"), tag
        for name in ("src", "href"):
            value = attributes.get(name) or ""
            local = value.startswith(("data:image/", "#", "stems/")) or not value
            assert local, f"{tag} {name}={value[:60]}"
    assert "@import" not in html
    assert not re.search(r"url\(", html)


def test_page_escapes_what_comes_from_outside(html: str) -> None:
    assert "yard_<b>" not in html
    assert "make &lt;this&gt; better" in html
    assert "yard_<b>&.mp4" in Page(html).words


def test_page_shows_every_event_note_and_reason(html: str, tmp_path: Path) -> None:
    material = sample_session(tmp_path)
    words = Page(html).words
    for event in material.script.events:
        assert event.label in words
        assert event.description in words
        assert event.ucs_id in words
        assert f'id="track-{event.id}"' in html
    for note in material.record.notes:
        assert note.text in words
    for point in material.text.open_points:
        assert point in words
    for node in material.search.nodes:
        assert node.id in words
    assert "Gravel walk" in words
    assert "−23.1" in words
    assert "ground-plane 1" in words


def test_page_draws_every_cue_and_marks_the_doubtful_ones(html: str, tmp_path: Path) -> None:
    page = Page(html)
    classes = [attributes.get("class") or "" for _, attributes in page.tags]
    events = sample_session(tmp_path).script.events
    assert classes.count("hit") + classes.count("hit doubtful") == sum(len(e.hits) for e in events)
    assert classes.count("hit doubtful") == 2
    assert classes.count("cue doubtful") == 2
    assert classes.count("span") == sum(len(e.spans) for e in events)
    pictures = [a.get("href") or a.get("src") or "" for t, a in page.tags if t in ("image", "img")]
    assert sum(uri.startswith("data:image/png") for uri in pictures) == len(events) + 1
    assert sum(uri.startswith("data:image/jpeg") for uri in pictures) == 6 + 1


def test_same_session_gives_same_bytes(tmp_path: Path) -> None:
    material = sample_session(tmp_path)
    write_report(tmp_path / "a.html", material)
    write_report(tmp_path / "b.html", material)
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()


def test_page_does_without_what_is_missing(tmp_path: Path) -> None:
    material = sample_session(tmp_path / "there")
    bare = dataclasses.replace(
        material,
        session=tmp_path / "gone",
        keyframes=tmp_path / "gone",
        diagnosis=None,
        diagnosis_after=None,
        takes=(),
        search=SearchLog(nodes=(), ended_by="no_children"),
        record=material.record.model_copy(update={"mix": None, "stems": (), "notes": ()}),
    )
    write_report(tmp_path / "report.html", bare)
    page = Page((tmp_path / "report.html").read_text())
    assert page.open == []
    assert "Nothing fell back" in page.words


def test_spectrogram_is_brightest_where_and_when_the_tone_is(tmp_path: Path) -> None:
    import base64
    import io

    import numpy as np
    from PIL import Image

    time = np.arange(96_000) / 48_000
    tone = np.where(time >= 1, 0.5 * np.sin(2 * np.pi * 1000 * time), 0).astype(np.float32)
    write_wav(tmp_path / "a.wav", tone[None])
    uri = spectrogram(tmp_path / "a.wav", 100, 60)
    image = Image.open(io.BytesIO(base64.b64decode(uri.split(",")[1])))
    shades = np.asarray(image).astype(int)
    assert shades.shape == (60, 100)
    assert shades[:, :48].max() == 0
    row = shades[:, 75].argmax()
    hertz = 20_000 * (40 / 20_000) ** ((row + 0.5) / 60)
    assert 900 < hertz < 1100


@pytest.mark.slow
def test_faults_of_takes_are_shown_with_what_is_left(tmp_path: Path) -> None:
    material = dataclasses.replace(
        sample_session(tmp_path),
        faults=(
            MixFault(MixFaultKind.CLIPPED, "e1_steps", 254.0),
            MixFault(MixFaultKind.TOO_REVERBERANT, "e1_steps", 1.24),
        ),
        faults_left=(MixFault(MixFaultKind.TOO_REVERBERANT, "e1_steps", 0.91),),
    )
    write_report(tmp_path / "report.html", material)
    page = (tmp_path / "report.html").read_text()
    table = page.split("Faults of takes")[1].split("</table>")[0]
    assert "254 samples</td><td>gone" in table
    assert '1.24 s</td><td><b class="doubt">0.91' in table
    write_report(tmp_path / "plain.html", sample_session(tmp_path))
    assert "Faults of takes" not in (tmp_path / "plain.html").read_text()


def test_a_candidate_is_shown_with_what_speaks_against_it(tmp_path: Path) -> None:
    material = sample_session(tmp_path)
    plain = tmp_path / "plain.html"
    write_report(plain, material)
    assert "what speaks against it" not in plain.read_text()
    first = material.search.nodes[0]
    nodes = (first.model_copy(update={"against_s": (1.5,)}), *material.search.nodes[1:])
    shown = replace(
        material,
        search=material.search.model_copy(update={"nodes": nodes}),
        against={first.id: material.observation.shots[0].keyframes[0], "gone": "gone.jpg"},
    )
    page = tmp_path / "page.html"
    write_report(page, shown)
    (row,) = [row for row in page.read_text().split("<tr") if f"<td>{first.id}</td>" in row]
    assert "what speaks against it" in row
    assert 'alt="Frames at 1.5 s"' in row
    assert 'src="data:image/jpeg' in row
    assert page.read_text().count("what speaks against it") == 1
