"""An operation as the command a person would type. Pure but for looking the operation up."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping, Sequence
from typing import Any

from escher.apis import catalogue
from escher.apis.catalogue import OperationSpec
from escher.apis.cli_spelling import typed
from escher.apis.flags import Flag
from escher.apis.shapes import Shape
from escher.contract.plan import Operation
from escher.errors import InvalidInput

# What the CLI would not take as it stands: it reads files and addresses, options, JSON, and it splits at blanks.
_MISREAD = re.compile(r"^(-|\[|\{|\s|$)|^(file|fileb|http|https)://", re.IGNORECASE)


def command_line(operation: Operation, region: str, account_profile: str = "") -> str:
    """`aws ec2 stop-instances --region us-east-1 --instance-ids i-1 i-2`, quoted for a shell.

    Parameters that no flag can carry as they are go into `--cli-input-json`. Raises InvalidInput for an operation that
    the provider does not have. Azure's and GCP's have no region; their ids say where things are.
    """
    if operation.provider != "aws":
        return typed(operation)
    spec = catalogue.operation(operation.provider, operation.service, operation.operation)
    if spec is None:
        raise InvalidInput(f"{operation.provider} has no operation {operation.service} {operation.operation}.")
    words = ["aws", spec.service, *spec.operation.split(" ")]
    words += ["--profile", account_profile] if account_profile else []
    words += ["--region", region] if region else []
    rest: dict[str, Any] = {}
    for name, value in operation.parameters.items():
        text = _flag_words(spec, name, value)
        if text is None:
            rest[name] = value
        else:
            words += text
    words += ["--cli-input-json", _json(rest)] if rest else []
    return shlex.join(words)


def _flag_words(spec: OperationSpec, name: str, value: Any) -> list[str] | None:
    """The flag of one parameter with its words; None when a flag cannot carry it."""
    shape = spec.parameters.get(name)
    if shape is None:
        return None
    if name == spec.positional:
        return _words(shape, value)
    flag = _flag_of(spec, name, value if shape.type == "boolean" else None)
    if flag is None:
        return None
    if shape.type == "boolean":
        return [f"--{flag}"]
    words = _words(shape, value)
    return None if words is None else [f"--{flag}", *words]


def _flag_of(spec: OperationSpec, name: str, value: object) -> str | None:
    wanted = Flag(name, value=value if isinstance(value, bool) else None)
    return next((flag for flag, sets in spec.flags.items() if sets == wanted), None)


def _words(shape: Shape, value: Any) -> list[str] | None:
    if shape.type in ("structure", "map", "document", "json"):
        return [_json(value)]
    if shape.type != "list":
        return _scalars([value])
    if not isinstance(value, Sequence) or isinstance(value, str):
        return None
    if shape.element.scalar and value:
        return _scalars(value)
    return [_json(value)]


def _scalars(values: Sequence[Any]) -> list[str] | None:
    words = [str(value) for value in values]
    return (
        None
        if any(isinstance(v, bool | Mapping | list) or _MISREAD.search(w) for v, w in zip(values, words, strict=True))
        else words
    )


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
