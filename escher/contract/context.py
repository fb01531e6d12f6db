"""The request context: all that ever leaves the machine for a question. Built from this allow-list, nothing else.

Spec: contracts.md section 9. An alias is one letter for its role and random digits: `r4821` a resource, `a0377` an
account, `t9113` a tag value. Aliases are new in every conversation and resolved only by the client.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from escher.contract.vocabulary import Action, Kind, Provider, State
from escher.contract.wire import Whole, Wire

LIMIT_PROMPT = 4_000
LIMIT_BYTES = 256 * 1024
Alias = str


class Mention(Wire):
    """A known thing that the user typed by name or id, standing in the prompt as its alias.

    `matches` is how many resources bear that name (in buckets from five on), so that the server may ask. `role` says
    what the words can mean; a word such as `api` may be a resource's name and an application at once: then there are
    two mentions with the same alias.
    """

    alias: Alias
    role: Literal["resource_name", "resource_id", "account", "environment", "application", "owner", "tag_value"]
    tag_key: str | None = None
    matches: Whole = 1
    kinds: tuple[Kind, ...] = ()


class AliasedResource(Wire):
    """A resource the prompt may mean: what it is, never which."""

    alias: Alias
    provider: Provider
    kind: Kind
    resource_type: str
    region: str
    state: State
    environment: str | None = None


class Count(Wire):
    """A count in buckets (1-4 exact, then 5, 10, 20, 50, 100, 200, 500 …, rounded down)."""

    value: str
    count: Whole


class EstateSummary(Wire):
    """Counts only. Values are providers, types, regions and environments from an allow-list."""

    providers: tuple[Count, ...] = ()
    resource_types: tuple[Count, ...] = ()
    regions: tuple[Count, ...] = ()
    environments: tuple[Count, ...] = ()
    oldest_scan_hours: Whole | None = None


class Digest(Wire):
    """One turn of the conversation in a sentence, written on the client; aliases instead of names."""

    role: Literal["user", "assistant"]
    content: str = Field(max_length=500)
    action: Action = "none"


class RequestContext(Wire):
    """One question, complete in itself: the server keeps nothing between two of them."""

    version: Literal["1"] = "1"
    message_id: str
    client_version: str
    type: Literal["chat"] = "chat"
    prompt: str = Field(max_length=LIMIT_PROMPT)
    mentions: tuple[Mention, ...] = Field(default=(), max_length=60)
    resources: tuple[AliasedResource, ...] = Field(default=(), max_length=20)
    summary: EstateSummary = EstateSummary()
    history: tuple[Digest, ...] = Field(default=(), max_length=20)
    blocked_actions: tuple[Action, ...] = ()
    languages: tuple[Literal["bash", "python"], ...] = ("python",)
    locale: str = "en"
    time_zone: str = "UTC"
    padding: str = Field(default="", description="Spaces that hide the length of the rest")
