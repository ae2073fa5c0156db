"""Scripts as programs write them: each is read with the right value, or refused by its name."""

import io
import logging
import zipfile
from fractions import Fraction
from pathlib import Path

import pytest

from foley_designer.core.clip import Clip
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.note import NoteKind
from foley_designer.core.script.screenplay import Element, ElementKind, ScriptScene
from foley_designer.core.settings import Settings
from foley_designer.graph.inputs import design_inputs
from foley_designer.screenplay import OpenedScript, description_notes, open_script
from foley_designer.screenplay.language import language_of
from foley_designer.screenplay.programme import proportion_notes, within

HEADING = "INT. SMITHY - NIGHT"
ACTION = "A hammer strikes an anvil."

RTF = (
    r"{\rtf1\ansi\ansicpg1252\cocoartf2761{\fonttbl\f0\fmodern\fcharset0 Courier;}"
    r"{\colortbl;\red255\green255\blue255;}{\*\expandedcolortbl;;}\margl1440\pard\f0\fs24 \cf0 "
    "INT. SMITHY - NIGHT\\\n\\\n"
    r"A hammer strikes an anvil. {\b Le forgeron} \'e0 l\'92enclume, \u8220?cling\u8221?"
    r" \u-10179?\u-8920?.\par{\header page furniture}{\*\unknown {\deep nonsense}}}"
)
FDX = """<?xml version="1.0" encoding="UTF-8" standalone="no" ?>
<FinalDraft DocumentType="Script" Template="No" Version="6"><Content>{}</Content></FinalDraft>"""


def paragraph(kind: str, text: str, inside: str = "") -> str:
    return f'<Paragraph Type="{kind}">{inside}<Text>{text}</Text></Paragraph>'


@pytest.fixture
def opened(tmp_path: Path):
    def of(name: str, data: str | bytes) -> OpenedScript:
        path = tmp_path / name
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return open_script(path)

    return of


def clip(duration_s: float = 5.0, timecode: str | None = None, rate: str = "25") -> Clip:
    return Clip(
        name="a.mp4",
        sha256="0" * 64,
        width=64,
        height=36,
        rate=Fraction(rate),
        duration_s=duration_s,
        frame_count=round(duration_s * Fraction(rate)),
        timecode=timecode,
    )


def docx_bytes(lines: list[str]) -> bytes:
    docx = pytest.importorskip("docx")
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    data = io.BytesIO()
    document.save(data)
    return data.getvalue()


def pdf_bytes(lines: list[tuple[int, str]]) -> bytes:
    """A page of Courier: columns from the left edge, and text, downwards."""
    text = " ".join(
        f"1 0 0 1 {72 + 7 * column} {720 - 12 * row} Tm ({line}) Tj"
        for row, (column, line) in enumerate(lines)
        if line
    )
    stream = f"BT /F1 12 Tf {text} ET".encode()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R"
        b"/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Courier>>",
    ]
    data, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(data))
        data += b"%d 0 obj%s endobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return (
        data
        + b"xref\n0 6\n0000000000 65535 f \n"
        + table
        + b"trailer<</Root 1 0 R/Size 6>>\nstartxref\n%d\n%%%%EOF\n" % len(data)
    )


@pytest.mark.parametrize("name", ["a.rtf", "a.fountain", "a.txt", "a"])
def test_rtf_is_read_whatever_its_name(opened, name):
    script, notes = opened(name, RTF)
    (scene,) = script.scenes
    assert scene.heading == HEADING
    assert scene.action == f"{ACTION} Le forgeron à l’enclume, “cling” 🔨."
    assert "RTF" in notes[0].text


def test_nested_rtf_is_read_in_one_walk(opened):
    deep = r"{\rtf1 " + "{" * 100_000 + "A door slams." + "}" * 100_000 + "}"
    assert opened("a.rtf", deep).screenplay.scenes[0].action == "A door slams."


def test_html_is_read_by_what_it_shows(opened):
    page = (
        "<html><head><style>p{margin:0}</style><script>hit()</script></head><body>"
        f"<p>{HEADING}</p><p>A hammer <b>strikes</b> an&nbsp;anvil.</p></body></html>"
    )
    script, notes = opened("page.html", page)
    assert (script.scenes[0].heading, script.scenes[0].action) == (HEADING, ACTION)
    assert "HTML" in notes[0].text


