"""Read a Python script by walking its syntax tree: every branch, every turn of every loop. Pure; fails closed.

Each kind of statement that is understood has a method here; expressions are in `python_values`. Anything else makes
the reading `unknown`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from escher.apis.validate import UNKNOWN, Unknown
from escher.scripts.findings import Findings
from escher.scripts.python_errors import NotOffered, NotUnderstood
from escher.scripts.python_values import Evaluator
from escher.scripts.sdk import MODULES
from escher.scripts.sdk_clouds import is_known
from escher.scripts.special import Factory, Module
from escher.scripts.words import first_hidden_character

MOST_STEPS = 20_000
_CODING = re.compile(r"^[ \t\f]*#.*?coding[:=]")


class PythonReader:
    """One script with its arguments and environment."""

    def __init__(
        self, script: str, arguments: Sequence[str], environment: Mapping[str, str] | None, findings: Findings
    ) -> None:
        self._script = script
        self._findings = findings
        self._variables: dict[str, Any] = {"__name__": "__main__"}
        self._values = Evaluator(self._variables, arguments, environment, findings)
        self._steps = 0
        self._statements: Mapping[type[ast.stmt], Callable[[Any], None]] = {
            ast.Import: self._import,
            ast.ImportFrom: self._import_from,
            ast.Assign: self._assign,
            ast.AnnAssign: self._annotated,
            ast.Expr: lambda node: self._values.of(node.value),
            ast.If: self._if,
            ast.For: self._for,
            ast.Raise: self._raise,
            ast.Pass: lambda _: None,
        }

    def read(self) -> None:
        """Walk the whole script."""
        tree = self._parsed()
        if tree is not None:
            self._block(tree.body)

    def _parsed(self) -> ast.Module | None:
        if (line := first_hidden_character(self._script)) is not None:
            self._findings.refuse(line, "there is a control or direction-changing character")
            return None
        if any(_CODING.match(line) for line in self._script.splitlines()[:2]):
            self._findings.refuse(1, "it declares an encoding of its own")
            return None
        try:
            return ast.parse(self._script)
        except SyntaxError as problem:
            self._findings.refuse(problem.lineno or 1, "this is not Python")
        except (ValueError, MemoryError):
            self._findings.refuse(1, "this is not Python that can be read")
        return None

    def _block(self, statements: Sequence[ast.stmt]) -> None:
        for statement in statements:
            self._statement(statement)

    def _statement(self, node: ast.stmt) -> None:
        self._steps += 1
        read = self._statements.get(type(node))
        try:
            if self._steps > MOST_STEPS:
                raise NotUnderstood("it is too long to read")
            if read is None:
                raise NotUnderstood(f"the statement {type(node).__name__.lower()} is not understood")
            read(node)
        except NotUnderstood as problem:
            report = self._findings.invalid if isinstance(problem, NotOffered) else self._findings.refuse
            report(problem.line or node.lineno, str(problem))
            self._forget([node])

    def _import(self, node: ast.Import) -> None:
        for alias in node.names:
            if alias.name not in MODULES or alias.asname:
                raise NotUnderstood(f"the module {alias.name} is not one that can be read")
            first = alias.name.partition(".")[0]
            self._variables[first] = Module(first)

    def _import_from(self, node: ast.ImportFrom) -> None:
        for alias in node.names:
            if node.level or alias.asname or not is_known(node.module or "", alias.name):
                raise NotUnderstood(f"{alias.name} of the module {node.module} is not one that can be read")
            self._variables[alias.name] = Factory(node.module or "", alias.name)

    def _assign(self, node: ast.Assign) -> None:
        value = self._values.kept(node.value)
        for target in node.targets:
            self._values.unpack(target, value, self._bind)

    def _annotated(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self._bind(node.target, self._values.kept(node.value))

    def _bind(self, target: ast.expr, value: Any) -> None:
        if not isinstance(target, ast.Name) or target.id.startswith("__"):
            raise NotUnderstood("only a plain name can be assigned")
        has_meaning = isinstance(self._variables.get(target.id), Factory | Module)
        if has_meaning or target.id in MODULES or self._values.is_builtin(target.id):
            raise NotUnderstood(f"the name {target.id} has a meaning of its own")
        self._variables[target.id] = value

    def _if(self, node: ast.If) -> None:
        """Both branches are read from the same start; what differs afterwards is unknown."""
        self._values.of(node.test)
        start = dict(self._variables)
        ends: list[dict[str, Any]] = []
        for branch in (node.body, node.orelse):
            self._restore(start)
            self._block(branch)
            ends.append(dict(self._variables))
        self._restore(_merged(*ends))

    def _for(self, node: ast.For) -> None:
        values = self._values.of(node.iter)
        if node.orelse:
            raise NotUnderstood("else after a loop is not understood")
        if isinstance(values, list | tuple) and values:
            for value in values:
                self._values.unpack(node.target, value, self._bind)
                self._block(node.body)
            return
        # Perhaps no turn, perhaps many: what the body changes is not known in it, nor after it.
        self._forget(node.body)
        self._values.unpack(node.target, UNKNOWN, self._bind)
        self._block(node.body)
        self._forget([node])

    def _raise(self, node: ast.Raise) -> None:
        if node.exc is None or node.cause is not None:
            raise NotUnderstood("only SystemExit can be raised")
        self._values.exit(node.exc)

    def _forget(self, statements: Sequence[ast.stmt]) -> None:
        """Whatever these statements may assign is unknown from here on."""
        for statement in statements:
            for node in ast.walk(statement):
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                    self._variables[node.id] = UNKNOWN

    def _restore(self, variables: Mapping[str, Any]) -> None:
        self._variables.clear()
        self._variables.update(variables)


def _merged(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    return {name: one[name] if _same(one.get(name), other.get(name)) else UNKNOWN for name in {*one, *other}}


def _same(one: Any, other: Any) -> bool:
    return type(one) is type(other) and not isinstance(one, Unknown) and one == other
