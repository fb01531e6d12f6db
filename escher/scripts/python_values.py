"""The values of a Python script's expressions, as far as they can be known without running it. Pure; fails closed.

Known values are those of JSON; `UNKNOWN` stands for what a provider answers. Nothing is ever looked up on a Python
object: the functions and methods that are understood are named here.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from escher.apis.validate import UNKNOWN, Unknown, has_unknown
from escher.scripts.findings import Findings
from escher.scripts.python_errors import NotUnderstood
from escher.scripts.python_functions import COMPARISONS, FUNCTIONS, LONGEST, METHODS, METHODS_OF_ANSWERS, bounded
from escher.scripts.sdk import Sdk
from escher.scripts.special import Factory, Method, Special, Stream

MOST_STEPS = 200_000


class Evaluator:
    """Expressions over the script's variables; calls of operations are reported as they are met."""

    def __init__(
        self,
        variables: Mapping[str, Any],
        arguments: Sequence[str],
        environment: Mapping[str, str] | None,
        findings: Findings,
    ) -> None:
        self._variables = variables
        self._scopes: list[dict[str, Any]] = []
        self._steps = 0
        self._sdk = Sdk(arguments, environment, findings)
        self._kinds: Mapping[type[ast.expr], Callable[[Any], Any]] = {
            ast.Constant: lambda node: node.value,
            ast.Name: self._name,
            ast.Attribute: self._attribute,
            ast.Subscript: self._subscript,
            ast.Call: self._call,
            ast.List: self._items,
            ast.Tuple: self._items,
            ast.Dict: self._dict,
            ast.JoinedStr: self._text,
            ast.FormattedValue: self._formatted,
            ast.Compare: self._compare,
            ast.BoolOp: self._any_of,
            ast.UnaryOp: self._unary,
            ast.BinOp: self._binary,
            ast.IfExp: self._choice,
            ast.ListComp: self._comprehension,
            ast.GeneratorExp: self._comprehension,
        }

    def of(self, node: ast.expr) -> Any:
        """The plain value of an expression: no module, client or method. Raises NotUnderstood."""
        value = self._part(node)
        if isinstance(value, Special | Method):
            raise NotUnderstood("only plain values can be passed on", node.lineno)
        return value

    def kept(self, node: ast.expr) -> Any:
        """A value that a name may be given: a plain one, a client, a log-in, a call made ready. Raises NotUnderstood."""
        value = self._part(node)
        if isinstance(value, Method) or (isinstance(value, Special) and not value.nameable):
            raise NotUnderstood("only plain values and clients can be given a name", node.lineno)
        return value

    def _part(self, node: ast.expr) -> Any:
        """A value; what an answer has as an attribute is not known either."""
        value = self._any(node)
        return UNKNOWN if isinstance(value, Method) and isinstance(value.owner, Unknown) else value

    def _any(self, node: ast.expr) -> Any:
        self._steps += 1
        if self._steps > MOST_STEPS:
            raise NotUnderstood("it takes too long to read", node.lineno)
        read = self._kinds.get(type(node))
        if read is None:
            raise NotUnderstood(f"the expression {type(node).__name__.lower()} is not understood", node.lineno)
        try:
            return read(node)
        except NotUnderstood as problem:
            raise problem.at(node.lineno) from None
        except (TypeError, ValueError, KeyError, IndexError) as cause:
            raise NotUnderstood(f"it would fail: {type(cause).__name__}", node.lineno) from cause

    def exit(self, node: ast.expr) -> None:
        """`SystemExit(…)`, the only thing that may be raised."""
        call = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "SystemExit"
        if call and isinstance(node, ast.Call) and not node.keywords:
            for argument in node.args:
                self.of(argument)
        elif not (isinstance(node, ast.Name) and node.id == "SystemExit"):
            raise NotUnderstood("only SystemExit can be raised", node.lineno)

    def is_builtin(self, name: str) -> bool:
        """Whether the name is one of the functions that are understood."""
        return name in FUNCTIONS or name in ("print", "range", "SystemExit")

    def unpack(self, target: ast.expr, value: Any, bind: Callable[[ast.expr, Any], None]) -> None:
        """Bind a loop's target: a name, or several to the parts of a value."""
        if not isinstance(target, ast.Tuple):
            bind(target, value)
            return
        parts = value if isinstance(value, list | tuple) and len(value) == len(target.elts) else None
        for index, name in enumerate(target.elts):
            bind(name, parts[index] if parts is not None else UNKNOWN)

    # -- names and parts

    def _name(self, node: ast.Name) -> Any:
        for scope in reversed(self._scopes):
            if node.id in scope:
                return scope[node.id]
        if node.id in self._variables:
            return self._variables[node.id]
        raise NotUnderstood(f"the name {node.id} is not one that is known")

    def _attribute(self, node: ast.Attribute) -> Any:
        if node.attr.startswith("_"):
            raise NotUnderstood(f"{node.attr} is private")
        owner = self._part(node.value)
        if isinstance(owner, Special):
            return self._sdk.attribute(owner, node.attr)
        return Method(owner, node.attr)

    def _subscript(self, node: ast.Subscript) -> Any:
        value = self._part(node.value)
        if isinstance(value, Special):
            return self._sdk.item(value, self.of(node.slice))
        if isinstance(node.slice, ast.Slice):
            parts = (node.slice.lower, node.slice.upper, node.slice.step)
            bounds = [None if part is None else self.of(part) for part in parts]
            return UNKNOWN if isinstance(value, Unknown) or has_unknown(bounds) else value[slice(*bounds)]
        key = self.of(node.slice)
        return UNKNOWN if isinstance(value, Unknown) or isinstance(key, Unknown) else value[key]

    # -- literals

    def _items(self, node: ast.List | ast.Tuple) -> list[Any]:
        return [self.of(item) for item in node.elts]

    def _dict(self, node: ast.Dict) -> dict[Any, Any]:
        found: dict[Any, Any] = {}
        for key, value in zip(node.keys, node.values, strict=True):
            if key is None:
                found |= self._mapping(value)
            else:
                found[self.of(key)] = self.of(value)
        return found

    def _mapping(self, node: ast.expr) -> dict[str, Any]:
        """What `**` spreads."""
        value = self.of(node)
        if not isinstance(value, dict) or not all(type(key) is str for key in value):
            raise NotUnderstood("what ** spreads is not known", node.lineno)
        return value

    def _text(self, node: ast.JoinedStr) -> Any:
        parts = [self.of(part) for part in node.values]
        return UNKNOWN if has_unknown(parts) else bounded("".join(parts))

    def _formatted(self, node: ast.FormattedValue) -> Any:
        value = self.of(node.value)
        if node.format_spec is not None:
            self.of(node.format_spec)
        plain = node.format_spec is None and node.conversion == -1
        return str(value) if plain and not has_unknown(value) else UNKNOWN

    # -- operators

    def _compare(self, node: ast.Compare) -> Any:
        values = [self.of(part) for part in (node.left, *node.comparators)]
        if has_unknown(values):
            return UNKNOWN
        if any(isinstance(sign, ast.Is | ast.IsNot) for sign in node.ops) and None not in values:
            raise NotUnderstood("only None can be compared with is")
        pairs = zip(node.ops, values, values[1:], strict=False)
        return all(COMPARISONS[type(sign)](one, other) for sign, one, other in pairs)

    def _any_of(self, node: ast.BoolOp) -> Any:
        values = [self.of(part) for part in node.values]
        if has_unknown(values):
            return UNKNOWN
        decides = bool if isinstance(node.op, ast.Or) else operator.not_
        return next((value for value in values if decides(value)), values[-1])

    def _unary(self, node: ast.UnaryOp) -> Any:
        value = self.of(node.operand)
        if isinstance(node.op, ast.Not):
            return UNKNOWN if has_unknown(value) else not value
        if isinstance(node.op, ast.USub):
            return UNKNOWN if has_unknown(value) else -value
        raise NotUnderstood("this operator is not understood")

    def _binary(self, node: ast.BinOp) -> Any:
        if not isinstance(node.op, ast.Add | ast.Sub):
            raise NotUnderstood("only + and - are understood")
        one, other = self.of(node.left), self.of(node.right)
        if isinstance(one, Unknown) or isinstance(other, Unknown):
            return UNKNOWN
        return bounded(one + other if isinstance(node.op, ast.Add) else one - other)

    def _choice(self, node: ast.IfExp) -> Any:
        test, one, other = self.of(node.test), self.of(node.body), self.of(node.orelse)
        return UNKNOWN if has_unknown(test) else one if test else other

    # -- comprehensions

    def _comprehension(self, node: ast.ListComp | ast.GeneratorExp) -> Any:
        self._scopes.append({})
        try:
            items, certain = self._generated(node.elt, node.generators)
        finally:
            self._scopes.pop()
        return bounded(items) if certain else UNKNOWN

    def _generated(self, element: ast.expr, generators: Sequence[ast.comprehension]) -> tuple[list[Any], bool]:
        if not generators:
            return [self.of(element)], True
        first, *rest = generators
        values = self.of(first.iter)
        known = isinstance(values, list) and bool(values)
        found: list[Any] = []
        certain = known or values == []
        for value in values if known else [UNKNOWN]:
            self.unpack(first.target, value, self._bind_here)
            tests = [self.of(test) for test in first.ifs]
            items, inner = self._generated(element, rest)
            certain = certain and inner and not has_unknown(tests)
            found += items if all(tests) and known else []
        return found, certain

    def _bind_here(self, target: ast.expr, value: Any) -> None:
        if not isinstance(target, ast.Name) or self.is_builtin(target.id):
            raise NotUnderstood("only a plain name can be bound")
        self._scopes[-1][target.id] = value

    # -- calls

    def _call(self, node: ast.Call) -> Any:
        if any(isinstance(argument, ast.Starred) for argument in node.args):
            raise NotUnderstood("* in a call is not understood")
        if isinstance(node.func, ast.Name) and node.func.id not in self._variables and self.is_builtin(node.func.id):
            return self._function(node.func.id, *self._arguments(node))
        target = self._any(node.func)
        if isinstance(target, Factory):
            return self._sdk.make(target, *self._arguments(node, self.kept), node.lineno)
        if not isinstance(target, Method):
            raise NotUnderstood("what is called here is not known")
        if isinstance(target.owner, Special):
            literal = bool(node.args) and isinstance(node.args[0], ast.Constant)
            return self._sdk.call(target, *self._arguments(node), line=node.lineno, literal=literal)
        return self._method(target, *self._arguments(node))

    def _arguments(
        self, node: ast.Call, value_of: Callable[[ast.expr], Any] | None = None
    ) -> tuple[list[Any], dict[str, Any]]:
        """The arguments of a call; only what makes a client may get more than plain values (by `value_of`)."""
        named: dict[str, Any] = {}
        for keyword in node.keywords:
            if keyword.arg is None:
                part = self._mapping(keyword.value)
            else:
                part = {keyword.arg: value_of(keyword.value) if value_of else self._keyword(keyword)}
            if not named.keys().isdisjoint(part):
                raise NotUnderstood("a parameter is given twice")
            named |= part
        return [(value_of or self.of)(argument) for argument in node.args], named

    def _keyword(self, keyword: ast.keyword) -> Any:
        """`print(file=sys.stderr)` and `json.dumps(default=str)` name things that are no plain values."""
        if keyword.arg == "default" and isinstance(keyword.value, ast.Name) and keyword.value.id == "str":
            return None
        value = self._any(keyword.value) if keyword.arg == "file" else self.of(keyword.value)
        if isinstance(value, Special | Method) and value != Stream():
            raise NotUnderstood("text can only be printed to sys.stdout and sys.stderr")
        return value

    def _function(self, name: str, arguments: list[Any], named: Mapping[str, Any]) -> Any:
        if name == "print":
            return None
        if name == "range":
            return UNKNOWN if has_unknown(arguments) else list(range(*arguments)[:LONGEST])
        if name not in FUNCTIONS:
            raise NotUnderstood(f"{name} is used in a way that is not understood")
        return UNKNOWN if has_unknown([arguments, dict(named)]) else FUNCTIONS[name](*arguments, **named)

    def _method(self, target: Method, arguments: list[Any], named: Mapping[str, Any]) -> Any:
        if isinstance(target.owner, Unknown):
            if target.name not in METHODS_OF_ANSWERS:
                raise NotUnderstood(f"the method {target.name} is not understood")
            return UNKNOWN
        method = METHODS.get(type(target.owner), {}).get(target.name)
        if method is None:
            raise NotUnderstood(f"the method {target.name} is not understood")
        # A field of a known object may be looked up even when another field of it is unknown.
        unknown = has_unknown([arguments, dict(named)]) or (isinstance(target.owner, str) and has_unknown(target.owner))
        return UNKNOWN if unknown else bounded(method(target.owner, *arguments, **named))
