"""A purge cannot be undone, so it is consented to like a plan that destroys: by a person at a terminal, in typed words."""

from __future__ import annotations

from collections.abc import Sequence

from escher.approval.consent import in_kernel
from escher.errors import ConsentFromCell, ConsentMissing

EVERYTHING = "everything"


def require(typed: str, wanted: Sequence[str]) -> None:
    """Raises ConsentFromCell inside a kernel and in what a kernel started, ConsentMissing unless a wanted word was typed."""
    if in_kernel():
        raise ConsentFromCell("code in a notebook cell cannot purge anything.", hint="Run escher purge in a terminal.")
    if typed.strip() not in wanted:
        words = " or ".join(repr(word) for word in wanted)
        raise ConsentMissing(f"type {words} to purge it for good:", hint=f"Add: --confirm {wanted[0]}")
