"""Read one `aws …` command: which operation, with which parameters. Pure; fails closed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from escher.apis import catalogue
from escher.apis.catalogue import OperationSpec
from escher.apis.flags import Flag
from escher.apis.shapes import Shape
from escher.apis.validate import UNKNOWN
from escher.scripts import aws_flags
from escher.scripts.answers import Answer
from escher.scripts.aws_values import ValueRefused, load_json, structured, takes_many, value_of
from escher.scripts.findings import Findings
from escher.scripts.words import UNKNOWN_WORD, Word, as_argument, flag_of, is_flag

_SECONDS = frozenset(map(str, range(1, 901)))  # 0 would wait for ever
_CHOICES = {
    "output": {"json", "text", "table", "yaml", "yaml-stream", "off"},
    "color": {"on", "off", "auto"},
    "cli-binary-format": {"base64", "raw-in-base64-out"},
    "cli-read-timeout": _SECONDS,
    "cli-connect-timeout": _SECONDS,
}


@dataclass
class _Reader:
    words: Sequence[Word]
    line: int
    findings: Findings
    region: str | None
    at: int = 0
    call: Answer = field(default_factory=Answer)
    parameters: dict[str, Any] = field(default_factory=dict)
    document: dict[str, Any] = field(default_factory=dict)
    positional: list[str] = field(default_factory=list)
    opaque: bool = False

    def read(self) -> Answer:
        spec = self._operation()
        if spec is None:
            return self.call
        while self.at < len(self.words):
            self._next(spec)
        self._finish(spec)
        return self.call

    def _operation(self) -> OperationSpec | None:
        service, name = self._name(), self._name()
        if name == "wait":
            name = f"wait {self._name()}"
        spec = catalogue.operation("aws", service, name)
        if catalogue.is_local("aws", service, name):
            self._refuse(f"aws {service} {name} works on this machine")
        elif spec is None or not spec.in_cli:
            self._invalid(f"there is no command aws {service} {name}".rstrip())
            return None
        return spec

    def _name(self) -> str:
        """The next word that is no flag, as it stands in the script; flags that every command has may come before."""
        while self.at < len(self.words) and is_flag(self.words[self.at]):
            flag, inline = flag_of(self.words[self.at])
            self.at += 1
            if not self._global(flag, inline):
                self._invalid(f"there is no option --{flag} before the command's name")
        word = self._take()
        return word.text if word is not None and word.literal else ""

    def _take(self) -> Word | None:
        if self.at >= len(self.words):
            return None
        self.at += 1
        return self.words[self.at - 1]

    # -- one flag or word at a time

    def _next(self, spec: OperationSpec) -> None:
        if not is_flag(self.words[self.at]):
            self._positional(spec)
            return
        name, inline = flag_of(self.words[self.at])
        self.at += 1
        name = _whole_name(name, spec)
        if self._global(name, inline):
            return
        if name == "cli-input-json" and spec.api and not spec.outfile:
            self._input(inline)
        elif name in aws_flags.PAGING and spec.paged:
            self._values(inline, several=False)
        elif name in spec.flags:
            self._parameter(spec, name, spec.flags[name], inline)
        elif name in spec.custom:
            self._custom(name, inline)
        else:
            self._invalid(f"aws {spec.service} {spec.operation} has no option --{name}")

    def _positional(self, spec: OperationSpec) -> None:
        word = self.words[self.at]
        self.at += 1
        if spec.positional:
            self.positional.append(self._checked(word).text)
        elif spec.outfile:
            self._refuse(f"aws {spec.service} {spec.operation} writes a file")
        else:
            self._invalid(f"aws {spec.service} {spec.operation} does not take the word {word.text[:40]!r}")

    def _global(self, name: str, inline: Word | None) -> bool:
        """Deal with a flag that every command has; False when it is none."""
        takes_value = {"region": True, **aws_flags.HARMLESS, **aws_flags.REFUSED}.get(name)
        if takes_value is None:
            return False
        value = (inline or self._take()) if takes_value else None
        text = value.text if value is not None else ""
        if name in aws_flags.REFUSED:
            self._refuse(f"the option --{name} is not allowed")
        elif takes_value and value is None:
            self._invalid(f"--{name} needs a value")
        elif value is not None and (reason := as_argument(value)):
            self._refuse(reason)
        elif name in _CHOICES and text not in _CHOICES[name]:
            (self._refuse if text == "0" else self._invalid)(f"--{name} cannot be {text!r}")
        elif name == "region" and self.region is not None and text != self.region:
            self._refuse(f"the region {text!r} is not the one that this runs in")
        elif name in ("query", "output"):
            setattr(self.call, name, text)
        return True

    def _input(self, inline: Word | None) -> None:
        """`--cli-input-json`: the one way in for values of any form."""
        words = self._values(inline, several=False, checked=False)
        if not words:
            return
        word = words[0]
        whole = word.known and (word.literal or len(word.pieces) == 1)
        from_file = word.text.strip().startswith(("file:", "fileb:"))
        reason = "" if whole and not from_file else as_argument(word)
        if reason:
            self._refuse(reason)
            self.opaque = True
            return
        try:
            document = load_json(word.text)
        except ValueRefused as problem:
            self._invalid(f"--cli-input-json: {problem}")
            return
        if isinstance(document, dict):
            self.document = document
        else:
            self._invalid("--cli-input-json must be an object")

    # -- values

    def _parameter(self, spec: OperationSpec, name: str, flag: Flag, inline: Word | None) -> None:
        shape = spec.shape_of(flag)
        follows = self.at < len(self.words) and not is_flag(self.words[self.at])
        if flag.value is not None and not (flag.path and flag.value and (inline or follows)):
            if inline is not None:
                self._invalid(f"--{name} takes no value")
            self._set((flag.parameter, *flag.path), flag.value, name)
            return
        if flag.value is not None:
            # `--ebs-optimized Value=false`: a yes that may be given as a structure all the same.
            shape, flag = spec.parameters[flag.parameter], Flag(flag.parameter)
        words = self._values(inline, several=takes_many(shape), parameter=flag.parameter, shape=shape)
        if words:
            self._set((flag.parameter, *flag.path), self._value(spec, name, shape, words), name)

    def _value(self, spec: OperationSpec, name: str, shape: Shape, words: Sequence[Word]) -> Any:
        if shape.type == "file":
            self._refuse(f"--{name} is the path of a file to read")
        if not all(word.known for word in words):
            return [UNKNOWN] if takes_many(shape) else UNKNOWN
        try:
            return value_of(shape, [word.text for word in words], spec=spec, flag=name)
        except ValueRefused as problem:
            self._invalid(f"--{name}: {problem}")
            return UNKNOWN

    def _custom(self, name: str, inline: Word | None) -> None:
        if name not in aws_flags.CUSTOM:
            self._refuse(f"what --{name} does is not known")
            self.opaque = True
            self._values(inline, several=True)
            return
        words = [] if name in aws_flags.BARE else self._values(inline, several=name in aws_flags.SEVERAL)
        if not words and name not in aws_flags.BARE:
            return
        try:
            settings = aws_flags.CUSTOM[name]([word.text for word in words])
        except ValueRefused as problem:
            self._invalid(f"--{name}: {problem}")
            return
        for path, value in settings:
            self._set(path, value if all(word.known for word in words) else UNKNOWN, name)

    def _values(
        self,
        inline: Word | None,
        *,
        several: bool,
        parameter: str = "",
        shape: Shape | None = None,
        checked: bool = True,
    ) -> list[Word]:
        """The words that belong to a flag, each checked."""
        words = [inline] if inline is not None else []
        while inline is None and self.at < len(self.words) and not is_flag(self.words[self.at]):
            words.append(self.words[self.at])
            self.at += 1
            if not several:
                break
        if not words:
            self._invalid("an option has no value")
        if not checked:
            return words
        keyed = shape is not None and structured(shape)
        return [self._checked(word, parameter, keyed=keyed) for word in words]

    def _checked(self, word: Word, parameter: str = "", *, keyed: bool = False) -> Word:
        """The word when it may be an argument, else one that stands for anything."""
        reason = as_argument(word, parameter, structured=keyed)
        if reason:
            self._refuse(reason)
        return UNKNOWN_WORD if reason else word

    def _set(self, path: tuple[str, ...], value: Any, name: str) -> None:
        if not aws_flags.put(self.parameters, path, value):
            self._refuse(f"--{name} is given twice")

    def _finish(self, spec: OperationSpec) -> None:
        if spec.outfile and not self.positional:
            self._refuse(f"aws {spec.service} {spec.operation} writes a file")
        if spec.positional and self.positional:
            self._place(spec)
        if spec.service == "s3" and not all(path.startswith("s3://") for path in self.positional):
            self._refuse(f"aws s3 {spec.operation} touches files of this machine")
        # Without a number, `ec2 run-instances` starts one instance.
        unseen = {"MinCount": 1, "MaxCount": 1} if "count" in spec.custom else {}
        unseen |= dict.fromkeys(spec.required, UNKNOWN) if self.opaque else {}
        self.findings.call(self.line, spec, unseen | self.document | self.parameters)

    def _place(self, spec: OperationSpec) -> None:
        """The words without a flag, as the parameter that the command takes so."""
        several = takes_many(spec.parameters[spec.positional])
        if not several and len(self.positional) > 1:
            self._invalid(f"aws {spec.service} {spec.operation} takes one path")
        self.parameters[spec.positional] = self.positional if several else self.positional[0]

    def _refuse(self, message: str) -> None:
        self.findings.refuse(self.line, message)

    def _invalid(self, message: str) -> None:
        self.findings.invalid(self.line, message)


def read_aws(words: Sequence[Word], line: int, findings: Findings, region: str | None) -> Answer:
    """Read the words after `aws`. `region` is where it runs, None when that is not known (then any may be named)."""
    return _Reader(words, line, findings, region).read()


def _whole_name(name: str, spec: OperationSpec) -> str:
    """The CLI takes the beginning of an option for the option when only one begins so."""
    everywhere = {"region", "cli-input-json", *aws_flags.HARMLESS, *aws_flags.REFUSED}
    options = everywhere | set(spec.flags) | set(spec.custom) | (aws_flags.PAGING if spec.paged else set())
    meant = [option for option in options if option.startswith(name)] if name else []
    return meant[0] if name not in options and len(meant) == 1 else name
