"""One error family: a closed set of codes, each with an exit code and a way out."""

import unicodedata
from enum import IntEnum, StrEnum


class ExitCode(IntEnum):
    """What the command line returns; the set is closed and documented in the README."""

    OK = 0
    INTERNAL = 1
    USAGE = 2
    MISSING_PART = 3
    BAD_INPUT = 4
    NEEDS_REVIEW = 5
    PARTIAL = 6
    SYSTEM = 7
    INTERRUPTED = 130
    TERMINATED = 143


class ErrorCode(StrEnum):
    """Every anticipated failure. Models and programs act on these, people on the hint."""

    CLIP_NOT_FOUND = "clip_not_found"
    CLIP_UNREADABLE = "clip_unreadable"
    CLIP_EMPTY = "clip_empty"
    CLIP_WITHOUT_VIDEO = "clip_without_video"
    CLIP_TOO_LARGE = "clip_too_large"
    SCRIPT_NOT_FOUND = "script_not_found"
    SCRIPT_UNREADABLE = "script_unreadable"
    SCRIPT_TOO_LARGE = "script_too_large"
    SOUND_UNREADABLE = "sound_unreadable"
    DOCUMENT_INVALID = "document_invalid"
    DOCUMENT_TOO_NEW = "document_too_new"
    SESSION_NOT_FOUND = "session_not_found"
    SESSION_BUSY = "session_busy"
    SESSION_DAMAGED = "session_damaged"
    SESSION_MISMATCH = "session_mismatch"
    REVISION_INVALID = "revision_invalid"
    REVISION_UNCLEAR = "revision_unclear"
    REVISION_CONFLICT = "revision_conflict"
    OUTPUT_NOT_WRITABLE = "output_not_writable"
    DISK_FULL = "disk_full"
    SYSTEM_REFUSED = "system_refused"
    PATH_NOT_ALLOWED = "path_not_allowed"
    OPTION_INVALID = "option_invalid"
    CONFIG_INVALID = "config_invalid"
    PART_MISSING = "part_missing"
    PROMPT_INVALID = "prompt_invalid"
    CARD_INVALID = "card_invalid"
    MODEL_FAILED = "model_failed"
    BUDGET_SPENT = "budget_spent"
    TOOL_FAILED = "tool_failed"
    NEEDS_REVIEW = "needs_review"


_EXIT_CODES = {
    ErrorCode.OPTION_INVALID: ExitCode.USAGE,
    ErrorCode.CONFIG_INVALID: ExitCode.USAGE,
    ErrorCode.PART_MISSING: ExitCode.MISSING_PART,
    ErrorCode.MODEL_FAILED: ExitCode.MISSING_PART,
    ErrorCode.NEEDS_REVIEW: ExitCode.NEEDS_REVIEW,
    ErrorCode.REVISION_UNCLEAR: ExitCode.NEEDS_REVIEW,
    ErrorCode.REVISION_CONFLICT: ExitCode.SYSTEM,
    ErrorCode.BUDGET_SPENT: ExitCode.PARTIAL,
    ErrorCode.TOOL_FAILED: ExitCode.PARTIAL,
    ErrorCode.SESSION_BUSY: ExitCode.SYSTEM,
    ErrorCode.OUTPUT_NOT_WRITABLE: ExitCode.SYSTEM,
    ErrorCode.DISK_FULL: ExitCode.SYSTEM,
    ErrorCode.SYSTEM_REFUSED: ExitCode.SYSTEM,
}


_REORDERING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Marks that show text in another order than it is (Unicode Standard Annex 9)."""


def one_line(text: str) -> str:
    """Text as one line that moves no cursor: breaks are spaces, what has no shape is escaped.

    Names of files and words of scripts end up in messages, and a terminal obeys what they hold.
    """
    if text.isprintable():
        return text
    return "".join(map(_shown, text))


def _shown(character: str) -> str:
    if character in "\n\r\t\v\f\u2028\u2029\x85":
        return " "
    if unicodedata.category(character) in ("Cc", "Cs") or character in _REORDERING:
        return character.encode("unicode_escape", "backslashreplace").decode()
    return character


class FoleyError(RuntimeError):
    """An anticipated failure.

    It is a `RuntimeError` because what serves a graph over HTTP passes on the text of Python's own
    errors alone, and hides all others.

    Args:
        code: which failure, from the closed set.
        message: what happened, one sentence, with the value that was wrong.
        hint: what to do about it, one sentence.
    """

    def __init__(self, code: ErrorCode, message: str, hint: str = "") -> None:
        super().__init__(one_line(message))
        self.code = code
        self.message = one_line(message)
        self.hint = one_line(hint)

    def __reduce__(self) -> tuple[type["FoleyError"], tuple[ErrorCode, str, str]]:
        """How it comes back from another process."""
        return type(self), (self.code, self.message, self.hint)

    @property
    def exit_code(self) -> ExitCode:
        """The exit code of the command line for this failure."""
        return _EXIT_CODES.get(self.code, ExitCode.BAD_INPUT)

    def __str__(self) -> str:
        """One line: message, hint and code."""
        hint = f" {self.hint}" if self.hint else ""
        return f"{self.message}{hint} [{self.code}]"
