"""The command line in processes that begin with the program imported, as its tests have many.

One process imports the program once and forks for every command: arguments, environment, streams,
signals and the end are a process's own, and only the imports are not done again. That they work
from nothing is tested where a command is started afresh (``test_cli_help``, ``test_cli_ending``).
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

HEAVY = (
    "cv2",
    "foley_designer.agents.reviser.rules",
    "foley_designer.api.revisions",
    "foley_designer.cli.progress",
    "foley_designer.cli.summary",
    "foley_designer.dsp.effects.treat",
    "foley_designer.dsp.features",
    "foley_designer.dsp.level.master",
    "foley_designer.dsp.spatial.upmix",
    "foley_designer.export.bundle",
    "foley_designer.export.session.otio",
    "foley_designer.generator.registry",
    "foley_designer.generator.synth.play",
    "foley_designer.generator.takes",
    "foley_designer.graph.build",
    "foley_designer.graph.checkpoints",
    "foley_designer.graph.revise",
    "foley_designer.metrics.heard_as",
    "foley_designer.vision.observe",
    "foley_designer.vision.place.reader",
    "foley_designer.vision.video.sheets",
    "langchain_core.tracers",
    "scipy.optimize",
    "scipy.signal",
    "soundfile",
)
"""What commands load when they need it."""


class Forker:
    """Runs commands in forks of one process, which begins with the first of them."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        self._home = tempfile.TemporaryDirectory()

    def run(
        self, arguments: Sequence[str], env: Mapping[str, str]
    ) -> subprocess.CompletedProcess[str]:
        """Run ``foley-designer`` with these arguments to its end."""
        with tempfile.TemporaryDirectory() as folder:
            told, said = Path(folder) / "out", Path(folder) / "err"
            order = {
                "arguments": list(arguments),
                "env": dict(env),
                "out": str(told),
                "err": str(said),
            }
            code = self._code(order)
            return subprocess.CompletedProcess(
                list(arguments), code, told.read_text(), said.read_text()
            )

    def close(self) -> None:
        """End the process that forks."""
        if self._process is not None:
            assert self._process.stdin is not None
            self._process.stdin.close()
            self._process.wait(timeout=20)
        self._home.cleanup()

    def _code(self, order: dict[str, object]) -> int:
        if self._process is None:
            kept = {k: v for k, v in os.environ.items() if not k.startswith(("FOLEY_", "OPENAI_"))}
            self._process = subprocess.Popen(
                [sys.executable, __file__],
                env=kept | {"HOME": self._home.name},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


def _serve() -> None:
    """Fork for every line of standard input; return in each child, end at the last line."""
    for line in iter(sys.stdin.readline, ""):
        order = json.loads(line)
        child = os.fork()
        if not child:
            _become(order)
            return
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()
    os._exit(0)


def _become(order: dict[str, object]) -> None:
    """Take a command's arguments, environment and streams."""
    os.environ.clear()
    os.environ.update(order["env"])  # type: ignore[call-overload]
    sys.argv = ["foley-designer", *order["arguments"]]  # type: ignore[misc]
    for number, place, flags in (
        (0, os.devnull, os.O_RDONLY),
        (1, str(order["out"]), os.O_WRONLY | os.O_CREAT),
        (2, str(order["err"]), os.O_WRONLY | os.O_CREAT),
    ):
        opened = os.open(place, flags, 0o600)
        os.dup2(opened, number)
        os.close(opened)
    sys.stdin = open(0)  # noqa: SIM115


if __name__ == "__main__":
    from importlib import import_module

    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    for name in HEAVY:
        import_module(name)
    from foley_designer.cli.main import main

    _serve()
    main()
