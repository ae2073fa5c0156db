"""foley_film: films as jobs, their scenes as sessions that the other tools take."""

import time
from pathlib import Path

import anyio
import pytest
from drawn_film import drawn_film
from mcp import Client

from foley_designer.assistant.paths import Place, named
from foley_designer.assistant.server import build_server
from foley_designer.core.errors import ErrorCode, FoleyError


def asked(server, name, **arguments):
    """The tool's structured answer."""

    async def main():
        async with Client(server) as client:
            return await client.call_tool(name, arguments)

    return anyio.run(main)


@pytest.fixture
def server(tmp_path):
    (tmp_path / "clips").mkdir()
    return build_server((tmp_path / "clips",), tmp_path / "out")


def test_scenes_and_reels_are_sessions_of_their_film(tmp_path):
    place = Place((tmp_path,), tmp_path / "out")
    scene = place.session("night/r1v2s3")
    assert scene.root == tmp_path / "out" / "night" / "scenes" / "r1v2s3"
    assert named(scene) == "night/r1v2s3"
    assert named(place.session("night/reel2")) == "night/reel2"
    for name in ("night/../x", "night/scenes", "night/r1s3/x", "/r1s1"):
        with pytest.raises(FoleyError) as caught:
            place.session(name)
        assert caught.value.code is ErrorCode.PATH_NOT_ALLOWED


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"action": "status"}, "session_not_found"),
        ({"action": "make"}, "option_invalid"),
        ({"action": "conform"}, "option_invalid"),
        ({"action": "make", "reels": ["none.mp4"]}, "clip_not_found"),
    ],
)
def test_what_can_not_be_done_is_told_at_once(server, arguments, code):
    answer = asked(server, "foley_film", film="night", **arguments)
    assert answer.is_error
    assert code in answer.content[0].text


@pytest.mark.slow
def test_a_film_is_made_wished_at_and_listened_to(server, tmp_path, monkeypatch):
    for name in ("BRANCHING", "DEPTH", "TAKES"):
        monkeypatch.setenv(f"FOLEY_{name}", "1")
    drawn_film(tmp_path / "clips")

    def done(**arguments):
        job = asked(server, "foley_film", film="night", **arguments).structured_content
        until = time.monotonic() + 240
        while time.monotonic() < until:
            told = asked(server, "foley_job_wait", job_id=job["job_id"]).structured_content
            if told["state"] != "running":
                assert told["state"] == "done", told
                return told
        raise AssertionError("the job does not end")

    told = done(action="make", reels=["reel.mp4"], script_path="film.fountain")
    assert told["answer"]["scenes"] == 2
    assert told["answer"]["failed"] == {}
    stands = asked(server, "foley_film", film="night", action="status").structured_content
    assert [scene["state"] for scene in stands["scenes"]] == ["done", "done"]
    first = stands["scenes"][0]["session"]
    heard = asked(server, "foley_listen", session=first)
    assert not heard.is_error
    told = done(action="wish", wish="01:00:01:00 glass breaks")
    script = asked(server, "foley_script_get", session=first)
    assert "glass breaks" in str(script.structured_content)
    assert Path(tmp_path / "out" / "night" / "reels" / "reel1" / "film_report.html").is_file()
