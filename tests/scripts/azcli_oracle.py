"""What azure-cli's own parser makes of command lines: a program that reads one a line and answers true or false.

It runs in the environment of azure-cli; nothing of a command but its words is looked at, and nothing is called.
"""

# pyright: reportMissingImports=false, reportUnknownVariableType=false, reportUnknownMemberType=false
# azure-cli is not in the project's environment.

from __future__ import annotations

import contextlib
import io
import json
import os
import shlex
import sys
import tempfile
from typing import Any

os.environ |= {"AZURE_CONFIG_DIR": tempfile.mkdtemp(), "AZURE_CORE_USE_COMMAND_INDEX": "False"}


class Oracle:
    """The loaded CLI; each command's parser is made when the command is first met."""

    def __init__(self) -> None:
        from azure.cli.core import get_default_cli

        cli = get_default_cli()
        self._cli = cli
        self._invocation = cli.invocation_cls(
            cli_ctx=cli, parser_cls=cli.parser_cls, commands_loader_cls=cli.commands_loader_cls, help_cls=cli.help_cls
        )
        cli.invocation = self._invocation
        self._loader = self._invocation.commands_loader
        self._table = dict(self._loader.load_command_table(None))
        self._required: dict[str, list[str]] = {}

    def accepts(self, words: list[str]) -> bool:
        """Whether the parser takes the words after `az`, with its rule on `--ids`."""
        from knack.events import EVENT_INVOKER_POST_PARSE_ARGS

        name = next((name for end in range(len(words), 0, -1) if (name := " ".join(words[:end])) in self._table), None)
        if name is None:
            return False
        self._prepare(name)
        parsed = self._invocation.parser.parse_args(words)
        self._cli.raise_event(EVENT_INVOKER_POST_PARSE_ARGS, command=parsed.command, args=parsed)
        if getattr(parsed, "ids", None) or getattr(parsed, "_ids", None):
            return True
        # Newer commands look for what is missing only when they run; what is not given has this mark until then.
        return not any(str(getattr(parsed, name, "")) == "Undefined" for name in self._required[name])

    def _prepare(self, name: str) -> None:
        from azure.cli.core.commands.events import EVENT_INVOKER_PRE_LOAD_ARGUMENTS
        from knack.events import EVENT_INVOKER_POST_CMD_TBL_CREATE

        if name in self._invocation.parser.subparser_map:
            return
        self._loader.command_table = {name: self._table[name]}
        self._invocation.data["command_string"] = self._loader.command_name = name
        self._cli.raise_event(EVENT_INVOKER_PRE_LOAD_ARGUMENTS, commands_loader=self._loader)
        self._loader.load_arguments(name)
        arguments = self._table[name].arguments.values()
        self._required[name] = [argument.name for argument in arguments if argument.options.get("required")]
        self._cli.raise_event(EVENT_INVOKER_POST_CMD_TBL_CREATE, commands_loader=self._loader)
        self._invocation.parser.load_command_table(self._loader)


def main() -> None:
    """Answer every line of the standard input."""
    silence = io.StringIO()
    with contextlib.redirect_stderr(silence), contextlib.redirect_stdout(silence):
        oracle: Any = Oracle()
    for line in sys.stdin:
        with contextlib.redirect_stderr(silence), contextlib.redirect_stdout(silence):
            accepted = _accepted(oracle, shlex.split(line)[1:])
        sys.stdout.write(json.dumps(accepted) + "\n")


def _accepted(oracle: Oracle, words: list[str]) -> bool:
    from knack.util import CLIError

    try:
        return oracle.accepts(words)
    except (SystemExit, CLIError):
        return False


if __name__ == "__main__":
    main()
