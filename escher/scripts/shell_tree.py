"""A bash script as a syntax tree whose shape can be trusted. Pure.

tree-sitter is a parser for editors: it skips what it does not understand. So the tree is only used when there is no
error in it, when nothing but blanks lies between its parts, and when every comment starts where bash starts one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import tree_sitter_bash
from tree_sitter import Language, Node, Parser

from escher.scripts.words import first_hidden_character

# Nodes that are read as text by `shell_words`, not by their parts.
WORDS = frozenset(
    {
        "word",
        "number",
        "string",
        "raw_string",
        "concatenation",
        "simple_expansion",
        "expansion",
        "command_substitution",
        "variable_name",
        "command_name",
    }
)
_BLANK = re.compile(r"(?:[ \t\n]|\\\n)*\Z")
_BLANK_IN_LINE = re.compile(r"(?:[ \t]|\\\n)*\Z")


@cache
def _language() -> Language:
    return Language(tree_sitter_bash.language())


class Tree:
    """A parsed script. `problems` must be empty before `root` means anything."""

    def __init__(self, script: str) -> None:
        self._bytes = script.encode("utf-8", "surrogatepass")
        # A parser of its own for each script: scripts are read in several threads.
        self.root = Parser(_language()).parse(self._bytes).root_node
        self.problems = tuple(self._problems(script))

    def text(self, node: Node) -> str:
        """The source of a node."""
        return self._bytes[node.start_byte : node.end_byte].decode()

    def between(self, start: int, end: int) -> str:
        """The source between two places, in bytes."""
        return self._bytes[start:end].decode()

    def _problems(self, script: str) -> Iterator[tuple[int, str]]:
        if (line := first_hidden_character(script)) is not None:
            yield line, "there is a control or direction-changing character"
        elif self.root.has_error:
            yield _first_error(self.root), "this is not bash that can be read for certain"
        else:
            yield from self._gaps(self.root)

    def _gaps(self, node: Node) -> Iterator[tuple[int, str]]:
        """Text that belongs to no part of the tree, and places where bash would see other words or comments."""
        allowed = _BLANK_IN_LINE if node.type in ("command", "redirected_statement", "test_command") else _BLANK
        before: Node | None = None
        for child in (*node.children, None):
            start, end = before.end_byte if before else node.start_byte, child.start_byte if child else node.end_byte
            gap = self.between(start, end) if node.children else ""
            if not allowed.match(gap) or (gap and not re.search(r"[ \t\n]", gap.replace("\\\n", ""))):
                yield line_of(child or node), "there is text that cannot be read for certain"
            elif not gap and before and child and before.type in WORDS and child.type in WORDS:
                yield line_of(child), "two words are not set apart"
            if child is not None:
                yield from self._within(child)
            before = child

    def _within(self, node: Node) -> Iterator[tuple[int, str]]:
        if node.type == "comment" and not re.match(
            r"[\s;]?\Z", self.between(max(0, node.start_byte - 1), node.start_byte)
        ):
            yield line_of(node), "a comment starts inside a word"
        if node.type not in WORDS:
            yield from self._gaps(node)


def line_of(node: Node) -> int:
    """The line a node starts on, from 1."""
    return node.start_point[0] + 1


def _first_error(node: Node) -> int:
    for child in node.children:
        if child.has_error:
            return _first_error(child)
    return line_of(node)
