"""Write the commands of azure-cli into `data/azure.zip`: `.venv-az/bin/python -m escher.apis.build_azure`.

A tool for developers; nothing imports it. azure-cli lives in an environment of its own, so this imports nothing of
Escher but `archive`. Every command's own parser is asked for its options; help texts are left out. The Python SDK's part
is kept, or written by `escher.apis.build_azure_sdk`.
"""

# pyright: reportPrivateUsage=false, reportMissingImports=false, reportUnknownVariableType=false
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false
# azure-cli is not in the project's environment, and its parsers keep their options in protected attributes.

from __future__ import annotations

import argparse
import contextlib
import io
import os
import re
import tempfile
from collections.abc import Iterator
from typing import Any

os.environ |= {"AZURE_CONFIG_DIR": tempfile.mkdtemp(), "AZURE_CORE_USE_COMMAND_INDEX": "False"}

from azure.cli.core import __version__, get_default_cli
from azure.cli.core.aaz import _arg as aaz
from azure.cli.core.commands.events import EVENT_INVOKER_PRE_LOAD_ARGUMENTS
from knack.arguments import CaseInsensitiveList
from knack.events import EVENT_INVOKER_POST_CMD_TBL_CREATE

from escher.apis.archive import CommandTable, replace

_AAZ_LETTERS = (
    (aaz.AAZBoolArg, "b"),
    (aaz.AAZIntArg, "i"),
    (aaz.AAZFloatArg, "f"),
    (aaz.AAZListArg, "l"),
    (aaz.AAZDictArg, "m"),
    (aaz.AAZObjectArg, "o"),
    (aaz.AAZAnyTypeArg, "o"),
    (aaz.AAZGenericUpdateSetArg, "m"),
    (aaz.AAZGenericUpdateArg, "x"),
)
_FILE_TYPE = re.compile("file|(?<!jmes)path_type|json_object|yaml|certificate|template", re.IGNORECASE)
_FILE_NAME = re.compile(r"(^|-)(file|files|file-path|script-path|key-path|dest-path|destination-path|ssh-key-value)$")
_WRITING = re.compile(r"^(download|export|save|backup)|^(destination|dest|output|download|save|to)-|^file$")
_SHARED_DESTS = frozenset(
    {"help", "_subscription", "_log_verbosity_debug", "_log_verbosity_verbose", "_log_verbosity_only_show_errors"}
    | {"_output_format", "_jmespath_query"}
)


def main() -> None:
    """Ask every command and write everything, the same bytes for the same azure-cli."""
    cli = get_default_cli()
    invocation = cli.invocation_cls(
        cli_ctx=cli, parser_cls=cli.parser_cls, commands_loader_cls=cli.commands_loader_cls, help_cls=cli.help_cls
    )
    cli.invocation = invocation
    loader = invocation.commands_loader
    loader.load_command_table(None)
    table, shared = CommandTable(), {}
    for name, command in sorted(loader.command_table.items()):
        options = list(_options(invocation, name, command))
        shared |= {entry[0]: entry for entry, dest in options if dest in _SHARED_DESTS}
        service, _, operation = name.partition(" ")
        table.add(service, operation, [entry for entry, dest in options if dest not in _SHARED_DESTS], [])
    replace("azure", "cli/", table.documents({"azure-cli": __version__}, [shared[names] for names in sorted(shared)]))


def _options(invocation: Any, name: str, command: Any) -> Iterator[tuple[list[Any], str]]:
    """Each option of a command as `commands` reads it, with the parser's own name for it."""
    loader = invocation.commands_loader
    loader.command_table = {name: command}
    invocation.data["command_string"] = name
    loader.command_name = name
    invocation.cli_ctx.raise_event(EVENT_INVOKER_PRE_LOAD_ARGUMENTS, commands_loader=loader)
    loader.load_arguments(name)
    required = {arg.type.settings["dest"] for arg in command.arguments.values() if arg.options.get("required")}
    parts = {arg.type.settings["dest"]: arg.type.settings.get("id_part") for arg in command.arguments.values()}
    invocation.cli_ctx.raise_event(EVENT_INVOKER_POST_CMD_TBL_CREATE, commands_loader=loader)
    invocation.parser.load_command_table(loader)
    parser = invocation.parser.subparser_map.get(name)
    actions = parser._actions if parser else ()
    has_ids = any(action.option_strings == ["--ids"] for action in actions)
    for action in actions:
        by_id = has_ids and bool(parts.get(action.dest))
        needed = action.required or (by_id and action.dest in required)
        if action.dest != "cmd" and "IgnoreAction" not in type(action).__name__:
            yield _entry(action, required=needed, by_id=by_id), action.dest


