"""Read the conditions of a bash script: `[[ … ]]` and `[ … ]` over texts, and numbers that are known. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable

from tree_sitter import Node

from escher.scripts.findings import Findings
from escher.scripts.shell_tree import WORDS, Tree, line_of
from escher.scripts.words import Word

_TEXT = frozenset({"==", "=", "!="})
_NUMERIC = frozenset({"-eq", "-ne", "-lt", "-le", "-gt", "-ge"})
_JOINING = frozenset({"&&", "||"})
_PRESENCE = frozenset({"-z", "-n"})
_NUMBER = re.compile(r"""(-?[0-9]{1,9}|\$#|"\$#")\Z""")


class TestReader:
    """Conditions have no effect of their own, as long as bash does no arithmetic on a value from outside."""

    __test__ = False  # not a class of tests, whatever its name

    def __init__(self, tree: Tree, findings: Findings, expand: Callable[[Node], tuple[Word, ...]]) -> None:
        self._tree = tree
        self._findings = findings
        self._expand = expand

    def read(self, node: Node) -> None:
        """One condition with its brackets."""
        for child in node.children:
            if child.is_named:
                self._condition(child)
            elif child.type not in ("[[", "]]", "[", "]"):
                self._refuse(node, "arithmetic is not understood")

    def _condition(self, node: Node) -> None:
        if node.type in WORDS:
            self._expand(node)
        elif node.type == "binary_expression" and len(node.children) == 3:
            self._binary(*node.children)
        elif node.type == "unary_expression" and len(node.children) == 2:
            self._unary(*node.children)
        elif node.type == "parenthesized_expression":
            for child in node.named_children:
                self._condition(child)
        else:
            self._refuse(node, f"{self._tree.text(node)[:40]!r} is not a condition that is understood")

    def _binary(self, left: Node, operator: Node, right: Node) -> None:
        sign = self._tree.text(operator)
        if sign not in _TEXT | _NUMERIC | _JOINING:
            self._refuse(operator, f"the comparison {sign!r} is not understood")
        for side in (left, right):
            self._condition(side)
            if sign in _NUMERIC and not self._is_number(side):
                self._refuse(side, "bash would do arithmetic on a value that is not in the script")

    def _unary(self, operator: Node, operand: Node) -> None:
        sign = self._tree.text(operator)
        if sign not in _PRESENCE | {"!"}:
            self._refuse(operator, f"the test {sign!r} is not understood")
        self._condition(operand)

    def _is_number(self, node: Node) -> bool:
        """A number that stands in the script, or how many arguments there are."""
        return bool(_NUMBER.match(self._tree.text(node)))

    def _refuse(self, node: Node, message: str) -> None:
        self._findings.refuse(line_of(node), message)
