"""Write the commands of gcloud into `data/gcp.zip`: `PYTHON -m escher.apis.build_gcloud`, with gcloud's own Python.

    CLOUDSDK=…/google-cloud-sdk PYTHONPATH=. $CLOUDSDK/platform/bundledpythonunix/bin/python3 -m escher.apis.build_gcloud

A tool for developers; nothing imports it. Every command's own parser is asked for its options, of all release tracks;
help texts are left out, and so are hidden commands. The part of `escher.apis.build_google` is kept.
"""

# pyright: reportPrivateUsage=false, reportMissingImports=false, reportUnknownVariableType=false
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false
# gcloud is not in the project's environment, and its commands keep their parsers in protected attributes.

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections.abc import Iterator, Mapping
from typing import Any

sys.path.insert(0, f"{os.environ['CLOUDSDK']}/lib/third_party")
sys.path.insert(0, f"{os.environ['CLOUDSDK']}/lib")
os.environ |= {"CLOUDSDK_CONFIG": tempfile.mkdtemp(), "CLOUDSDK_CORE_DISABLE_PROMPTS": "1"}

from googlecloudsdk import gcloud_main
from googlecloudsdk.calliope import arg_parsers
from googlecloudsdk.core import config

from escher.apis.archive import CommandTable, replace

TRACKS = ("beta", "alpha", "preview")
_PROBE = "Zq-9"
_FILE_NAME = re.compile(
    r"(^|-)(file|files|file-path|filename|local-path|archive-path)$|-from-file$|^source-dir$|^path-to-"
)
_WRITING = re.compile(r"(^|-)(out|output|destination|dest|save|download|to|export|log)-")
_FILE_ERRORS = ("FileError", "MissingFileError", "YAMLParseError", "FileLoadError", "BadFileException")


def main() -> None:
    """Ask every command and write everything, the same bytes for the same gcloud."""
    os.chdir(os.environ["CLOUDSDK_CONFIG"])  # an option for a file makes it when it is asked what it takes
    top = gcloud_main.CreateCLI([])._TopElement()
    table = CommandTable()
    for path, command in sorted(_leaves(top, ()), key=lambda leaf: leaf[0]):
        track, (service, *rest) = path[: path[0] in TRACKS], path[path[0] in TRACKS :]
        options = _options(command)
        groups = [group for child in command.ai.arguments if child.is_group for group in _group(child, options)]
        needed = set(_needed(command.ai, options))
        entries = [_marked(entry, "!" * (dest in needed)) for dest, entry in options.items()]
        table.add(service, " ".join((*track, *rest)), entries, groups)
    shared = [entry for _, entry in sorted(_shared(top).items())]
    replace("gcp", "cli/", table.documents({"gcloud": config.CLOUD_SDK_VERSION}, shared))


