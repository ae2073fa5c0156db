"""``scenes.yaml``: a film's scenes and their words in a file that a person reads and edits."""

from pathlib import Path

from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.reading import UnreadableError, read_yaml
from foley_designer.core.script.scene import SceneMap, SettledBy

FILE = "scenes.yaml"
BEFORE = "scenes.before.yaml"
"""Where a design that is given no scenes puts the file that was there."""
PENDING = "scenes.pending"
"""Beside the session's documents: its scenes were corrected, and wait to be designed."""
MAX_BYTES = 4 * 1024 * 1024
_HEAD = """\
# Scenes of the film, in order and without gaps. Move a boundary (end_s of one scene and start_s of
# the next), a line of text to another scene, or give two scenes one place; then design again with
# --scenes and this file. Scenes with place 0 are black or titles and stay silent.
"""


def to_yaml(scenes: SceneMap) -> str:
    """The file's text; what has its usual value is left out."""
    import yaml  # noqa: PLC0415 - 30 ms

    plain = scenes.model_dump(mode="json", exclude_defaults=True, exclude={"notes"})
    head = {"schema": SceneMap.SCHEMA, "schema_version": SceneMap.VERSION}
    return _HEAD + yaml.safe_dump(head | plain, sort_keys=False, allow_unicode=True, width=100)


def read_scenes(path: Path) -> SceneMap:
    """Read the file; what it says counts as a person's word.

    Raises:
        FoleyError: ``document_invalid`` with the place of what is wrong.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise UnreadableError("larger than 4 MiB")
        data = read_yaml(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise FoleyError(
            ErrorCode.DOCUMENT_INVALID,
            f"No scenes at {path}.",
            "A design of a film of several scenes writes scenes.yaml into its folder.",
        ) from error
    except (UnreadableError, UnicodeDecodeError) as error:
        raise FoleyError(ErrorCode.DOCUMENT_INVALID, f"{path.name}: {error}.") from error
    read = SceneMap.from_plain(data)
    return read.model_copy(
        update={
            "scenes": tuple(
                scene.model_copy(update={"settled_by": SettledBy.PERSON, "confidence": 1.0})
                for scene in read.scenes
            )
        }
    )
