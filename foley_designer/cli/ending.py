"""How a command ends: one line on standard error and an exit code of the closed set, always."""

import os
import signal
import sqlite3
import sys
from collections.abc import Callable
from types import FrameType
from typing import NoReturn

from foley_designer.core.errors import ErrorCode, ExitCode, FoleyError
from foley_designer.core.files import system_error

_SERVERS = ("mcp", "review", "tools")
"""Commands that run until they are stopped."""
_ENDS = {signal.SIGINT: ExitCode.INTERRUPTED, signal.SIGTERM: ExitCode.TERMINATED}


class Stopped(BaseException):
    """A signal asked the program to end. No `Exception`, so that nothing on the way keeps it.

    Args:
        code: the exit code of that signal.
    """

    def __init__(self, code: ExitCode) -> None:
        super().__init__(code)
        self.code = code


def run(command: Callable[[], object]) -> None:
    """Run a command and end the process as it deserves."""
    for number in _ENDS:
        signal.signal(number, _stop)
    try:
        _check_arguments()
        command()
    except Stopped as stopped:
        _leave(stopped.code)
    except KeyboardInterrupt:
        _leave(ExitCode.INTERRUPTED)
    except FoleyError as error:
        _fail(str(error), error.exit_code)
    except sqlite3.Error as error:
        known = FoleyError(
            ErrorCode.SYSTEM_REFUSED,
            f"A database can't be used: {error}.",
            "Free space, check rights, and give the same command again.",
        )
        _fail(str(known), known.exit_code)
    except SystemExit as ended:
        if isinstance(ended.__context__, BrokenPipeError):  # whoever read has seen enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(ExitCode.OK)
        raise
    except OSError as error:
        refused = system_error(error)
        _fail(str(refused), refused.exit_code)
    except MemoryError:
        refused = system_error(OSError(12, "not enough memory"))
        _fail(str(refused), refused.exit_code)
    except Exception as error:
        if os.environ.get("FOLEY_DEBUG"):
            raise
        line = " ".join(str(error).split())[:300]
        _fail(
            f"Unexpected {type(error).__name__}: {line} "
            "Set FOLEY_DEBUG=1 to see where, and report it.",
            ExitCode.INTERNAL,
        )


def _stop(number: int, _: FrameType | None) -> None:
    for one in _ENDS:
        signal.signal(one, lambda again, _: os._exit(_ENDS[signal.Signals(again)]))
    raise Stopped(_ENDS[signal.Signals(number)])


def _check_arguments() -> None:
    """Refuse arguments that are no text: they could be neither kept nor shown.

    Raises:
        FoleyError: ``option_invalid``.
    """
    for argument in sys.argv[1:]:
        try:
            argument.encode()
        except UnicodeEncodeError as error:
            shown = argument.encode(errors="backslashreplace").decode()
            raise FoleyError(
                ErrorCode.OPTION_INVALID,
                f"{shown} is not UTF-8.",
                "Rename the file or folder.",
            ) from error


def _leave(code: ExitCode) -> NoReturn:
    """Say how to go on and end at once: whatever was finished is on disk, whole."""
    serving = any(name in _SERVERS for name in sys.argv[1:2])
    words = (
        "Stopped." if serving else "Interrupted; finished work is kept. The same command goes on."
    )
    print(f"foley-designer: {words}", file=sys.stderr, flush=True)  # noqa: T201
    os._exit(code)


def _fail(line: str, code: ExitCode) -> NoReturn:
    print(f"foley-designer: {line}", file=sys.stderr, flush=True)  # noqa: T201
    sys.exit(code)
