"""From verb and object to the one action that is meant: `delete` a tag is `untag`, `change` a size is `resize`."""

from __future__ import annotations

from escher.contract.vocabulary import Action, Kind
from escher_server.agents.understanding.draft import Selection

_SWITCHED_OFF = frozenset(("delete", "stop", "disable", "update", "release", "block_public_access"))
_DOCUMENTS = frozenset(("create", "update", "start", "release"))
# What an action is done to, when the request does not say.
IMPLIED_KINDS: dict[Action, Kind] = {"release": "ip_address", "block_public_access": "object_storage"}
# The kinds an action can be done to: used to leave kinds out, and to read a name that several things bear.
CAPABLE: dict[Action, frozenset[Kind]] = {
    "start": frozenset(("compute_instance", "database_instance")),
    "stop": frozenset(("compute_instance", "database_instance")),
    "reboot": frozenset(("compute_instance", "database_instance")),
    "resize": frozenset(("compute_instance", "database_instance", "disk")),
    "snapshot": frozenset(("disk", "database_instance", "compute_instance")),
    "release": frozenset(("ip_address",)),
    "block_public_access": frozenset(("object_storage", "database_instance", "snapshot", "firewall")),
    "encrypt": frozenset(("object_storage", "disk", "database_instance", "snapshot", "nosql_table")),
}


def refine(action: Action, selection: Selection) -> Action:
    """The action that a verb means with this object."""
    settings = {feature.setting for feature in selection.features}
    if "public_access" in settings:
        return "block_public_access" if action in _SWITCHED_OFF else "enable"
    if "encryption" in settings and action in ("enable", "start", "create", "update", "encrypt"):
        return "encrypt"
    if settings & {"encryption", "setting"} and action in ("delete", "stop", "disable"):
        return "disable"
    if settings & {"setting"} and action in ("start", "enable"):
        return "enable"
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
    if action == "create" and selection.known and selection.size:
        return "resize"
    if action == "update" and _changes_private(selection):
        return "block_public_access"
    if action in ("update", "scale", "create") and (selection.size or "size" in settings) and "setting" not in settings:
        return "resize" if action != "create" else action
    if action == "update" and selection.gib and "setting" not in settings and kinds & {"disk", "database_instance"}:
        return "resize"
    if action == "resize" and not selection.size and selection.number and not kinds & {"disk", "database_instance"}:
        return "scale"
    if action == "delete" and kinds == {"ip_address"} and set(selection.providers) <= {"aws"}:
        return "release"
    return action


def _changes_private(selection: Selection) -> bool:
    """`change the bucket to private`: the flag is what should become of it."""
    return selection.main.flags.get("public") is False and not selection.features


def document(action: Action, selection: Selection) -> str:
    """`report` or `playbook` or `list` when an order wants something written rather than changed; else nothing."""
    if action not in _DOCUMENTS or (selection.nouns and selection.topics and selection.topics[0].subject == "detail"):
        return ""
    return next((topic.subject for topic in selection.topics if topic.subject != "detail"), "")
