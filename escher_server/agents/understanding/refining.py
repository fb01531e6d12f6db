"""From verb and object to the one action that is meant: `delete` a tag is `untag`, `change` a size is `resize`."""

from __future__ import annotations

from escher.contract.vocabulary import Action, Kind
from escher_server.agents.understanding.draft import Selection

_SWITCHED_OFF = frozenset(("delete", "stop", "disable", "update", "release", "block_public_access"))
_DOCUMENTS = frozenset(("create", "update", "start", "release"))
# What has a number of things in it.
_SCALED: frozenset[Kind] = frozenset(("scaling_group", "container_service", "container_cluster"))
# What is switched on and off rather than started and stopped.
_SWITCHED: frozenset[Kind] = frozenset(
    ("log_group", "alarm", "key", "event_rule", "policy", "cdn", "identity", "firewall", "endpoint", "object_storage")
)
# What comes in sorts rather than in sizes: `convert all volumes to gp3`.
_SORTED: frozenset[Kind] = frozenset(("disk", "object_storage", "snapshot", "ip_address", "load_balancer"))
# The rules of these are no things of their own: to remove one is to change what holds it.
_RULE_HOLDERS = frozenset(("aws_vpc_security_group", "aws_vpc_network_acl", "azure_network_security_group"))
# What an action is done to, when the request does not say.
IMPLIED_KINDS: dict[Action, Kind] = {"release": "ip_address", "block_public_access": "object_storage"}
# The kinds an action can be done to: used to leave kinds out, and to read a name that several things bear.
CAPABLE: dict[Action, frozenset[Kind]] = {
    "start": frozenset(("compute_instance", "database_instance")),
    "stop": frozenset(("compute_instance", "database_instance")),
    "reboot": frozenset(("compute_instance", "database_instance")),
    "resize": frozenset(("compute_instance", "database_instance", "disk")),
    "snapshot": frozenset(("disk", "database_instance", "compute_instance")),
    "restore": frozenset(("database_instance", "disk", "snapshot", "nosql_table", "object_storage", "backup_vault")),
    "release": frozenset(("ip_address",)),
    "block_public_access": frozenset(("object_storage", "database_instance", "snapshot", "firewall")),
    "encrypt": frozenset(("object_storage", "disk", "database_instance", "snapshot", "nosql_table")),
}


def refine(action: Action, selection: Selection) -> Action:
    """The action that a verb means with this object."""
    settings = {feature.setting for feature in selection.features}
    if "prevention" in settings:
        return "disable" if action in ("delete", "stop", "disable") else "block_public_access"
    if "public_access" in settings:
        return "block_public_access" if action in _SWITCHED_OFF else "enable"
    if "encryption" in settings and action in ("enable", "start", "create", "update", "encrypt"):
        return "encrypt"
    if settings & {"encryption", "setting"} and action in ("delete", "stop", "disable"):
        return "disable"
    if settings & {"setting"} and action in ("start", "enable"):
        return "enable"
    if "count" in settings and action in ("update", "resize", "scale"):
        return "scale"
    if _is_about_tags(selection, settings) and not (
        action == "update" and (settings - {"tag"} or selection.gib or selection.size)
    ):
        return _tagging(action)
    return _by_object(action, selection, settings)


def _is_about_tags(selection: Selection, settings: set[str]) -> bool:
    return bool(selection.assigned) or "tag" in settings


def _tagging(action: Action) -> Action:
    if action in ("delete", "detach", "release", "untag"):
        return "untag"
    return "tag" if action in ("create", "update", "attach", "tag", "enable") else action


def _by_object(action: Action, selection: Selection, settings: set[str]) -> Action:
    kinds = {noun.kind for noun in selection.nouns}
    held = all(_RULE_HOLDERS & set(noun.types) for noun in selection.nouns)
    if "rule" in settings and kinds <= {"firewall"} and held and action in ("create", "delete", "enable", "disable"):
        return "update"
    if action == "update" and selection.number is not None and kinds & _SCALED:
        return "scale"
    if action == "create" and selection.known and selection.size:
        return "resize"
    if action == "create" and selection.main.flags.get("public") and not selection.indefinite:
        return "update"
    if action == "update" and _changes_private(selection):
        return "block_public_access"
    if action in ("start", "stop") and kinds and kinds <= _SWITCHED:
        return "enable" if action == "start" else "disable"
    if selection.size and kinds and kinds <= _SORTED and action in ("update", "scale"):
        return "update"
    if action in ("update", "scale", "create") and (selection.size or "size" in settings) and "setting" not in settings:
        return "resize" if action != "create" else action
    if action == "update" and is_memory(selection) and selection.mib:
        return "resize"
    if action == "update" and selection.gib and "setting" not in settings and kinds & {"disk", "database_instance"}:
        return "resize"
    if action == "resize" and not selection.size and selection.number and not kinds & {"disk", "database_instance"}:
        return "scale"
    if action == "delete" and kinds == {"ip_address"} and set(selection.providers) <= {"aws"}:
        return "release"
    return action


def is_memory(selection: Selection) -> bool:
    """Whether a size is one of memory: that is all the size a function has."""
    return {noun.kind for noun in selection.nouns} == {"function"}


def _changes_private(selection: Selection) -> bool:
    """`change the bucket to private`: the flag is what should become of it."""
    return selection.main.flags.get("public") is False and not selection.features


def document(action: Action, selection: Selection) -> str:
    """`report` or `playbook` or `list` when an order wants something written rather than changed; else nothing."""
    if action not in _DOCUMENTS or (selection.nouns and selection.topics and selection.topics[0].subject == "detail"):
        return ""
    return next((topic.subject for topic in selection.topics if topic.subject != "detail"), "")
