"""The six collections, declared: what each holds, what can be filtered in it and what may change.

Fields name keys of a record's body (`tags.env` is `env` inside `tags`). On disk they are ciphertext like all else; an
index in memory may hold the indexed ones in clear. Spec: storage.md sections 1 to 7, in the words of style.md: its
`native_type` is our `resource_type`, its `resource_type` our `kind`, `native_id` is `resource_id` and `metadata` of a
resource is `attributes`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

CollectionName = Literal[
    "cloud_estate",
    "chat_history",
    "executed_operations",
    "immutable_reports",
    "alerts_events",
    "user_playbooks",
]
FieldType = Literal["keyword", "integer", "list", "object"]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a collection's records. `may_be_empty` says why, where a whole record may do without it."""

    type: FieldType
    indexed: bool = True
    may_be_empty: str = ""


@dataclass(frozen=True, slots=True)
class Collection:
    """One collection. `dimension` counts the float32 numbers of its vectors; 1 stands for no meaning at all.

    Records of an `append_only` collection are never written twice, but for keys that begin with `editable`.
    """

    name: CollectionName
    dimension: int
    fields: Mapping[str, Field]
    append_only: bool = False
    editable: str = ""

    @property
    def filters(self) -> Mapping[str, FieldType]:
        """What can be filtered by: the indexed fields and their types."""
        return {name: field.type for name, field in self.fields.items() if field.indexed}

    def may_change(self, key: str) -> bool:
        """Whether a record of this key may be updated or deleted by itself."""
        return not self.append_only or bool(self.editable and key.startswith(self.editable))


def _fields(
    keywords: str = "",
    integers: str = "",
    lists: str = "",
    objects: str = "",
    *,
    indexed: bool = True,
    may_be_empty: str = "",
) -> Mapping[str, Field]:
    words: dict[FieldType, str] = {"keyword": keywords, "integer": integers, "list": lists, "object": objects}
    return {name: Field(type_, indexed, may_be_empty) for type_, names in words.items() for name in names.split()}


_DECLARED = (
    Collection(
        name="cloud_estate",
        dimension=384,
        fields={
            **_fields("provider kind resource_type account_id account_name region service state", "last_synced"),
            **_fields("tags.env tags.app", may_be_empty="Not every resource bears these tags."),
            **_fields("resource_id identifier name", objects="tags attributes", indexed=False),
            **_fields(objects="iam constraints", indexed=False, may_be_empty="A scan that did not ask leaves them."),
        },
    ),
    Collection(
        name="chat_history",
        dimension=1,
        fields={
            **_fields("context_id role", "message_index timestamp"),
            **_fields("content", indexed=False),
            **_fields(objects="metadata", indexed=False, may_be_empty="A turn may mention nothing and run nothing."),
        },
        append_only=True,
        editable="context:",
    ),
    Collection(
        name="executed_operations",
        dimension=1,
        fields={
            **_fields("execution_id plan_id kind status playbook_id version approved", "started_at completed_at"),
            **_fields(lists="provider service", may_be_empty="A run of an older version kept no plan beside it."),
            **_fields(integers="exit_code", may_be_empty="No process was started, or a signal ended it."),
            **_fields("context_id", may_be_empty="A plan approved at a terminal belongs to no conversation."),
            **_fields("approver", lists="commands parameters targets", indexed=False),
            **_fields("error", indexed=False, may_be_empty="It succeeded."),
            **_fields(objects="before after", indexed=False, may_be_empty="Nobody looked before, or after."),
        },
    ),
    Collection(
        name="immutable_reports",
        dimension=1,
        fields={
            **_fields("report_type scope schema prev_hash hash", "period_start period_end generated_at version"),
            **_fields(objects="body", indexed=False),
            **_fields(lists="sources findings", objects="totals", indexed=False, may_be_empty="There were none."),
        },
        append_only=True,
        # The ends of each type's chain.
        editable="chain:",
    ),
    Collection(
        name="alerts_events",
        dimension=1,
        fields={
            **_fields("kind"),
            **_fields("severity category status provider", may_be_empty="Not every kind of record has each of these."),
            **_fields(integers="created_at updated_at", may_be_empty="Scopes and accounts have times of their own."),
        },
    ),
    Collection(
        name="user_playbooks",
        dimension=384,
        fields={
            **_fields("playbook_id version status storage_strategy author", "created_at", "cloud_provider"),
            **_fields("name description", "updated_at", "keywords resource_types scripts", "playbook", indexed=False),
            **_fields(integers="execution_count success_count", indexed=False, may_be_empty="It has not run."),
            **_fields(integers="last_executed", indexed=False, may_be_empty="It has not run."),
            **_fields("deprecated_by deprecation_reason", indexed=False, may_be_empty="It is not deprecated."),
            **_fields(
                "based_on_escher escher_playbook_id escher_version", indexed=False, may_be_empty="It is the user's own."
            ),
        },
    ),
)
COLLECTIONS: Mapping[CollectionName, Collection] = {collection.name: collection for collection in _DECLARED}
