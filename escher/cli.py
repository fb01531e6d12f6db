"""The command line: `escher COMMAND …`. With `--json`, stdout holds one JSON document and nothing else."""

from __future__ import annotations

import os
import sys

# Whatever takes time to import is imported within `main`: Ctrl-C ends the command in good order there, too.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from contextlib import AbstractContextManager
    from typing import Any

    from escher.commands.command import Command, Outcome
    from escher.errors import EscherError

WIDTH_IN_A_PIPE = 160


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit code: 0 done, 1 failed, 2 wrong input, 3 consent missing, 130 interrupted."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        return _guarded(words, as_json="--json" in words)
    except KeyboardInterrupt:
        from escher.commands.interrupting import INTERRUPTED

        return INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()
        return 0


def _guarded(words: list[str], *, as_json: bool) -> int:
    from escher.commands.interrupting import INTERRUPTED, InterruptedTwice
    from escher.errors import EscherError

    try:
        return _run(words, as_json)
    except EscherError as failure:
        _print_failure(failure, as_json)
        return failure.exit_code
    except InterruptedTwice:
        # At once, whatever still runs: a store that is left like this is as sound as after a crash.
        os._exit(INTERRUPTED)


def _run(words: list[str], as_json: bool) -> int:
    from escher.commands.command import Invocation, commands, parser

    top = parser()
    options = top.parse_args(words)
    if options.version:
        from escher import __version__

        print(__version__)
        return 0
    if options.command is None:
        top.print_help()
        return 2
    command = commands()[options.command]
    with _telling(command, as_json) as emit:
        outcome = command.run(Invocation(options, _open_session, emit, _prompt(), secret=_secret()))
    _print_outcome(command, outcome, as_json)
    return outcome.exit_code


def _open_session() -> Any:
    from escher.session.current import open_session

    return open_session(lives_on=False)


def _prompt() -> Any:
    return input if sys.stdin.isatty() and sys.stdout.isatty() else None


def _secret() -> Any:
    from getpass import getpass

    return getpass if sys.stdin.isatty() else None


def _telling(command: Command, as_json: bool) -> AbstractContextManager[Callable[[Mapping[str, Any]], None]]:
    """Where live news goes while a command runs."""
    if as_json:
        from contextlib import nullcontext

        return nullcontext(_print_line if command.streams else _keep_quiet)
    from escher.commands.live import Live

    return Live()


def _keep_quiet(event: Mapping[str, Any]) -> None:
    """A document says it all at its end."""


def _print_line(event: Mapping[str, Any]) -> None:
    print(_json(event), flush=True)


def _json(document: Any, indent: int | None = None) -> str:
    import json

    return json.dumps(document, ensure_ascii=False, indent=indent)


def _print_outcome(command: Command, outcome: Outcome, as_json: bool) -> None:
    if as_json:
        if not command.streams:
            print(_json(outcome.document, indent=2))
        return
    if isinstance(outcome.text, str):
        print(outcome.text, end="\n" if outcome.text else "")
    else:
        from rich.console import Console

        width = None if sys.stdout.isatty() else WIDTH_IN_A_PIPE
        Console(highlight=False, width=width).print(outcome.text)


def _print_failure(failure: EscherError, as_json: bool) -> None:
    if as_json:
        print(_json({"error": failure.document()}))
        return
    print(f"escher: {failure.message}", file=sys.stderr)
    if failure.hint:
        print(f"        {failure.hint}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
