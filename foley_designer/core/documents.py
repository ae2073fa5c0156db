"""Documents outlive a process: strict, frozen, canonical JSON, content hashes, schema versions."""

import hashlib
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Generic, NamedTuple, Self, TypeVar, cast

from pydantic import BaseModel, ConfigDict, ValidationError

from foley_designer.core.errors import ErrorCode, FoleyError
from foley_designer.core.reading import UnreadableError, read_json


class Part(BaseModel):
    """A frozen piece of a document: unknown fields, NaN and infinity are refused."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        allow_inf_nan=False,
        defer_build=True,  # a command uses few of them; each is built when it is first needed
    )


def canonical_json(value: Any, *, indent: int | None = None) -> str:
    """JSON with sorted keys, fixed separators and a final newline: equal values, equal bytes.

    Without an indent it is one line, which the encoder in C writes a hundred times faster.
    """
    separators = (",", ":") if indent is None else None
    text = json.dumps(
        value,
        sort_keys=True,
        indent=indent,
        separators=separators,
        ensure_ascii=False,
        allow_nan=False,
    )
    return text + "\n"


def content_hash(*values: Any) -> str:
    """SHA-256 (hex, 64 characters) over the canonical JSON of validated values.

    Parts hash by their validated content, so ``0`` and ``0.0`` in one float field agree.
    """
    digest = hashlib.sha256()
    for value in values:
        plain = value.model_dump(mode="json") if isinstance(value, BaseModel) else value
        digest.update(canonical_json(plain).encode())
    return digest.hexdigest()


class Document(Part):
    """A file of its own: carries ``schema_version`` and knows how to read its older forms.

    Subclasses set ``SCHEMA`` (for example ``foley-script``) and ``VERSION``; ``UPGRADES`` maps a
    version to the function that turns its plain form into the next version's.
    """

    SCHEMA: ClassVar[str]
    VERSION: ClassVar[int] = 1
    UPGRADES: ClassVar[dict[int, Callable[[dict[str, Any]], dict[str, Any]]]] = {}

    def to_json(self, *, indent: int | None = 1) -> str:
        """Canonical JSON with schema name and version; for people unless ``indent`` is None."""
        head = {"schema": self.SCHEMA, "schema_version": self.VERSION}
        return canonical_json(head | self.model_dump(mode="json"), indent=indent)

    @property
    def hash(self) -> str:
        """Content hash (hex) of the document with its schema version."""
        return content_hash(self.SCHEMA, self.VERSION, self)

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """Read and, where the file is older, upgrade.

        Raises:
            FoleyError: ``document_invalid`` with the first problem's place, or
                ``document_too_new`` for a version this program does not know.
        """
        try:
            data = read_json(text)
        except UnreadableError as error:
            raise FoleyError(ErrorCode.DOCUMENT_INVALID, f"{error}.") from error
        return cls.from_plain(data)

    @classmethod
    def from_plain(cls, data: Any) -> Self:
        """As `from_json`, from values that JSON was read to."""
        if not isinstance(data, dict) or data.get("schema") != cls.SCHEMA:
            raise FoleyError(ErrorCode.DOCUMENT_INVALID, f"Not a {cls.SCHEMA} document.")
        version = data.get("schema_version")
        if type(version) is not int or version < 1:
            raise FoleyError(ErrorCode.DOCUMENT_INVALID, f"{cls.SCHEMA} has no schema_version.")
        if version > cls.VERSION:
            raise FoleyError(
                ErrorCode.DOCUMENT_TOO_NEW,
                f"{cls.SCHEMA} version {version} is newer than {cls.VERSION}.",
                "Update foley-designer.",
            )
        plain = {key: data[key] for key in data if key not in ("schema", "schema_version")}
        try:
            for step in range(version, cls.VERSION):
                plain = cls.UPGRADES[step](plain)
            return cls.model_validate(plain)
        except ValidationError as error:
            raise FoleyError(ErrorCode.DOCUMENT_INVALID, describe(error, cls.SCHEMA)) from error
        except (LookupError, TypeError, AttributeError, ValueError) as error:
            raise FoleyError(
                ErrorCode.DOCUMENT_INVALID, f"{cls.SCHEMA} version {version} is not of that form."
            ) from error


D = TypeVar("D", bound=Document)


class Holds(NamedTuple):
    """Says of a text that it is the hash of such a document."""

    kind: type[Document]


if TYPE_CHECKING:

    class Ref(str, Generic[D]):
        """Hash of a stored document of one kind: what state, log and record hold in its place."""

else:

    class Ref:
        """At run time a reference is the hash, a plain text; its kind is an annotation."""

        def __class_getitem__(cls, kind: type[Document]) -> object:
            return Annotated[str, Holds(kind)]


def ref(kind: type[D], digest: str) -> "Ref[D]":  # noqa: ARG001 - the kind is for the reader
    """A hash that a file holds, as a reference; reading it says if it is another kind's."""
    return cast("Ref[D]", digest)


def describe(error: ValidationError, subject: str) -> str:
    """The first validation problems in one line: where, what, and the value that was given."""
    problems = error.errors(include_url=False)
    parts = [
        f"{'.'.join(str(step) for step in problem['loc']) or subject}: {problem['msg']}"
        for problem in problems[:3]
    ]
    more = f" (+{len(problems) - 3} more)" if len(problems) > 3 else ""
    return f"{subject} is not valid: {'; '.join(parts)}{more}."
