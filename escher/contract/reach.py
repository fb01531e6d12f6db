"""What a call does beyond its effect: open something to everybody, move rights, take data away, name everything. Pure.

Read from names and parameters as the providers' CLIs and APIs spell them. What is not recognised is not said to be
harmless: the effect of the call still counts.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, cast

from escher.contract.plan import Operation

# Parameters that hold a user's own words: there, a word that equals some resource's name reaches nothing.
FREE_VALUES = frozenset({"Tags", "TagList", "TagSet", "TagSpecifications", "Description", "labels", "userLabels"})
# No API nests what it takes deeper; what lies below is not looked at.
DEEPEST = 50
_EVERYBODY = frozenset({
    "0.0.0.0/0", "::/0", "allusers", "allauthenticatedusers", "public-read", "public-read-write", "authenticated-read",
})  # fmt: skip
_PEERS = frozenset({"sourceaddressprefix", "sourceaddressprefixes", "sourceranges"})
_ANYWHERE = frozenset({"*", "any", "internet"})
_OPEN_WHEN_ON = frozenset({
    "publiclyaccessible", "enablepublicnetwork", "publicnetworkaccess", "publicnetwork", "allowblobpublicaccess",
    "mappubliciponlaunch", "associatepublicipaddress", "endpointpublicaccess", "allowpublicaccess", "publicaccess",
})  # fmt: skip
_OPEN_WHEN_OFF = frozenset({
    "blockpublicacls", "ignorepublicacls", "blockpublicpolicy", "restrictpublicbuckets", "publicaccessprevention",
})  # fmt: skip
_ON = frozenset({"true", "enabled", "enable", "yes", "on", "blob", "container"})
_OFF = frozenset({"false", "disabled", "disable", "no", "off", "inherited", "unspecified"})
_CLOSING = re.compile(r"(?:^|[ ._-])(?:revoke|delete|remove|deny|disable)(?:$|[A-Z ._-])|egress")
_UNCLOSING = re.compile(r"delete-(?:bucket-)?public-access-block|deletePublicAccessBlock")
_RIGHTS = re.compile(
    r"^(?:iam|sso-admin|ram) (?!tag|untag)"
    r"|(?:put|set|add|attach|detach|delete|update|create|remove|associate|modify)-(?:[a-z]+-)*"
    r"(?:bucket|resource|key|repository|access|domain|vault-access|file-system|function|queue|topic|data-access)-policy"
    r"|(?:add|remove|put|grant|revoke|batch-grant|batch-revoke)-(?:layer-version-|event-bus-)?permissions?\b"
    r"|-(?:bucket|object)-acl$|(?:create|revoke|retire)-grant$|access-entry$|^organizations (?:at|de)tach-policy"
    r"|^role (?:assignment|definition) |^ad (?:group member|app permission) |^keyvault (?:set|delete)-policy"
    r"|iam-policy|setiampolicy|access-binding",
    re.IGNORECASE,
)
_STOPPING = re.compile(
    r"(?:^|[ ._-])(?:stop|deallocate|power[_-]?off|suspend|pause|hibernate)(?:$|[ ._-])", re.IGNORECASE
)
_COPYING = re.compile(
    r"(?:create|take|copy|start)[a-z-]*-?(?:snapshot|image|backup)|createsnapshot|disks snapshot|backup-now"
    r"|(?:snapshot|image|backup)s?[ .](?:begin_)?(?:create|insert)",
    re.IGNORECASE,
)
_NAMING = re.compile(r"(?:ids?|arns?|names?|identifiers?|buckets?|resources?|keys?|urls?|scope|topic|queue)$")


def opens_access(operation: Operation) -> bool:
    """Whether it lets anybody in who is not one of the account's own."""
    called = _called(operation)
    if _UNCLOSING.search(called):
        return True
    if operation.effect == "read" or _CLOSING.search(called):
        return False
    leaves = list(_leaves("", operation.parameters))
    if any(key in ("access", "action", "effect") and value == "deny" for key, value in leaves):
        return False
    return any(_opens(key, value) for key, value in leaves) or _shares(operation.parameters)


