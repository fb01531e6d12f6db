"""The last look before anything leaves: schema, size, and a scan of every text for what must never be in it.

Masking should leave nothing to find here. What is found blocks the request and names the field, never the value.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from pydantic import ValidationError

from escher.context import patterns
from escher.context.exposure import is_exposed
from escher.context.known import KnownWords
from escher.contract.context import LIMIT_BYTES, RequestContext
from escher.contract.environments import canonical_environment
from escher.errors import ForbiddenContent

_SMALLEST_CLASS = 2048
# Made by us, random, and of a shape that the scan would take for an id.
_OWN_FIELDS = frozenset(("message_id", "padding"))
_SHAPES = (
    *((pattern, "a credential") for pattern in (*patterns.SECRETS, patterns.OPAQUE)),
    *((pattern, "an identifier or address") for pattern, _ in (*patterns.STRUCTURED, *patterns.LOOSE)),
    (patterns.HOSTS, "a host name"),
)
_HINT = "Say it in other words; `escher context` shows what would be sent."


def wire_bytes(context: RequestContext) -> bytes:
    """The exact bytes of a context on the wire."""
    return context.model_dump_json().encode()


def padded(context: RequestContext) -> RequestContext:
    """The context with spaces up to the next size class (2, 4, 8 … KiB), so that its length tells little."""
    bare = context.model_copy(update={"padding": ""})
    size = len(wire_bytes(bare))
    wanted = _SMALLEST_CLASS
    while wanted < size:
        wanted *= 2
    return bare.model_copy(update={"padding": " " * (min(wanted, LIMIT_BYTES) - size)})


def check(context: RequestContext, known: KnownWords, credentials: Iterable[str] = ()) -> bytes:
    """The bytes to send. Raises ForbiddenContent when the context breaks the contract, or holds a secret."""
    data = wire_bytes(context)
    if len(data) > LIMIT_BYTES:
        raise ForbiddenContent(
            f"the request is larger than {LIMIT_BYTES // 1024} KiB, so it was not sent.", hint="Ask a shorter question."
        )
    try:
        RequestContext.model_validate_json(data)
    except ValidationError as cause:
        fields = ", ".join(".".join(map(str, error["loc"])) for error in cause.errors(include_input=False))
        raise ForbiddenContent(
            f"the request does not fit the contract in {fields}, so it was not sent.", hint=_HINT
        ) from None
    for field, text in _texts("", context.model_dump(mode="json")):
        _refuse(field, text, tuple(credentials))
    _refuse_own_words(context, known)
    return data


def _texts(path: str, node: object) -> Iterator[tuple[str, str]]:
    """Every text of a JSON document with the path of its field."""
    if isinstance(node, str):
        yield path, node
    elif isinstance(node, Mapping):
        for key, value in node.items():  # pyright: ignore[reportUnknownVariableType]
            if key not in _OWN_FIELDS:
                yield from _texts(f"{path}.{key}".lstrip("."), value)  # pyright: ignore[reportUnknownArgumentType]
    elif isinstance(node, Sequence):
        for at, value in enumerate(node):  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
            yield from _texts(f"{path}[{at}]", value)  # pyright: ignore[reportUnknownArgumentType]


def _refuse(field: str, text: str, credentials: Sequence[str]) -> None:
    found = next((what for pattern, what in _SHAPES if pattern.search(text)), None)
    if any(value and value in text for value in credentials):
        found = "a credential of this session"
    if found is not None:
        raise _forbidden(field, found)


def _refuse_own_words(context: RequestContext, known: KnownWords) -> None:
    """Free text may hold no word of the estate; the other fields are closed lists, but for environments."""
    turns = ((f"history[{at}].content", turn.content) for at, turn in enumerate(context.history))
    for field, text in (("prompt", context.prompt), *turns):
        if is_exposed(text, known):
            raise _forbidden(field, "a name, id or tag value of yours")
    environments = {one.environment for one in context.resources} | {one.value for one in context.summary.environments}
    if any(name and canonical_environment(name) != name for name in environments):
        raise _forbidden("environments", "a value outside the allow-list")


def _forbidden(field: str, what: str) -> ForbiddenContent:
    return ForbiddenContent(f"the field {field} would have held {what}, so nothing was sent.", hint=_HINT)