def test_word_and_pdf_are_read_by_their_libraries(opened):
    word = opened("word.docx", docx_bytes([HEADING, ACTION, "ANN", "Stop!"]))
    assert word.screenplay.scenes[0].heading == HEADING
    assert ACTION in word.screenplay.scenes[0].action
    pytest.importorskip("pypdf")
    lines = [(60, "12."), (0, HEADING), (0, ""), (0, "A hammer strikes"), (0, "an anvil."), (0, "")]
    lines += [(22, "ANN"), (10, "Stop!"), (0, ""), (30, "(CONTINUED)")]
    pdf = opened("script.pdf", pdf_bytes(lines))
    (scene,) = pdf.screenplay.scenes
    assert (scene.heading, scene.action.replace("\n", " ")) == (HEADING, ACTION)
    assert [e.text for e in scene.elements if e.kind is ElementKind.DIALOGUE] == ["Stop!"]
    assert "PDF" in pdf.notes[0].text


def test_without_the_library_the_line_that_installs_it_is_named(opened, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "pypdf", None)
    with pytest.raises(FoleyError) as caught:
        opened("a.pdf", pdf_bytes([(0, ACTION)]))
    assert caught.value.code is ErrorCode.PART_MISSING
    assert "pip install" in caught.value.hint


def packed(**files: str) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, text in files.items():
            archive.writestr(name.replace("__", "/"), text)
    return data.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.pdf", b"%PDF-1.7\n" + bytes([0, 1, 200]) * 200, "PDF"),
        ("a.docx", packed(word__document="x"), "ZIP"),
        ("a.docx", packed(**{"word__document.xml": "<w/>"}), "damaged Word"),
        ("a.odt", packed(mimetype="application/vnd.oasis.opendocument.text"), "OpenDocument"),
        ("a.txt", b"\xd0\xcf\x11\xe0" + bytes(600), "Word 97"),
        ("a.txt", b"\x89PNG\r\n" + bytes(60), "PNG"),
        ("a.fountain", b"\0\0\0\x18ftypmp42" + bytes(60), "film"),
        ("a.txt", b"\x1f\x8b" + bytes(60), "gzip"),
        ("a.txt", "<?xml version='1.0'?><song/>", "XML"),
        ("a.srt", "A hammer strikes.", "SubRip"),
        ("a.rtf", r"{\rtf1{\pict 0102}}", "RTF without text"),
        ("a.html", "<html><script>1</script></html>", "HTML page without text"),
    ],
)
def test_what_is_no_script_is_refused_by_its_name(opened, name, data, said, caplog):
    pytest.importorskip("docx")
    pytest.importorskip("pypdf")
    with pytest.raises(FoleyError) as caught, caplog.at_level(logging.WARNING):
        opened(name, data)
    assert caught.value.code is ErrorCode.SCRIPT_UNREADABLE
    assert said in caught.value.message
    assert not caplog.records


@pytest.mark.parametrize(
    ("name", "data", "form"),
    [
        ("a.txt", FDX.format(paragraph("Scene Heading", HEADING)), "fdx"),
        ("a.txt", f"WEBVTT\n\n00:00.900 --> 00:02.000\n{ACTION}\n", "vtt"),
        ("a", f"1\n00:00:00,900 --> 00:00:02,000\n{ACTION}\n", "srt"),
        ("a.srt", f"1\n00:00.900 --> 00:02.000\n{ACTION}\n", "srt"),
        ("a.docx", f"{HEADING}\n\n{ACTION}\n", "fountain"),
    ],
)
def test_content_tells_the_form_and_a_wrong_name_is_said(opened, name, data, form):
    script, notes = opened(name, data)
    assert script.format == form
    assert script.scenes
    if name.endswith(".docx"):
        assert "whatever its name says" in notes[0].text
    if form in ("srt", "vtt"):
        assert script.scenes[0].elements[0].start_s == 0.9


def test_headings_of_final_draft_keep_their_text_and_beats_stay_out(opened):
    beats = (
        '<SceneProperties Title="Chase"><SceneArcBeats><CharacterArcBeat Name="TOM"><Paragraph>'
        "<Text>A dog barks in his head.</Text></Paragraph></CharacterArcBeat></SceneArcBeats>"
        "</SceneProperties>"
    )
    first = paragraph("Scene Heading", HEADING, beats) + paragraph("Action", ACTION)
    second = paragraph("Scene Heading", "EXT. STREET - DAY", beats)
    run = paragraph("Action", "Tom runs.")
    script, _ = opened("a.fdx", FDX.format(first + second + run))
    assert [(scene.heading, scene.action) for scene in script.scenes] == [
        (HEADING, ACTION),
        ("EXT. STREET - DAY", "Tom runs."),
    ]


