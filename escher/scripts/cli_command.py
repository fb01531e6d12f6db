"""Read one `az …` or `gcloud …` command: which command, with which options. Pure; fails closed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from escher.apis import commands
from escher.apis.commands import CommandSpec, Option
from escher.apis.validate import UNKNOWN
from escher.contract.vocabulary import Provider
from escher.scripts import cli_flags, cli_groups, cli_values
from escher.scripts.answers import Answer
from escher.scripts.findings import Findings
from escher.scripts.words import UNKNOWN_WORD, Word, is_flag

_VALUE_FORMAT = re.compile(r"value\(([A-Za-z0-9_.]+)\)\Z")
_MOST_WORDS = 12


@dataclass
class _Reader:
    provider: Provider
    program: str
    words: Sequence[Word]
    line: int
    findings: Findings
    account: str | None
    at: int = 0
    answer: Answer = field(default_factory=Answer)
    parameters: dict[str, Any] = field(default_factory=dict)
    positional: list[Word] = field(default_factory=list)
    last_positional: int = 0

    def read(self) -> Answer:
        if self.account == "":
            self._refuse(f"nothing here says in which {cli_flags.ACCOUNT[self.provider]} this runs")
        spec = self._command()
        if spec is None:
            return self.answer
        while self.at < len(self.words):
            self._next(spec)
        self._place(spec)
        self._finish(spec)
        return self.answer

    def _command(self) -> CommandSpec | None:
        """The command that the first words name; options that every command has may stand between gcloud's words."""
        named: list[str] = []
        found, end = None, 0
        while self.at < len(self.words) and len(named) < _MOST_WORDS:
            word = self.words[self.at]
            if is_flag(word):
                option = self._shared(word) if self.provider == "gcp" else None
                if option is None:
                    break
                self._option(None, option)
                continue
            if not word.literal:
                break
            named.append(word.text)
            self.at += 1
            if (spec := commands.command(self.provider, named)) is not None:
                found, end = spec, self.at
                break
        self.at = end or self.at
        if found is None:
            self._invalid(f"there is no command {self.program} {' '.join(named)[:80]}".rstrip())
        return found

    # -- one option or word at a time

    def _next(self, spec: CommandSpec) -> None:
        word = self.words[self.at]
        if not is_flag(word):
            self._without_option(spec, word)
            return
        if word.literal and word.text == "--":
            self._refuse("words after -- are handed on to another program")
            self.at = len(self.words)
            return
        option = self._named(spec, word)
        if option is None:
            self.at += 1
            name = _name(word)
            self._invalid(f"{_typed(spec)} has no option {name[:60] or 'of that name'}")
            return
        self._option(spec, option)

    def _without_option(self, spec: CommandSpec, word: Word) -> None:
        """A word by itself. Where some may be left out, which is which depends on where options stand between them."""
        apart = bool(self.positional) and self.last_positional != self.at
        if apart and any(option.positional and option.values in ("?", "*") for option in spec.options):
            self._refuse("words without an option stand apart")
        self.at += 1
        self.last_positional = self.at
        self.positional.append(word)

    def _named(self, spec: CommandSpec, word: Word) -> Option | None:
        """The option that a word means; az takes the beginning of a long one when only one begins so."""
        name = _name(word)
        options = [*spec.options, *commands.shared(self.provider)]
        exact = next((option for option in options if name in option.names and not option.positional), None)
        if exact is not None or self.provider != "azure" or not name.startswith("--"):
            return exact
        meant = {id(option): option for option in options if any(one.startswith(name) for one in option.names)}
        return next(iter(meant.values())) if len(meant) == 1 and len(name) > 2 else None

    def _shared(self, word: Word) -> Option | None:
        name = _name(word)
        return next((option for option in commands.shared(self.provider) if name in option.names), None)

    def _option(self, spec: CommandSpec | None, option: Option) -> None:
        """Take one option with its words."""
        word = self.words[self.at]
        self.at += 1
        parts = word.split("=")
        words = self._values(spec, option, parts[1] if parts else None)
        if words is None:
            return
        if option in commands.shared(self.provider):
            self._everywhere(option, words)
            return
        if option.name in cli_flags.REFUSED[self.provider]:
            self._refuse(f"the option --{option.name} is not allowed")
        if option.name == cli_flags.ACCOUNT[self.provider]:
            self._same_account(words)
        value: Any = not _name(word).startswith("--no-") or option.name.startswith("no-")
        if words:
            value = self._checked(spec, option, words)
        if option.name in self.parameters:
            self._refuse(f"--{option.name} is given twice")
        self.parameters[option.name] = value

    def _values(self, spec: CommandSpec | None, option: Option, inline: Word | None) -> list[Word] | None:
        """The words that belong to an option; None when their number is wrong."""
        if inline is not None:
            if option.switch:
                self._invalid(f"{option.names[0]} takes no value")
                return None
            return [inline]
        most = {"0": 0, "1": 1, "?": 1, "*": 10_000, "+": 10_000}.get(option.values)
        if most is None:
            most = int(option.values) if option.values.isdigit() else 0
        words: list[Word] = []
        while len(words) < most and self.at < len(self.words) and not is_flag(self.words[self.at]):
            words.append(self.words[self.at])
            self.at += 1
        least = 0 if option.values in ("0", "?", "*") else most if option.values.isdigit() else 1
        if len(words) < least:
            self._invalid(f"{_typed(spec)}: {option.names[0]} needs a value".removeprefix(": "))
            return None
        return words

    def _everywhere(self, option: Option, words: Sequence[Word]) -> None:
        """An option that every command has."""
        name = option.name
        text = words[0].text if words else ""
        if name == cli_flags.ACCOUNT[self.provider]:
            self._same_account(words)
        elif name not in cli_flags.HARMLESS[self.provider]:
            self._refuse(f"the option --{name} is not allowed")
        elif not all(word.literal for word in words):
            self._refuse(f"--{name} gets a value that is not in the script")
        elif option.choices and words and text not in option.choices:
            self._invalid(f"--{name} cannot be {text[:40]!r}")
        elif name == "query":
            self.answer.query = text
        elif name == "output":
            self.answer.output = "text" if text == cli_flags.PLAIN_OUTPUT else text
        elif name == "format" and (field_named := _VALUE_FORMAT.match(text)):
            self.answer.query, self.answer.output = field_named[1], "text"

    def _same_account(self, words: Sequence[Word]) -> None:
        what = cli_flags.ACCOUNT[self.provider]
        if not all(word.known or word.answered for word in words):
            self._refuse(f"the {what} is known only when the script runs")
        elif self.account is not None and any(word.text.lower() != self.account.lower() for word in words):
            self._refuse(f"the {what} {words[0].text[:60]!r} is not the one that this runs in")

    def _checked(self, spec: CommandSpec | None, option: Option, words: Sequence[Word]) -> Any:
        """The value of an option; one that stands for anything where a word may not be there."""
        words = [self._allowed(option, word) for word in words]
        if all(word.known for word in words):
            texts = [word.text for word in words]
            if reason := cli_values.problem(option, texts, self.provider):
                self._invalid(f"{_typed(spec)}: {option.names[0]} {reason}")
                return UNKNOWN
        return cli_values.value_of(option, words)

    def _allowed(self, option: Option, word: Word) -> Word:
        reason = cli_values.refusal(self.provider, option, word, self.account)
        if reason:
            self._refuse(reason)
        return UNKNOWN_WORD if reason else word

    # -- the end

    def _place(self, spec: CommandSpec) -> None:
        """Hand the words without an option out to those that the command takes so, in their order."""
        left = list(self.positional)
        slots = [option for option in spec.options if option.positional]
        for number, option in enumerate(slots):
            behind = sum(1 for slot in slots[number + 1 :] if slot.required)
            count = max(0, len(left) - behind) if option.many else min(1, len(left))
            words, left = left[:count], left[count:]
            if words:
                self.parameters[option.name] = self._checked(spec, option, words)
            if option.values == "..." and words:
                self._refuse(f"{_typed(spec)} hands words on to another program")
        if left:
            self._invalid(f"{_typed(spec)} does not take the word {left[0].text[:40]!r}")

    def _finish(self, spec: CommandSpec) -> None:
        for option in spec.required:
            if option.name not in self.parameters and not (option.by_id and "ids" in self.parameters):
                self._invalid(f"{_typed(spec)}: {_shown(option)} is missing")
        # Some commands have an `--ids` of their own, which they cannot go without.
        if any(option.by_id for option in spec.options) and not any(option.name == "ids" for option in spec.required):
            for value in self.parameters.get("ids", ()):
                if not cli_values.is_resource_id(value):
                    self._invalid(f"{_typed(spec)}: --ids takes resource ids, not {value[:40]!r}")
        for problem in cli_groups.problems(spec.groups, frozenset(self.parameters)):
            self._invalid(f"{_typed(spec)}: {problem}")
        self.findings.command(self.line, spec, self.parameters)

    def _refuse(self, message: str) -> None:
        self.findings.refuse(self.line, message)

    def _invalid(self, message: str) -> None:
        self.findings.invalid(self.line, message)


def read_cli(provider: Provider, words: Sequence[Word], line: int, findings: Findings, account: str | None) -> Answer:
    """Read the words after `az` or `gcloud`.

    `account` is the subscription or project that it runs in: None when that is not known (then any may be named), empty
    when it runs in none.
    """
    program = next(name for name, cloud in commands.PROGRAMS.items() if cloud == provider)
    return _Reader(provider, program, words, line, findings, account).read()


def _name(word: Word) -> str:
    """An option's name with its dashes; a name that is not all literal is none."""
    parts = word.split("=")
    name = parts[0] if parts else word
    return name.text if name.literal else ""


def _typed(spec: CommandSpec | None) -> str:
    return " ".join(spec.words) if spec else ""


def _shown(option: Option) -> str:
    return option.names[0].upper() if option.positional else option.names[0]
