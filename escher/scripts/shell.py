"""Read a bash script by walking its tree: every branch, every turn of every loop. Pure; fails closed.

Each kind of statement that is understood has a method here; any other kind makes the reading `unknown`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from tree_sitter import Node

from escher.apis.commands import PROGRAMS
from escher.scripts import filters, places
from escher.scripts.answers import Answer
from escher.scripts.aws_command import read_aws
from escher.scripts.cli_command import read_cli
from escher.scripts.findings import Findings
from escher.scripts.shell_tests import TestReader
from escher.scripts.shell_tree import WORDS, Tree, line_of
from escher.scripts.shell_words import Surroundings, WordRefused, assigned, expand
from escher.scripts.words import ANSWER_WORD, UNKNOWN_WORD, Word, given_word, script_word

MOST_STEPS = 20_000
_NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
_REDIRECT = re.compile(r"[12]?>\s*/dev/null\Z|&>\s*/dev/null\Z|[12]?>&[12]\Z")
_SHEBANG = re.compile(r"#!(/usr/bin/env bash|/bin/bash|/usr/bin/bash)\s*\Z")
_OPTION = r"(?:[-+][eu]+|[-+]e?u?o (?:pipefail|errexit|nounset))"
_SET = re.compile(rf"{_OPTION}(?: {_OPTION})*\Z")
_FORMAT = re.compile(r"(?:[^%]|%[s%])*\Z", re.DOTALL)


class ShellReader:
    """One script with its arguments and environment."""

    def __init__(
        self, script: str, arguments: Sequence[str], environment: Mapping[str, str] | None, findings: Findings
    ) -> None:
        self._tree = Tree(script)
        self._findings = findings
        self._arguments = tuple(given_word(argument) for argument in arguments)
        self._environment = environment
        self._variables: dict[str, Word] = {}
        self._nested = 0
        self._steps = 0
        self._statements: Mapping[str, Callable[[Node], Answer | None]] = {
            "comment": self._comment,
            "command": self._command,
            "variable_assignment": self._assign,
            "variable_assignments": self._sequence,
            "redirected_statement": self._redirected,
            "pipeline": self._pipeline,
            "list": self._sequence,
            "negated_command": self._sequence,
            "compound_statement": self._sequence,
            "do_group": self._sequence,
            "if_statement": self._if,
            "for_statement": self._for,
            "test_command": self._test,
        }
        self._builtins: Mapping[str, Callable[[Sequence[Word]], bool]] = {
            "echo": lambda _: True,
            "printf": _is_plain_format,
            "exit": _is_number,
            "sleep": _is_number,
            "set": _is_option,
            "shift": self._shift,
            ":": lambda words: not words,
            "true": lambda words: not words,
            "false": lambda words: not words,
        }

    def read(self) -> None:
        """Walk the whole script."""
        for line, problem in self._tree.problems:
            self._findings.refuse(line, problem)
        if not self._tree.problems:
            self._block(self._tree.root.children)

    # -- statements

    def _block(self, nodes: Sequence[Node]) -> None:
        for node in nodes:
            if node.is_named:
                self._statement(node)
            elif node.type == "&":
                self._refuse(node, "a command runs in the background")
            elif node.type not in (";", "\n", "do", "done", "{", "}", "&&", "||", "!", "then"):
                self._refuse(node, f"{node.type!r} is not understood")

    def _statement(self, node: Node) -> Answer | None:
        self._steps += 1
        if self._steps > MOST_STEPS:
            self._refuse(node, "it is too long to read")
            return None
        read = self._statements.get(node.type)
        if read is None:
            self._refuse(node, f"{node.type.replace('_', ' ')} is not understood")
            return None
        try:
            return read(node)
        except WordRefused as problem:
            self._refuse(node, str(problem))
            return None

    def _sequence(self, node: Node) -> None:
        self._block(node.children)

    def _comment(self, node: Node) -> None:
        text = self._tree.text(node)
        if node.start_byte == 0 and text.startswith("#!") and not _SHEBANG.match(text):
            self._refuse(node, "the first line names another interpreter than bash")

    def _assign(self, node: Node) -> None:
        name, sign, *value = node.children
        text = self._tree.text(name)
        if name.type != "variable_name" or sign.type != "=" or len(value) > 1:
            self._refuse(node, "only name=value can be assigned")
        elif not _NAME.match(text) or text.endswith("_proxy"):
            self._refuse(node, f"the variable {text} may have a meaning of its own; use a lower-case name")
        else:
            self._variables[text] = self._assigned(value[0]) if value else script_word("")

    def _redirected(self, node: Node) -> Answer | None:
        body, *redirects = node.named_children
        for redirect in redirects:
            if redirect.type != "file_redirect" or not _REDIRECT.match(self._tree.text(redirect)):
                self._refuse(redirect, "text goes to or comes from a file")
        return self._statement(body)

    def _pipeline(self, node: Node) -> None:
        first, *rest = node.named_children
        if any(child.type != "|" for child in node.children if not child.is_named):
            self._refuse(node, "this kind of pipe is not understood")
        self._statement(first)
        for part in rest:
            name, words = self._parts(part) if part.type == "command" else ("", ())
            if reason := filters.refusal(name, words):
                self._refuse(part, reason)

    def _if(self, node: Node) -> None:
        """Every branch is read from the same start; what differs afterwards is unknown."""
        self._nested += 1
        branches = list(_branches(node))
        start = dict(self._variables)
        ends: list[dict[str, Word]] = []
        for branch in branches:
            self._variables = dict(start)
            self._block(branch)
            ends.append(self._variables)
        complete = any(child.type == "else_clause" for child in node.children)
        self._variables = _merged(ends if complete else [start, *ends])
        self._nested -= 1

    def _for(self, node: Node) -> None:
        keyword, variable, *rest = node.children
        name = self._tree.text(variable)
        if keyword.type != "for" or not rest or rest[0].type != "in" or not _NAME.match(name):
            self._refuse(node, "only `for name in …` is understood")
            return
        body = rest[-1]
        words = [word for part in rest[1:-1] if part.is_named for word in self._expand(part)]
        before = dict(self._variables)
        self._nested += 1
        for word in words or [UNKNOWN_WORD]:
            self._variables[name] = word
            self._statement(body)
        self._nested -= 1
        if not words:
            # There is no turn, but what a turn would do counts all the same.
            self._variables = before

    def _test(self, node: Node) -> None:
        TestReader(self._tree, self._findings, self._expand).read(node)

    # -- commands

    def _command(self, node: Node) -> Answer | None:
        name, words = self._parts(node)
        if name == "aws":
            return read_aws(words, line_of(node), self._findings, places.region_of(self._environment))
        if name in PROGRAMS:
            account = places.account_of(PROGRAMS[name], self._environment)
            return read_cli(PROGRAMS[name], words, line_of(node), self._findings, account)
        check = self._builtins.get(name)
        if check is None:
            if reason := filters.refusal(name, words):
                self._refuse(node, reason)
        elif not check(words):
            self._refuse(node, f"{name} is used in a way that is not understood")
        return None

    def _parts(self, node: Node) -> tuple[str, tuple[Word, ...]]:
        """A command's name as it stands in the script, and its words expanded."""
        name, *arguments = node.children
        if name.type != "command_name":
            raise WordRefused("a command with variables of its own or a redirection is not understood")
        return self._tree.text(name), tuple(word for part in arguments for word in self._expand(part))

    def _shift(self, words: Sequence[Word]) -> bool:
        if words or self._nested:
            return False
        self._arguments = self._arguments[1:]
        return True

    # -- words

    def _expand(self, node: Node) -> tuple[Word, ...]:
        if node.type not in WORDS:
            raise WordRefused(f"{self._tree.text(node)[:40]!r} is not understood")
        return expand(self._tree.text(node), self._around(node))

    def _assigned(self, node: Node) -> Word:
        if node.type not in WORDS:
            raise WordRefused(f"{self._tree.text(node)[:40]!r} cannot be assigned")
        return assigned(self._tree.text(node), self._around(node))

    def _around(self, node: Node) -> Surroundings:
        substitutions = {
            len(self._tree.between(node.start_byte, part.start_byte)): part for part in _substitutions(node)
        }

        def command(place: int) -> tuple[Word, int]:
            part = substitutions.get(place)
            if part is None:
                raise WordRefused("an expansion is not understood")
            return self._substitute(part), place + len(self._tree.text(part))

        return Surroundings(variable=self._variable, arguments=lambda: self._arguments, command=command)

    def _variable(self, name: str) -> Word:
        if name == "#":
            return given_word(str(len(self._arguments)))
        if name.isdigit():
            position = int(name) - 1
            return self._arguments[position] if position < len(self._arguments) else UNKNOWN_WORD
        if name in self._variables:
            return self._variables[name]
        if self._environment is not None and name in self._environment:
            return given_word(self._environment[name])
        if self._environment is None and name in places.NAMES:
            return ANSWER_WORD
        raise WordRefused(f"the variable {name} has no value that is known")

    def _substitute(self, node: Node) -> Word:
        """The word for a command's output: known only when the script runs."""
        opening, *inside, closing = node.children
        if opening.type != "$(" or closing.type != ")" or len(inside) != 1:
            raise WordRefused("a command substitution is not understood")
        self._nested += 1
        call = self._statement(inside[0])
        self._nested -= 1
        return ANSWER_WORD if call is not None and call.answers_plainly else UNKNOWN_WORD

    def _refuse(self, node: Node, message: str) -> None:
        self._findings.refuse(line_of(node), message)