def test_omitted_scenes_notes_and_outlines_of_final_draft_are_silent(opened):
    gone = (
        '<Paragraph Type="Scene Heading"><Text>OMITTED</Text><OmittedScene>'
        + paragraph("Scene Heading", "EXT. YARD - DUSK")
        + paragraph("Action", "A window shatters.")
        + "</OmittedScene></Paragraph>"
    )
    aside = paragraph("Note", "Should the car explode?") + paragraph("Outline 1", "A crash.")
    body = paragraph("Scene Heading", HEADING) + paragraph("Action", ACTION) + gone + aside
    (scene,) = opened("a.fdx", FDX.format(body)).screenplay.scenes
    assert (scene.heading, scene.action) == (HEADING, ACTION)


def test_dual_dialogue_of_final_draft_keeps_kinds_and_pieces(opened):
    pair = "".join(
        paragraph(kind, text)
        for kind, text in (
            ("Character", "ANN"),
            ("Dialogue", "Hit it!"),
            ("Character", "BOB"),
            ("Dialogue", "No!"),
        )
    )
    split = '<Paragraph Type="Action"><Text>A ham</Text><Text>mer</Text><Text> falls.</Text>'
    body = f"<Paragraph><DualDialogue>{pair}</DualDialogue></Paragraph>{split}</Paragraph>"
    (scene,) = opened("a.fdx", FDX.format(body)).screenplay.scenes
    assert [(e.kind.value, e.text) for e in scene.elements] == [
        ("character", "ANN"),
        ("dialogue", "Hit it!"),
        ("character", "BOB"),
        ("dialogue", "No!"),
        ("action", "A hammer falls."),
    ]


def test_marks_of_fountain_keep_what_is_no_action_silent(opened):
    text = (
        "Title: _**BRICK & STEEL**_\nDraft date: 1/20/2012\n\n"
        "# ACT ONE\n\n= A dog barks all day.\n\n"
        f"{HEADING} #12A#\n\n/* A car explodes. */ A hammer [[maybe a\nglass breaks?]] strikes an "
        "/* dog barks */ anvil.\n\n/*\nEXT. PARKING LOT - DAY\n\nA gun fires.\n*/\n\n"
        "~ Thunder rolls and the rain it pours\n\nANN\n(over)\nStop!\n\n"
        "BOB ^\nThe window shatters!\n\n===\n"
    )
    (scene,) = opened("a.fountain", text).screenplay.scenes
    assert scene.heading == HEADING
    assert " ".join(scene.action.split()) == ACTION
    spoken = [e.text for e in scene.elements if e.kind is ElementKind.DIALOGUE]
    assert spoken == ["Thunder rolls and the rain it pours", "Stop!", "The window shatters!"]


def test_styled_captions_and_captions_out_of_order(opened):
    styled = (
        "WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:900000\n\n"
        "STYLE\n::cue { color: lime }\n\n"
        "NOTE a dog barks\nsecond line\n\n1\n00:00.900 --> 00:02.000 align:start position:10%\n"
        f"<c.yellow>{ACTION}</c>\n"
    )
    (scene,) = opened("a.vtt", styled).screenplay.scenes
    assert [(e.text, e.start_s, e.end_s) for e in scene.elements] == [(ACTION, 0.9, 2.0)]
    turned = (
        "2\n00:00:04,000 --> 00:00:02,000\nA glass breaks.\n\n"
        f"1\n00:00:00,900 --> 00:00:02,000\n{ACTION}\n"
    )
    (scene,) = opened("a.srt", turned).screenplay.scenes
    assert [e.start_s for e in scene.elements] == [0.9, 4.0]
    assert all(e.end_s >= e.start_s for e in scene.elements)


@pytest.mark.parametrize("ends", ["\r\n", "\r", "\n"])
@pytest.mark.parametrize("coding", ["utf-16", "utf-8-sig", "cp1252"])
def test_line_ends_and_encodings_of_every_system(opened, ends, coding):
    text = f"{HEADING}\n\nThe café’s hammer strikes.\n".replace("\n", ends)
    (scene,) = opened("a.fountain", text.encode(coding)).screenplay.scenes
    assert (scene.heading, scene.action) == (HEADING, "The café’s hammer strikes.")


