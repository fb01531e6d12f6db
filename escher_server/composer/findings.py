"""What each finding is called, why it matters and what is done about it: facts for advice, reports and alerts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from escher.contract.aggregates import AdviceCategory, Finding
from escher.contract.vocabulary import Action, Risk

Effort = Literal["low", "medium", "high"]


@dataclass(frozen=True, slots=True)
class Known:
    """A finding in words. `order` is what to type about it, with `action`; both empty where a person must decide first."""

    category: AdviceCategory
    one: str
    many: str
    why: str
    do: str
    effort: Effort = "low"
    risk: Risk = "low"
    action: Action = "none"
    order: str = ""


FINDINGS: Mapping[Finding, Known] = {
    "idle_instance": Known(
        "cost",
        "idle compute instance",
        "idle compute instances",
        "They cost as much as busy ones.",
        "Stop them; a stopped instance keeps its disks and can be started again.",
        risk="medium",
        action="stop",
        order="stop the idle compute instances",
    ),
    "over_provisioned": Known(
        "cost",
        "instance larger than its load",
        "instances larger than their load",
        "The average load would fit a smaller size.",
        "Resize them one by one, those outside production first.",
        effort="medium",
        risk="medium",
        action="resize",
        order="resize the over-provisioned compute instances",
    ),
    "unattached_disk": Known(
        "cost",
        "disk that nothing uses",
        "disks that nothing uses",
        "They are paid for by size, attached or not.",
        "Take a snapshot of each, then delete it.",
        risk="medium",
        action="delete",
        order="delete the unattached disks",
    ),
    "unused_address": Known(
        "cost",
        "address that nothing uses",
        "addresses that nothing uses",
        "A reserved address costs while it is idle.",
        "Release them; a released address does not come back.",
        risk="medium",
        action="release",
        order="release the unused addresses",
    ),
    "old_snapshot": Known(
        "cost",
        "old snapshot",
        "old snapshots",
        "Their source is gone or has newer snapshots.",
        "Delete those that no restore needs.",
        risk="medium",
        action="delete",
        order="delete the snapshots older than 90 days",
    ),
    "old_log_group": Known(
        "cost",
        "log group that keeps everything",
        "log groups that keep everything",
        "Logs without an end of retention grow for ever.",
        "Set how many days they are kept.",
        action="update",
        order="set the retention of the log groups to 90 days",
    ),
    "no_commitment": Known(
        "cost",
        "steady instance at the full price",
        "steady instances at the full price",
        "What runs all year is cheaper under a commitment.",
        "Compare a year's commitment with what they cost now.",
        effort="medium",
    ),
    "public_storage": Known(
        "security",
        "public bucket",
        "public buckets",
        "Anybody can read what is in them.",
        "Block public access to all that need not be public.",
        action="block_public_access",
        order="block public access to the public buckets",
    ),
    "open_port": Known(
        "security",
        "firewall open to everybody",
        "firewalls open to everybody",
        "A port of administration or of a database is reachable from anywhere.",
        "Narrow the rule to the addresses that need it.",
        effort="medium",
        risk="medium",
        action="update",
        order="close the ports that are open to everybody",
    ),
    "unencrypted_storage": Known(
        "security",
        "unencrypted bucket",
        "unencrypted buckets",
        "What is written there lies in clear.",
        "Turn encryption on; it holds for what is written from then on.",
        action="encrypt",
        order="encrypt the unencrypted buckets",
    ),
    "unencrypted_disk": Known(
        "security",
        "unencrypted disk",
        "unencrypted disks",
        "A copy of the disk can be read by whoever gets it.",
        "Copy each into an encrypted one and put that in its place.",
        effort="high",
        risk="high",
        action="encrypt",
        order="encrypt the unencrypted disks",
    ),
    "unencrypted_database": Known(
        "security",
        "unencrypted database",
        "unencrypted databases",
        "A copy of its storage can be read by whoever gets it.",
        "Restore an encrypted copy of a snapshot and move over to it.",
        effort="high",
        risk="high",
    ),
    "old_access_key": Known(
        "security",
        "access key older than 90 days",
        "access keys older than 90 days",
        "The longer a key lives, the more places know it.",
        "Make a new one, move over, and disable the old.",
        effort="medium",
        risk="medium",
        action="rotate",
        order="rotate the access keys older than 90 days",
    ),
    "no_mfa": Known(
        "compliance",
        "identity without a second factor",
        "identities without a second factor",
        "A password alone opens the console.",
        "Ask their owners to set one up.",
        effort="medium",
    ),
    "no_backup": Known(
        "reliability",
        "database or disk without a backup",
        "databases or disks without a backup",
        "What is lost there stays lost.",
        "Turn backups on, and restore one as a trial.",
        action="backup",
        order="back up the databases without a backup",
    ),
    "single_zone": Known(
        "reliability",
        "database in one zone only",
        "databases in one zone only",
        "It goes down with its zone.",
        "Add a standby in another zone.",
        effort="medium",
        risk="medium",
    ),
    "near_capacity": Known(
        "performance",
        "resource near its capacity",
        "resources near their capacity",
        "Little more load and they slow down or stop.",
        "Scale up before it is full.",
        effort="medium",
        risk="medium",
        action="scale",
        order="scale up what is near its capacity",
    ),
    "old_generation": Known(
        "performance",
        "instance of an old generation",
        "instances of an old generation",
        "Newer ones do more for the same money.",
        "Change the type at the next maintenance.",
        effort="medium",
        risk="medium",
        action="resize",
        order="resize the compute instances of an old generation",
    ),
    "untagged": Known(
        "maintenance",
        "resource without an owner's tag",
        "resources without an owner's tag",
        "Nobody knows whom to ask about them.",
        "Tag them with their owner.",
        action="tag",
        order="tag the resources without an owner",
    ),
    "expiring_certificate": Known(
        "reliability",
        "certificate that expires soon",
        "certificates that expire soon",
        "On that day clients refuse to connect.",
        "Renew it, or let the provider renew it.",
        effort="medium",
    ),
}


def counted(finding: Finding, count: int) -> str:
    """`1 public bucket`, `4 public buckets`, `50 or more public buckets`: counts from five on are rounded down."""
    known = FINDINGS[finding]
    number = f"{count:,}" if count < 5 else f"{count:,} or more"
    return f"{number} {known.one if count == 1 else known.many}"