def _substitutions(node: Node) -> Iterator[Node]:
    """The outermost command substitutions within a word."""
    if node.type == "command_substitution":
        yield node
    else:
        for child in node.children:
            yield from _substitutions(child)


def _branches(node: Node) -> Iterator[Sequence[Node]]:
    """The statements of `if` with its condition, of each `elif` with its own, and of `else`."""
    own = [child for child in node.children if child.type not in ("if", "elif", "fi", "else")]
    yield [child for child in own if child.type not in ("elif_clause", "else_clause")]
    for clause in own:
        if clause.type in ("elif_clause", "else_clause"):
            yield from _branches(clause)


def _merged(ends: Sequence[Mapping[str, Word]]) -> dict[str, Word]:
    names = {name for end in ends for name in end}
    values = {name: {end.get(name, UNKNOWN_WORD) for end in ends} for name in names}
    return {name: next(iter(found)) if len(found) == 1 else UNKNOWN_WORD for name, found in values.items()}


def _is_number(words: Sequence[Word]) -> bool:
    return len(words) == 1 and words[0].literal and bool(re.fullmatch(r"[0-9]{1,4}", words[0].text))


def _is_option(words: Sequence[Word]) -> bool:
    return all(word.literal for word in words) and bool(_SET.match(" ".join(word.text for word in words)))


def _is_plain_format(words: Sequence[Word]) -> bool:
    return bool(words) and words[0].literal and not words[0].text.startswith("-") and bool(_FORMAT.match(words[0].text))
