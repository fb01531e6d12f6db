"""What must not leave a machine inside a playbook: credentials, account ids and addresses, found by their shape. Pure.

Every pattern is linear. It is the second net: values belong into parameters, and the first is that playbooks have them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from escher.contract.playbook import Playbook
from escher.contract.publication import Finding

_KEYWORD = r"(?:pass(?:word|wd)?|pwd|secret|api[-_]?key|access[-_]?key|auth[-_]?token|account[-_]?key|private[-_]?key)"
_OCTET = r"(?:25[0-5]|2[0-4]\d|1?\d?\d)"
_SHAPES: tuple[tuple[str, str], ...] = (
    ("a private key", r"-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----"),
    ("an AWS access key", r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"),
    ("a token", r"\bgh[pousr]_[A-Za-z0-9]{30,}|\bgithub_pat_\w{30,}|\bglpat-[\w-]{16,}|\bxox[abeprs]-[A-Za-z0-9-]{10,}"),
    ("a token", r"\bAIza[\w-]{35}|\bya29\.[\w-]{20,}|\bsk-[\w-]{20,}|\bhf_[A-Za-z0-9]{20,}|\bnpm_[A-Za-z0-9]{30,}"),
    ("a token", r"\beyJ[\w-]{10,}\.[\w-]{10,}"),
    ("a credential", r"(?i)\b(?:AccountKey|SharedAccessKey|SharedAccessSignature)=[\w+/=%-]{8,}"),
    ("a credential", r"(?i)\b(?:bearer|basic)\s+(?=[\w.~+/-]*\d)[\w.~+/-]{20,}"),
    ("a credential", rf"(?i){_KEYWORD}[\"']?\s{{0,3}}[:=]\s{{0,3}}[\"'](?!\$)[^\"'$\s{{}}]{{6,}}[\"']"),
    ("a credential", r"\b[a-z][a-z0-9+.-]{1,20}://[^\s/:@]{1,200}:[^\s/@]{1,200}@"),
    ("a credential", r"(?<![\w/+])(?=[\w/+]*\d)(?=[\w/+]*[a-z])(?=[\w/+]*[A-Z])[A-Za-z0-9/+]{40}(?![\w/+=])"),
    ("an account id", r"(?<![\w-])(?<!\d\.)\d{12}(?![\w-])(?!\.\d)|\barn:[a-z-]{2,20}:[a-z0-9-]*:[a-z0-9-]*:\d{12}:"),
    ("an account id", r"(?i)(?<![0-9a-f-])[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}(?![0-9a-f-])"),
    ("an account id", r"\bprojects/(?!\$|\{|_)[a-z][a-z0-9-]{4,28}[a-z0-9]/"),
    ("the id of a resource", r"\b(?:i|vol|snap|sg|subnet|vpc|ami|eni|eipalloc)-(?=[0-9a-f]*\d)[0-9a-f]{8,17}\b"),
    ("an address", rf"(?<![\w.])(?!0\.0\.0\.0|127\.|255\.)(?:{_OCTET}\.){{3}}{_OCTET}(?!\w)(?!\.\d)"),
    ("an address", r"(?i)(?<![\w:.])(?:[0-9a-f]{1,4}:){3,7}(?::|[0-9a-f]{1,4})(?![\w:])"),
    ("an address", r"(?i)\b[a-z0-9._%+-]{1,64}@(?:[a-z0-9-]{1,63}\.){1,6}[a-z]{2,24}\b"),
    ("an address", r"(?i)\bhttps?://(?!(?:[a-z0-9-]+\.)*(?:amazonaws|amazon|azure|microsoft|google|googleapis)\.com\b)"
                   r"(?!\$)[a-z0-9.-]+"),
)  # fmt: skip
_PATTERNS = tuple((what, re.compile(pattern)) for what, pattern in _SHAPES)


def leaks(playbook: Playbook) -> tuple[Finding, ...]:
    """Every place of a playbook that holds what must not leave, with its line; none when it may be published."""
    document = playbook.model_dump(mode="json")
    scripts: Mapping[str, Mapping[str, Any]] = document.pop("scripts")
    found = list(_in_node("playbook", document))
    for number, (key, script) in enumerate(scripts.items(), start=1):
        # A name that holds a secret is not repeated.
        name = f"script {number}" if what_leaks(key) else key
        found += [Finding(place=f"script {number}", message=_told(what)) for what in what_leaks(key)]
        found += _in_node(name, script["metadata"])
        found += [hit for language, code in script["code"].items() for hit in _in_code(f"{name} ({language})", code)]
    return tuple(found)


def what_leaks(text: str) -> tuple[str, ...]:
    """What a text holds that must not leave, in words, each once."""
    return tuple(dict.fromkeys(what for what, pattern in _PATTERNS if pattern.search(text)))


def _in_code(place: str, code: str) -> Iterator[Finding]:
    for number, line in enumerate(code.splitlines(), start=1):
        yield from (Finding(place=place, line=number, message=_told(what)) for what in what_leaks(line))


def _in_node(place: str, node: Any) -> Iterator[Finding]:
    if isinstance(node, str):
        yield from (Finding(place=place, message=_told(what)) for what in what_leaks(node))
    elif isinstance(node, Mapping):
        for key, value in node.items():
            named = not what_leaks(str(key))
            yield from () if named else _in_node(place, str(key))
            yield from _in_node(f"{place}.{key}" if named else place, value)
    elif isinstance(node, list):
        for number, item in enumerate(node, start=1):
            yield from _in_node(f"{place}[{number}]", item)


def _told(what: str) -> str:
    return f"it looks like {what}; make it a parameter or take it out"
