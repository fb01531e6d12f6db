"""The closed words of the product. style.md says where each comes from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, get_args

Provider = Literal["aws", "azure", "gcp"]

RequestClass = Literal[
    "query", "operation", "recommendation", "troubleshooting", "playbook_generation", "report", "clarification"
]

Kind = Literal[
    "compute_instance",
    "database_instance",
    "object_storage",
    "function",
    "network",
    "subnet",
    "firewall",
    "disk",
    "snapshot",
    "ip_address",
    "identity",
    "secret_store",
    "load_balancer",
    "nosql_table",
    "image",
    "template",
    "scaling_group",
    "network_interface",
    "route_table",
    "gateway",
    "peering",
    "endpoint",
    "vpn",
    "dns_zone",
    "certificate",
    "cdn",
    "api",
    "cache",
    "file_system",
    "queue",
    "topic",
    "stream",
    "container_cluster",
    "container_service",
    "container_registry",
    "workflow",
    "event_rule",
    "log_group",
    "alarm",
    "key",
    "key_pair",
    "policy",
    "stack",
    "backup_vault",
    "data_warehouse",
    "search_domain",
    "analytics",
    "machine_learning",
    "app",
    "app_plan",
    "resource_group",
    "reservation",
    "target_group",
    "other",
]

State = Literal["running", "stopped", "available", "in_use", "pending", "deleting", "deleted", "error", "unknown"]

ReadAction = Literal["list", "count", "show", "explain", "compare", "recommend", "diagnose", "report", "none"]
ChangeAction = Literal[
    "start",
    "stop",
    "reboot",
    "resize",
    "scale",
    "create",
    "delete",
    "update",
    "tag",
    "untag",
    "snapshot",
    "backup",
    "restore",
    "release",
    "attach",
    "detach",
    "enable",
    "disable",
    "encrypt",
    "block_public_access",
    "rotate",
    "schedule",
]
Action = Literal[ReadAction, ChangeAction]

Effect = Literal["read", "write", "destroy", "secret", "unknown"]
Risk = Literal["low", "medium", "high", "critical"]
Language = Literal["bash", "python"]

CHANGE_ACTIONS: frozenset[str] = frozenset(get_args(ChangeAction))
KINDS: tuple[str, ...] = get_args(Kind)

# How bad an effect is: a verdict is never milder than its worst part.
SEVERITY: dict[Effect, int] = {"read": 0, "write": 1, "secret": 2, "destroy": 3, "unknown": 4}


def worst(effects: Iterable[Effect]) -> Effect:
    """The most severe of the effects; `read` when there are none."""
    most: Effect = "read"
    for effect in effects:
        if SEVERITY[effect] > SEVERITY[most]:
            most = effect
    return most