def changes_rights(operation: Operation) -> bool:
    """Whether it changes who may do what."""
    return operation.effect != "read" and _RIGHTS.search(_called(operation)) is not None


def takes_away(operation: Operation) -> bool:
    """Whether something is gone or at rest afterwards."""
    return operation.effect == "destroy" or (
        operation.effect != "read" and _STOPPING.search(_called(operation)) is not None
    )


def backs_up(operation: Operation) -> bool:
    """Whether it makes a copy from which to restore."""
    return operation.effect == "write" and _COPYING.search(_called(operation)) is not None


def names_everything(operation: Operation) -> bool:
    """Whether a change names what it acts on with a wildcard, or grants every right on everything."""
    if operation.effect == "read":
        return False
    named = any("*" in value and _NAMING.search(key) for key, value in _leaves("", operation.parameters))
    return named or any(map(_boundless, _statements(operation.parameters)))


def _called(operation: Operation) -> str:
    return f"{operation.service} {operation.operation}"


def _leaves(key: str, node: object, depth: int = 0) -> Iterator[tuple[str, str]]:
    """Every plain value with the name of the parameter that holds it, both in small letters; policies left to others."""
    node = _read(node)
    if depth > DEEPEST:
        return
    if isinstance(node, Mapping):
        mapping = cast("Mapping[str, Any]", node)
        if "Statement" not in mapping:
            for name, value in mapping.items():
                if name not in FREE_VALUES:
                    # `{"PubliclyAccessible": {"Value": true}}` is about what stands outside.
                    plain = re.sub(r"[-_]", "", str(name)).lower()
                    yield from _leaves(key if plain == "value" else plain, value, depth + 1)
    elif isinstance(node, list | tuple):
        for value in cast("list[Any]", node):
            yield from _leaves(key, value, depth + 1)
    elif node is not None:
        yield key, str(node).strip().lower()


def _read(node: object) -> object:
    """The document that a text is, where it is one."""
    if not isinstance(node, str) or not node.lstrip().startswith("{"):
        return node
    try:
        return json.loads(node)
    except (ValueError, RecursionError):
        return node


def _opens(key: str, value: str) -> bool:
    if value in _EVERYBODY or (key in _PEERS and value in _ANYWHERE):
        return True
    return (key in _OPEN_WHEN_ON and value in _ON) or (key in _OPEN_WHEN_OFF and value in _OFF)


def _shares(parameters: Mapping[str, Any]) -> bool:
    """Whether a permission is added for all, or a policy allows everybody."""
    added = (parameters.get(name) for name in ("LaunchPermission", "CreateVolumePermission"))
    if any(isinstance(one, Mapping) and cast("Mapping[str, Any]", one).get("Add") for one in added):
        return True
    return any(
        one.get("Effect") == "Allow" and "*" in _words(one.get("Principal")) and not one.get("Condition")
        for one in _statements(parameters)
    )


def _statements(node: object, depth: int = 0) -> Iterator[Mapping[str, Any]]:
    """Every statement of every policy document among the parameters."""
    node = _read(node)
    if depth > DEEPEST:
        return
    if isinstance(node, Mapping):
        for name, value in cast("Mapping[str, Any]", node).items():
            if name == "Statement":
                several = value if isinstance(value, list) else [value]
                yield from (one for one in cast("list[Any]", several) if isinstance(one, Mapping))
            else:
                yield from _statements(value, depth + 1)
    elif isinstance(node, list | tuple):
        for value in cast("list[Any]", node):
            yield from _statements(value, depth + 1)


def _boundless(statement: Mapping[str, Any]) -> bool:
    if statement.get("Effect") != "Allow":
        return False
    acts, things = _words(statement.get("Action")), _words(statement.get("Resource"))
    return "*" in acts or "NotAction" in statement or ("*" in things and any(act.endswith(":*") for act in acts))


def _words(node: object) -> frozenset[str]:
    """The words of an element: one, a list, or lists by the kind of principal."""
    parts = list(cast("Mapping[str, Any]", node).values()) if isinstance(node, Mapping) else [node]
    lists = [cast("list[Any]", part) if isinstance(part, list | tuple) else [part] for part in parts]
    return frozenset(word for words in lists for word in words if isinstance(word, str))