def _leaves(node: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every command that is not hidden, with its words after `gcloud`."""
    names = [(name, True) for name in node._groups_to_load] + [(name, False) for name in node._commands_to_load]
    for name, is_group in names:
        child = node.LoadSubElement(name)
        if child is None or child.IsHidden():
            continue
        words = (*path, name.replace("_", "-"))
        if is_group:
            yield from _leaves(child, words)
        else:
            yield words, child


def _options(command: Any) -> dict[str, list[Any]]:
    """The options of one command by the parser's own name for each; a switch and its opposite are one."""
    found: dict[str, list[Any]] = {}
    for action in command._parser._actions:
        if getattr(action, "is_global", False) or action.dest in ("help", "h", "==SUPPRESS=="):
            continue
        entry = _entry(action)
        if action.dest in found and entry[1][0] == "b" == found[action.dest][1][0]:
            found[action.dest][0] = f"{found[action.dest][0]} {entry[0]}"
        elif action.dest in found:
            found[f"{action.dest} {entry[0]}"] = entry
        else:
            found[action.dest] = entry
    return found


def _shared(top: Any) -> dict[str, list[Any]]:
    """The options that every command has, as the first command of all shows them."""
    _, command = next(_leaves(top, ()))
    actions = (action for action in command._parser._actions if getattr(action, "is_global", False))
    found: dict[str, list[Any]] = {}
    for action in actions:
        entry = _entry(action)
        if action.dest in found:
            entry[0] = f"{found[action.dest][0]} {entry[0]}"
        if not entry[0].startswith("---"):
            found[action.dest] = entry
    return found


def _entry(action: Any) -> list[Any]:
    names = sorted(
        map(str, action.option_strings), key=lambda name: (name.startswith("--no-"), not name.startswith("--"))
    )
    name = (names[0] if names else action.dest).lstrip("-").replace("_", "-")
    values = "1" if action.nargs is None else str(action.nargs)
    kind = "b" if action.nargs == 0 else _letter(action.type)
    choices, any_case = _choices(action)
    marks = "p" * (not names) + "c" * any_case + _file_mark(action, name)
    keys = _keys(action.type)
    return [" ".join(names) or name, kind + marks, values, choices, keys]


def _letter(convert: Any) -> str:
    if isinstance(convert, arg_parsers.ArgObject):
        return "o"
    if isinstance(convert, arg_parsers.ArgDict):
        return "m"
    if isinstance(convert, arg_parsers.ArgList):
        typed = convert.element_type is not None and not convert.choices
        return "x" if typed and _converted(convert.element_type, _PROBE) is None else "l"
    if convert is None or _converted(convert, _PROBE) == _PROBE:
        return "s"
    if _converted(convert, _PROBE) is not None:
        return "s" if isinstance(convert, type) and not issubclass(convert, (int, float, bool)) else "x"
    number = _converted(convert, "5")
    if isinstance(number, bool):
        return "x"
    # A duration or a size takes a unit, a number does not.
    plain = isinstance(number, int) and all(_converted(convert, text) is None for text in ("5s", "5GB", "5%"))
    return "i" if plain and _converted(convert, "5.5") is None else "f" if isinstance(number, float) else "x"


def _converted(convert: Any, text: str) -> Any:
    """What a converter makes of a text; None when it refuses it."""
    try:
        return convert(text)
    except Exception:  # noqa: BLE001 - whatever it raises, it refuses the text
        return None


def _choices(action: Any) -> tuple[list[str], bool]:
    """The closed set of values, of a list's elements too, with whether their case counts."""
    listed = isinstance(action.type, arg_parsers.ArgList) and not isinstance(action.type, arg_parsers.ArgDict)
    if action.choices:
        values = [str(choice) for choice in action.choices]
        convert = action.type or str
        return values, all(_converted(convert, value.swapcase()) in action.choices for value in values)
    if listed and action.type.choices:
        values = [str(choice) for choice in action.type.choices]
        convert = action.type.element_type
        return values, all(_converted(convert, value.swapcase()) is not None for value in values)
    return [], False


def _keys(convert: Any) -> list[str]:
    """The only keys that a map takes, `!` behind those it must have."""
    if type(convert) is not arg_parsers.ArgDict or not convert.spec:
        return []
    return [f"{key}{'!' * (key in convert.required_keys)}" for key in convert.spec]


def _file_mark(action: Any, name: str) -> str:
    """`r` or `w` when the text names a file of this machine."""
    reads = isinstance(action.type, (arg_parsers.FileContents, arg_parsers.YAMLFileContents))
    if not reads and callable(action.type) and not isinstance(action.type, arg_parsers.ArgType):
        try:
            action.type("/nonexistent/escher")
        except Exception as problem:  # noqa: BLE001 - only its name is looked at
            reads = type(problem).__name__ in _FILE_ERRORS or "No such file" in str(problem)
    if not (reads or _FILE_NAME.search(name)):
        return ""
    return "w" if _WRITING.search(name) and not reads else "r"


def _group(group: Any, options: Mapping[str, list[Any]]) -> Iterator[list[Any]]:
    """A group as `commands` reads it, when it has members and says anything of them."""
    members: list[Any] = []
    for child in group.arguments:
        if child.is_group:
            members += _group(child, options)
        elif (entry := _entry_of(child, options)) is not None:
            members.append(_marked(entry, "!" * bool(child.is_required)))
    if members and (group.is_mutex or group.is_required or any(_says_anything(member) for member in members)):
        yield ["!" * bool(group.is_required) + "x" * bool(group.is_mutex), *members]


def _entry_of(action: Any, options: Mapping[str, list[Any]]) -> list[Any] | None:
    """The option of an argument; several options may set the same, so they are told apart by their spelling."""
    spelt = (entry for entry in options.values() if set(action.option_strings) & set(entry[0].split(" ")))
    return next(spelt, None) or options.get(action.dest)


def _says_anything(member: list[Any]) -> bool:
    """Whether a member is a group (which would not be there otherwise) or an option that is required in its group."""
    return member[0] in ("", "!", "x", "!x") or "!" in member[1]


def _needed(group: Any, options: Mapping[str, list[Any]]) -> Iterator[str]:
    """The options that a command cannot go without: required, in groups that are required and offer no choice."""
    for child in group.arguments:
        if child.is_group and child.is_required and not child.is_mutex:
            yield from _needed(child, options)
        elif not child.is_group and child.is_required and child.dest in options:
            yield child.dest


def _marked(entry: list[Any], mark: str) -> list[Any]:
    return [entry[0], entry[1] + mark, *entry[2:]]


if __name__ == "__main__":
    main()
