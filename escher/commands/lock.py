"""`escher lock`: close the store in every notebook and process of this home."""

from __future__ import annotations

from escher.commands.command import Command, Invocation, Outcome


def _run(call: Invocation) -> Outcome:
    from escher.session.current import lock

    running = lock()
    going_on = f" Runs that go on until they have ended: {running}." if running else ""
    return Outcome({"locked": True, "running": running}, f"Locked.{going_on} Unlock with: escher unlock")


COMMAND = Command("lock", "Close the store everywhere and forget its keys, until escher unlock.", _run)
