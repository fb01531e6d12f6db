"""Aliases: random, stable within a conversation, resolved only here."""

from __future__ import annotations

import json
import re

from escher.context.aliases import Conversation


def test_an_alias_is_a_letter_and_random_digits() -> None:
    """The letter tells the role, the digits tell nothing: two conversations share no alias but by chance."""
    first, second = Conversation(), Conversation()
    made = [{talk.stand_for("r", f"web-{n}", f"web-{n}") for n in range(50)} for talk in (first, second)]
    assert all(re.fullmatch(r"r\d{4}", alias) for alias in made[0])
    assert len(made[0] & made[1]) < 10


def test_a_word_keeps_its_alias_whatever_its_case() -> None:
    """Asked again, the same thing has the same alias; another role of the same word has another."""
    talk = Conversation()
    alias = talk.stand_for("r", "Web-1", "web-1", ["arn:1"])
    assert talk.stand_for("r", "web-1", "web-1", ["arn:1", "arn:2"]) == alias
    assert talk.names(alias) == ("arn:1", "arn:2")
    assert talk.stand_for("t", "web-1", "web-1") != alias


def test_what_is_no_alias_stands_for_itself() -> None:
    """The resolver leaves every other word alone."""
    talk = Conversation()
    assert talk.names("web-1") == ()
    assert talk.value("web-1") == "web-1"


def test_a_resource_has_one_alias() -> None:
    """The alias of a name that one resource bears is the alias of that resource."""
    talk = Conversation()
    named = talk.stand_for("r", "web-1", "web-1", ["arn:1"])
    assert talk.alias_of("arn:1") == named
    other = talk.alias_of("arn:2")
    assert other == talk.alias_of("arn:2") != named
    assert talk.names(other) == ("arn:2",)


def test_twenty_thousand_aliases_never_collide() -> None:
    """When four digits get short, more are used."""
    talk = Conversation()
    assert len({talk.alias_of(f"arn:{n}") for n in range(20_000)}) == 20_000


def test_an_alias_is_never_a_word_to_avoid() -> None:
    """What the user typed cannot be mistaken for an alias."""
    talk = Conversation()
    avoid = {f"r{n:04d}" for n in range(10_000)} - {"r0007"}
    assert talk.stand_for("r", "x", "x", avoid=avoid) == "r0007"


def test_a_conversation_is_stored_and_restored() -> None:
    """Its JSON gives back every alias, and asking on goes on with the same ones."""
    talk = Conversation()
    name, value, account = (
        talk.stand_for("r", "web-1", "web-1", ["arn:1"]),
        talk.stand_for("t", "Ana", "Ana"),
        talk.stand_for("a", "1", "1"),
    )
    again = Conversation.restored(json.loads(json.dumps(talk.document())))
    assert [again.value(alias) for alias in (name, value, account)] == ["web-1", "Ana", "1"]
    assert again.names(name) == ("arn:1",)
    assert again.stand_for("t", "ana", "Ana") == value
    assert again.alias_of("arn:1") == name