@pytest.mark.slow
def test_deep_final_draft_is_read_in_one_walk(opened):
    deep = "<Paragraph>" * 40_000 + "<Text>A door slams.</Text>" + "</Paragraph>" * 40_000
    assert opened("a.fdx", FDX.format(deep)).screenplay.scenes[0].action == "A door slams."


def test_a_title_page_may_have_blank_lines(opened):
    script, notes = opened("a.fountain", "Title: BRICK\n\nCredit: Written by\n\nAuthor: Stu\n")
    assert (script.title, script.scenes) == ("BRICK", ())
    assert "says nothing" in notes[0].text


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("INT. SCHMIEDE - NACHT\n\nEin Hammer schlägt auf den Amboss.", "German"),
        ("INT. FORGE - NUIT\n\nUn marteau frappe l’enclume.", "French"),
        ("Un martillo golpea el yunque y el perro ladra en la calle.", "Spanish"),
        ("ハンマーが金床を叩く。", "Japanese"),
        ("Молот бьёт по наковальне.", "a language in Cyrillic letters"),
        ("No music, no voices, no dog, no rain. Nobody breaks the glass.", "English"),
        ("Das Boot sinks.", None),
        ("🔨 hammer 🔨", None),
        ("", None),
    ],
)
def test_languages(text, language):
    assert language_of(text) == language
    notes = description_notes(text)
    assert bool(notes) is (language not in (None, "English"))


def lines(*starts_s: float) -> ScriptScene:
    return ScriptScene(
        elements=tuple(
            Element(kind=ElementKind.ACTION, text=ACTION, line=1, start_s=s, end_s=s + 1)
            for s in starts_s
        )
    )


@pytest.mark.parametrize(
    ("starts_s", "timecode", "kept_s", "said"),
    [
        ((0.9, 2.9), None, [0.9, 2.9], None),
        ((0.9, 2.9), "01:00:00:00", [0.9, 2.9], None),
        ((3600.9, 3602.9), None, [0.9, 2.9], "01:00:00"),
        ((36000.5, 36009.0), None, [0.5], "10:00:00"),
        ((3599.5, 3600.9), None, [0.0, 0.9], "01:00:00"),
        ((4210.9, 4212.9), "01:10:10:00", [0.9, 2.9], "01:10:10"),
        ((90.0, 95.0), None, [], "2 of 2"),
    ],
)
def test_programme_time_is_taken_off_and_said(starts_s, timecode, kept_s, said):
    scene, notes = within(lines(*starts_s), clip(timecode=timecode))
    assert [e.start_s for e in scene.elements] == pytest.approx(kept_s)
    assert (said is None) is (notes == ())
    assert said is None or said in " ".join(note.text for note in notes)


def test_real_time_of_a_timecode_over_1_001_fits_too():
    here = clip(timecode="01:00:00:00", rate="24000/1001")
    scene, notes = within(lines(3604.5, 3605.6), here)
    assert [e.start_s for e in scene.elements] == pytest.approx([0.9, 2.0])
    assert "01:00:03.600" in notes[0].text


def test_a_script_out_of_proportion_is_said():
    element = Element(kind=ElementKind.ACTION, text="word " * 18_000, line=1)
    (note,) = proportion_notes(ScriptScene(elements=(element,)), clip(2.0))
    assert note.kind is NoteKind.ADVICE
    assert "100 minutes" in note.text and "3,000 times too long" in note.text
    assert not proportion_notes(lines(1.0), clip(2.0))
    short = element.model_copy(update={"text": ACTION})
    assert not proportion_notes(ScriptScene(elements=(short,)), clip(2.0))


def test_a_bad_script_is_refused_before_the_clip_is_looked_at(tmp_path, monkeypatch):
    from odd_clips import write

    monkeypatch.setattr("foley_designer.vision.observe.frames", lambda *_: pytest.fail("looked"))
    film = write(tmp_path / "a.mp4", seconds=0.2)
    script = tmp_path / "a.txt"
    script.write_bytes(b"\x89PNG\r\n" + bytes(60))
    with pytest.raises(FoleyError) as caught:
        design_inputs(film, script, None, Settings())
    assert caught.value.code is ErrorCode.SCRIPT_UNREADABLE
