"""What a design belongs to: the hashes of its files and the settings that decide what comes out."""

from pathlib import Path

from foley_designer.core.choices import DECISIVE
from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.files import expanded, file_hash
from foley_designer.core.script.scenes_file import read_scenes
from foley_designer.core.script.spotting import Spotting
from foley_designer.core.session.session_record import DesignInputs
from foley_designer.core.settings import Settings
from foley_designer.graph.contents import contents
from foley_designer.screenplay import open_script
from foley_designer.vision.video.decode import open_clip


def design_inputs(
    clip: Path,
    script: Path | None,
    description: str | None,
    settings: Settings,
    spotting: Path | None = None,
    scenes: Path | None = None,
) -> DesignInputs:
    """The inputs with the hashes of their files, and of what the settings lead to.

    All are opened, so that what can't be read is said before the clip is looked at.

    Raises:
        FoleyError: as `open_clip` and `open_script`; ``document_invalid`` for scenes or
            a spotting that can't be read; ``option_invalid`` for images that the tools' machine
            doesn't have; as `contents`.
    """
    clip = expanded(clip).absolute()
    opened = open_clip(clip, settings.frame_rate)
    if settings.tools_url and not settings.tools_share_folders and not clip.is_file():
        raise FoleyError(
            ErrorCode.OPTION_INVALID,
            "A sequence of images isn't sent to a tool server.",
            "Share the folders (FOLEY_TOOLS_SHARE_FOLDERS), or make a film of the images.",
        )
    if script is not None:
        script = expanded(script).absolute()
        open_script(script)
    if spotting is not None:
        spotting = expanded(spotting).absolute()
    if scenes is not None:
        scenes = expanded(scenes).absolute()
        read_scenes(scenes)
    return DesignInputs(
        clip_path=str(clip),
        clip_sha256=opened.clip.sha256,
        script_path=str(script) if script else None,
        script_sha256=file_hash(script) if script else None,
        description=description or None,
        spotting_path=str(spotting) if spotting else None,
        spotting_sha256=_spotting_hash(spotting) if spotting else None,
        scenes_path=str(scenes) if scenes else None,
        scenes_sha256=file_hash(scenes) if scenes else None,
        settings=settings.model_dump(mode="json", include=set(DECISIVE)),
        contents=contents(settings),
    )


def _spotting_hash(path: Path) -> str:
    """Hash of a spotting's file, which is read so that a slip is told before work begins."""
    if not path.is_file():
        raise FoleyError(
            ErrorCode.DOCUMENT_INVALID,
            f"No spotting at {path}.",
            "Make one with: foley-designer spot CLIP --out DIR.",
        )
    Spotting.from_json(path.read_bytes())
    return file_hash(path)
