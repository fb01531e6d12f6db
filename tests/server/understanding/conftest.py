"""Requests as the wire brings them, and what the master agent makes of them."""

from __future__ import annotations

from escher.contract.context import Count, EstateSummary, Mention, RequestContext
from escher.contract.understanding import Clarification, Understanding
from escher_server.agents.master import understand

INSTANCE = Mention(alias="r1001", role="resource_name", kinds=("compute_instance",))
OTHER = Mention(alias="r1002", role="resource_name", kinds=("compute_instance",))
DATABASE = Mention(alias="r1003", role="resource_name", kinds=("database_instance",))
VOLUME = Mention(alias="r1004", role="resource_id", kinds=("disk",))
BUCKET = Mention(alias="r1005", role="resource_name", kinds=("object_storage",))
# A resource's name that is an application too.
BOTH = (
    Mention(alias="r2001", role="resource_name", kinds=("compute_instance",)),
    Mention(alias="r2001", role="application", tag_key="app", matches=10, kinds=("compute_instance", "disk")),
)
APPLICATION = Mention(alias="t3001", role="application", tag_key="app", matches=10)
OWNER = Mention(alias="t3002", role="owner", tag_key="owner", matches=5)
TAG = Mention(alias="t3003", role="tag_value", tag_key="cost-center", matches=20)
ACCOUNT = Mention(alias="a4001", role="account")
ALL = (INSTANCE, OTHER, DATABASE, VOLUME, BUCKET, *BOTH, APPLICATION, OWNER, TAG, ACCOUNT)


def read(prompt: str, *mentions: Mention, regions: tuple[str, ...] = ()) -> tuple[Understanding, Clarification | None]:
    """What a prompt is understood as; the mentions are all of the above unless others are given."""
    summary = EstateSummary(regions=tuple(Count(value=region, count=5) for region in regions))
    return understand(
        RequestContext(message_id="m1", client_version="1", prompt=prompt, mentions=mentions or ALL, summary=summary)
    )


def order(prompt: str, *mentions: Mention, regions: tuple[str, ...] = ()) -> Understanding:
    """A prompt that must be a clear order."""
    understood, asked = read(prompt, *mentions, regions=regions)
    assert understood.class_ == "operation", understood
    assert asked is None, asked
    return understood


def asked_back(prompt: str, *mentions: Mention) -> Clarification:
    """A prompt that must be asked back about; nothing may be planned on it."""
    understood, asked = read(prompt, *mentions)
    assert asked is not None, understood
    assert understood.confidence < 0.6
    return asked
