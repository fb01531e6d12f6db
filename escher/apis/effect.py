"""What calling an operation does, told from its name. Pure.

The verb decides, after `batch`, `admin`, `bulk` and `transact` are taken off; an unknown verb is a `write`. What can
be undone (`stop`, `untag`, `disassociate`, `restore` …) is a `write`, what is lost is `destroy`. An operation that
prints or mints credentials is `secret`, whatever its verb. `unknown` means ask: the operation runs something whose
effect its name does not tell. botocore's own `readonly` trait is incomplete, so it is not used.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from escher.apis.cli_effect import named_effect
from escher.apis.special_effects import DESTROYS, READS, RUNS, SECRETS, WRITES
from escher.contract.vocabulary import Effect, Provider, worst


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_PREFIXES = _words("batch admin bulk transact")
_READ = _words(
    "list get describe search lookup head count validate preview check scan query view is filter resolve "
    "discover estimate simulate select read contains compare wait ls"
)
_RUN = _words(
    "export detect generate execute test invoke assume retrieve evaluate recognize translate analyze "
    "decrypt calculate predict infer converse classify synthesize rerank chat sample exchange probe"
)
_DESTROY = _words(
    "delete remove deregister unregister revoke terminate purge release deprovision dispose discard "
    "forget retire evict redact rm rb"
)
_DESTROYING_WORD = _words("delete deletion remove removal terminate termination purge")
_PROTECTING = _words("protection lock window policy")
_CREDENTIAL = re.compile(
    r"-(credentials?|passwords?|tokens?|data-key|data-key-pair|access-keys?|api-keys?|stream-keys?|login|urls?)"
    r"(-(for|from|with|without)-[a-z-]+)?$|-presigned-"
)
_MINTING = _words("get describe create generate issue exchange assume acquire regenerate rotate download retrieve")
_SPECIAL: Mapping[Effect, Mapping[str, tuple[str, ...]]] = {
    "secret": SECRETS,
    "destroy": DESTROYS,
    "unknown": RUNS,
    "write": WRITES,
    "read": READS,
}


def effect_of(
    service: str, operation: str, parameters: Mapping[str, Any] | None = None, provider: Provider = "aws"
) -> Effect:
    """The effect of an operation spelt as the CLI spells it; `parameters` may make it worse, never better."""
    if provider != "aws":
        return named_effect(provider, service, operation)
    found = _special(service, operation) or _by_verb(operation)
    return worst((found, _by_parameters(operation, parameters or {})))


def _special(service: str, operation: str) -> Effect | None:
    return next((effect for effect, names in _SPECIAL.items() if operation in names.get(service, ())), None)


def _by_verb(operation: str) -> Effect:
    if operation.startswith("wait "):
        return "read"
    words = operation.split("-")
    while len(words) > 1 and words[0] in _PREFIXES:
        words = words[1:]
    verb = words[0]
    if verb in _DESTROY:
        return "destroy"
    if verb in _MINTING and _CREDENTIAL.search(operation):
        return "secret"
    if verb in _READ:
        return "read"
    if verb in _RUN:
        return "unknown"
    return "destroy" if _destroys(words) else "write"


def _destroys(words: list[str]) -> bool:
    """`start-remote-delete` destroys; `cancel-key-deletion` and `update-termination-protection` do not."""
    if words[0] in ("cancel", "stop", "disable", "reject", "restore") or not _PROTECTING.isdisjoint(words):
        return False
    return not _DESTROYING_WORD.isdisjoint(words)


def _by_parameters(operation: str, parameters: Mapping[str, Any]) -> Effect:
    """A few writes carry deletions inside their parameters."""
    if operation in ("batch-write-item", "transact-write-items", "change-resource-record-sets", "batch-write"):
        return "destroy" if _mentions_deletion(parameters) else "read"
    if operation == "sync" and parameters.get("Delete"):
        return "destroy"
    return "read"


def _mentions_deletion(node: object) -> bool:
    if isinstance(node, Mapping):
        return any(str(key).startswith("Delete") or _mentions_deletion(value) for key, value in node.items())
    if isinstance(node, list | tuple):
        return any(_mentions_deletion(item) for item in node)
    return node == "DELETE"
