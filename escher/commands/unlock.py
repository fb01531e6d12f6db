"""`escher unlock`: open the store again, by its passphrase or by what holds its key."""

from __future__ import annotations

from escher.commands.command import Command, Invocation, Outcome


def _run(call: Invocation) -> Outcome:
    from escher.session.current import open_session, unlock

    unlock(call.secret)
    source = open_session(lives_on=call.goes_on).key_source
    return Outcome({"locked": False, "key": source}, f"Unlocked (key: {source}).")


COMMAND = Command("unlock", "Open the store again after escher lock, a long absence or a long day.", _run)
