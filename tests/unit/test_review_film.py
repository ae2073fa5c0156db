"""The page of a film: its scenes, each a session, and what is doubtful in them."""

import json

import pytest
from sample_session import finished_session
from starlette.testclient import TestClient

from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.script.foley_script import FoleyScript
from foley_designer.core.session.session import Session
from foley_designer.core.settings import Settings
from foley_designer.film.folder import FilmFolder
from foley_designer.film.model import DesignedScene, Film, Piece, Reel
from foley_designer.review.film import FilmReview, film_view, some_scene
from foley_designer.review.server import is_film


@pytest.fixture
def film(tmp_path):
    """A film whose first scene is designed and whose second one is not."""
    root = tmp_path / "night"
    folder = FilmFolder(root)
    finished_session(root / "scenes" / "r1s1")
    folder.picture("r1s1").write_bytes(b"picture")
    session = Session(root / "scenes" / "r1s1")
    record = session.finished()
    script = session.get(FoleyScript, record.documents["script"])
    first = script.events[0]
    hits = (first.hits[0].model_copy(update={"confidence": 0.2}), *first.hits[1:])
    doubtful = script.model_copy(
        update={"events": (first.model_copy(update={"hits": hits}), *script.events[1:])}
    )
    documents = dict(record.documents) | {"script": session.put(doubtful)}
    session.save(record.model_copy(update={"documents": documents}))
    clip = script.clip
    scenes = tuple(
        DesignedScene(id=key, title=title, place="yard", path="", clip=clip, first=0, last=200)
        for key, title in (("r1s1", "EXT. YARD"), ("r1s2", "INT. HALL"))
    )
    long = clip.model_copy(update={"frame_count": 400, "duration_s": 16.0})
    pieces = tuple(
        Piece(scene=one.id, first=0, last=200, at=200 * n) for n, one in enumerate(scenes)
    )
    with folder.lock():
        folder.commit(
            Film(
                title="Night",
                reels=(Reel(number=1, path="", clip=long, pieces=pieces),),
                scenes=scenes,
            )
        )
    return folder, hits[0].time_s


def test_the_view_tells_where_scenes_play_and_what_is_doubtful(film):
    folder, time_s = film
    first, second = film_view(folder)["scenes"]
    assert (first["tc"], first["left"], first["width"], first["designed"]) == (
        "01:00:00:00",
        0.0,
        0.5,
        True,
    )
    assert round(time_s, 3) in first["doubtful"]
    assert (second["tc"], second["designed"], second["doubtful"]) == ("01:00:08:00", False, [])
    assert is_film(folder.root)


def test_a_scene_is_a_session_under_its_own_address(film):
    folder, _ = film
    client = TestClient(FilmReview(folder.root, Settings()).app(), base_url="http://127.0.0.1")
    page = client.get("/")
    assert str(page.url).endswith("/s/r1s1/")
    assert 'id="film-scenes"' in page.text
    assert client.get("/api/film").json()["title"] == "Night"
    assert client.get("/s/r1s1/api/session").json()["of_film"] == "r1s1"
    assert client.get("/s/r1s1/picture").content == b"picture"
    assert client.get("/s/r1s1/page/film.js").status_code == 200
    for path in ("/s/r1s2/", "/s/none/", "/s/..%2f..%2fx/", "/s/r1s1"):
        assert client.get(path).status_code == 404


def test_a_film_without_a_designed_scene_says_what_to_do(film):
    folder, _ = film
    plain = json.loads(folder.film_file.read_text())
    plain["reels"][0]["pieces"] = plain["reels"][0]["pieces"][1:]
    folder.film_file.write_text(json.dumps(plain))
    with pytest.raises(FoleyError) as caught:
        some_scene(folder.root)
    assert caught.value.code is ErrorCode.SESSION_NOT_FOUND
