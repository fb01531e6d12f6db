"""Why a Python script cannot be read. Pure."""

from __future__ import annotations


class NotUnderstood(Exception):  # caught by the readers themselves, never shown as an error
    """A part of a script whose effect cannot be told for certain, with its line when that is known."""

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.line = line

    def at(self, line: int) -> NotUnderstood:
        """The same at this line, unless it has one."""
        self.line = self.line or line
        return self


class NotOffered(NotUnderstood):
    """A client, operation, waiter or paginator that the provider does not have, or a call that it does not take."""