def _entry(action: argparse.Action, *, required: bool, by_id: bool) -> list[Any]:
    names = sorted(map(str, action.option_strings), key=lambda name: (not name.startswith("--"), len(name) < 4))
    schema = getattr(type(action), "_schema", None)
    letter = _letter(action, schema)
    choices, any_case = _choices(action, schema)
    marks = "!" * required + "p" * (not names) + "c" * any_case + "i" * by_id + _file_mark(action, schema, names)
    values = str("1" if action.nargs is None else action.nargs)
    return [" ".join(names) or action.dest.replace("_", "-"), letter + marks, values, choices]


def _letter(action: argparse.Action, schema: Any) -> str:
    if isinstance(schema, aaz.AAZListArg) and not isinstance(schema._element, aaz.AAZSimpleTypeArg):
        return "o"
    if schema is not None:
        return next((letter for kind, letter in _AAZ_LETTERS if isinstance(schema, kind)), "s")
    if action.nargs == 0:
        return "b"
    if action.type in (int, float):
        return "i" if action.type is int else "f"
    if action.type in (None, str):
        return "s" if type(action).__module__.startswith("argparse") else _letter_of_action(action)
    return "s" if _takes_any_text(action.type) else "x"


def _letter_of_action(action: argparse.Action) -> str:
    """The type that an action of the CLI's own asks for: any text, `key=value`, or something else."""
    if _acts(action, "Zq-9"):
        return "s"
    return "m" if _acts(action, "zq=9") else "x"


def _acts(action: argparse.Action, text: str) -> bool:
    value = text if action.nargs in (None, "?") else [text]
    with contextlib.redirect_stderr(io.StringIO()):
        try:
            action(
                argparse.ArgumentParser(), argparse.Namespace(**{action.dest: None}), value, action.option_strings[0]
            )
        except (Exception, SystemExit):  # noqa: BLE001 - whatever it raises, it refuses the text
            return False
    return True


def _takes_any_text(convert: Any) -> bool:
    """Whether a converter of the CLI's own leaves a text as it is; asked with one that no converter expects."""
    try:
        return convert("Zq-9 x") == "Zq-9 x"
    except Exception:  # noqa: BLE001 - whatever it raises, it refuses some texts
        return False


def _choices(action: argparse.Action, schema: Any) -> tuple[list[str], bool]:
    """The closed set of values with whether their case counts."""
    enum = getattr(schema, "enum", None) or getattr(getattr(schema, "_element", None), "enum", None)
    if enum is not None:
        if enum.support_extension:
            return [], False
        values = [*enum.items, *(enum.items.values() if isinstance(enum.items, dict) else ())]
        return list(dict.fromkeys(map(str, values))), not enum._case_sensitive
    if not action.choices:
        return [], False
    choices = list(dict.fromkeys(map(str, action.choices)))
    return choices, isinstance(action.choices, CaseInsensitiveList)


def _file_mark(action: argparse.Action, schema: Any, names: list[str]) -> str:
    """`r` or `w` when the text names a file of this machine."""
    name = (names[0] if names else action.dest.replace("_", "-")).lstrip("-")
    completer = type(getattr(action, "completer", None)).__name__
    converter = getattr(action.type, "__name__", "")
    is_file = (
        isinstance(schema, aaz.AAZFileArg)
        or completer in ("FilesCompleter", "DirectoriesCompleter")
        or _FILE_TYPE.search(converter)
        or _FILE_NAME.search(name)
    )
    if not is_file:
        return ""
    return "w" if _WRITING.search(name) and action.dest != "file_path" else "r"


if __name__ == "__main__":
    main()
