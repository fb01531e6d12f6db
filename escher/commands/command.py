"""What a command is: a name, its options, and a function from an invocation to an outcome."""

from __future__ import annotations

import argparse
import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, NoReturn

import escher.commands
from escher.errors import InvalidInput

if TYPE_CHECKING:
    from rich.console import RenderableType

    from escher.contract.plan import Plan
    from escher.session.session import Session


@dataclass(frozen=True)
class Outcome:
    """What a command has to say. `document` is its JSON, `text` the same for people; `exit_code` of a process.

    `plan` is what a notebook can approve and run where it is shown.
    """

    document: Any = None
    text: RenderableType = ""
    exit_code: int = 0
    plan: Plan | None = None


@dataclass(frozen=True)
class Invocation:
    """One call of a command: its options, a way to the session, and where live news goes.

    `emit` takes each event of long work as it happens (a JSON line, or a progress display); `prompt` asks a person,
    and is None where nobody can answer. `goes_on` says that the process lives on, as a notebook's does: what can be
    done in the background need not be waited for. `secret` asks for what must not be seen, and is None likewise.
    """

    options: argparse.Namespace
    open_session: Callable[[], Session]
    emit: Callable[[Mapping[str, Any]], None] = lambda event: None
    prompt: Callable[[str], str] | None = None
    goes_on: bool = False
    secret: Callable[[str], str] | None = None

    @cached_property
    def session(self) -> Session:
        """The session, opened on first use: `--help` and `contract` need none."""
        return self.open_session()


@dataclass(frozen=True)
class Command:
    """A command of `escher` and `%escher`. `streams` says that `--json` prints an event a line instead of a document."""

    name: str
    help: str
    run: Callable[[Invocation], Outcome]
    configure: Callable[[argparse.ArgumentParser], None] = lambda parser: None
    streams: bool = False
    examples: tuple[str, ...] = field(default=())


class Parser(argparse.ArgumentParser):
    """An argument parser whose errors are ours, so that they end as JSON where JSON was asked for."""

    def error(self, message: str) -> NoReturn:
        """Raise InvalidInput with the usage as its hint."""
        raise InvalidInput(f"{self.prog}: {message}.", hint=f"See: {self.prog} --help")


@cache
def commands() -> dict[str, Command]:
    """Every command by name, found by walking this folder."""
    found: dict[str, Command] = {}
    for module in pkgutil.iter_modules(escher.commands.__path__):
        command = getattr(importlib.import_module(f"escher.commands.{module.name}"), "COMMAND", None)
        if isinstance(command, Command):
            found[command.name] = command
    return dict(sorted(found.items()))


def parser(prog: str = "escher") -> Parser:
    """The parser of all commands; each takes `--json`."""
    top = Parser(prog=prog, description="Ask, understand and act on your clouds; everything yours stays here.")
    top.add_argument("--version", action="store_true", help="print the version")
    subparsers = top.add_subparsers(dest="command", metavar="COMMAND", parser_class=Parser)
    for command in commands().values():
        epilog = "\n".join(("examples:", *(f"  {example}" for example in command.examples))) if command.examples else ""
        sub = subparsers.add_parser(
            command.name,
            help=command.help,
            description=command.help,
            epilog=epilog,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        command.configure(sub)
        _everywhere(sub)
    return top


def subcommands(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    """A parser's subcommands by name; argparse has no public way to them, so they are known by what they choose from."""
    found: dict[str, argparse.ArgumentParser] = {}
    for action in parser._actions:  # pyright: ignore[reportPrivateUsage] no public way to its subparsers
        choices = action.choices if isinstance(action.choices, dict) else {}
        found |= {name: sub for name, sub in choices.items() if isinstance(sub, argparse.ArgumentParser)}
    return found


def _everywhere(parser: argparse.ArgumentParser) -> None:
    """Give `--json` to a command and to each of its subcommands."""
    for sub in subcommands(parser).values():
        _everywhere(sub)
    parser.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="print one JSON document")
