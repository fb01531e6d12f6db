"""The six collections, declared: what each holds, what can be filtered in it and what may change.

Filter fields name keys of a record's body (`tags.env` is `env` inside `tags`). On disk they are ciphertext like all
else; an index in memory may hold them in clear. Spec: storage.md sections 1 to 7.
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
FieldType = Literal["keyword", "integer"]


@dataclass(frozen=True, slots=True)
class Collection:
    """One collection. `dimension` counts the float32 numbers of its vectors; 1 stands for no meaning at all.

    Records of an `append_only` collection are never written twice, but for keys that begin with `editable`.
    """

    name: CollectionName
    dimension: int
    filters: Mapping[str, FieldType]
    append_only: bool = False
    editable: str = ""

    def may_change(self, key: str) -> bool:
        """Whether a record of this key may be updated or deleted by itself."""
        return not self.append_only or bool(self.editable and key.startswith(self.editable))


def _fields(keywords: str, integers: str = "") -> Mapping[str, FieldType]:
    fields: dict[str, FieldType] = dict.fromkeys(keywords.split(), "keyword")
    numbers: dict[str, FieldType] = dict.fromkeys(integers.split(), "integer")
    return fields | numbers


_DECLARED = (
    Collection(
        name="cloud_estate",
        dimension=384,
        filters=_fields(
            "provider kind resource_type account_id account_name region service state tags.env tags.app", "last_synced"
        ),
    ),
    Collection(
        name="chat_history",
        dimension=1,
        filters=_fields("context_id role", "message_index timestamp"),
        append_only=True,
        editable="context:",
    ),
    Collection(
        name="executed_operations",
        dimension=1,
        filters=_fields(
            "execution_id plan_id kind provider service status started_at completed_at playbook_id version approved context_id",
            "exit_code",
        ),
    ),
    Collection(
        name="immutable_reports",
        dimension=1,
        filters=_fields("report_type scope period_start period_end generated_at version schema prev_hash hash"),
        append_only=True,
    ),
    Collection(
        name="alerts_events",
        dimension=1,
        filters=_fields("kind severity category status provider", "created_at updated_at"),
    ),
    Collection(
        name="user_playbooks",
        dimension=384,
        filters=_fields("playbook_id version status storage_strategy cloud_provider author", "created_at"),
    ),
)
COLLECTIONS: Mapping[CollectionName, Collection] = {collection.name: collection for collection in _DECLARED}
