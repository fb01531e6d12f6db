"""Escher: ask, understand and act on AWS, Azure and GCP from a notebook.

`import escher` loads nothing: the first call opens the session of this process. Every call has an async twin that
starts with `a`.
"""

from __future__ import annotations

__version__ = "0.1.0"

# `typing` itself takes longer to import than all of this.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from escher.session.current import (
        aask,
        achanges,
        aestate,
        aresource,
        aruns,
        ascan,
        asearch,
        ask,
        audit,
        aundo,
        changes,
        estate,
        lock,
        playbooks,
        resource,
        runs,
        scan,
        search,
        undo,
        unlock,
    )

__all__ = [
    "__version__",
    "aask",
    "achanges",
    "aestate",
    "aresource",
    "aruns",
    "ascan",
    "asearch",
    "ask",
    "audit",
    "aundo",
    "changes",
    "estate",
    "load_ipython_extension",
    "lock",
    "playbooks",
    "resource",
    "runs",
    "scan",
    "search",
    "undo",
    "unlock",
]


def __getattr__(name: str) -> Any:
    """Find a public name on first use (PEP 562)."""
    if name.startswith("_") or name not in __all__:
        raise AttributeError(f"module 'escher' has no attribute {name!r}")
    from escher.session import current

    return getattr(current, name)


def __dir__() -> list[str]:
    """The public names."""
    return sorted(__all__)


def load_ipython_extension(shell: Any) -> None:
    """`%load_ext escher`: register the magics."""
    from escher.magics.magics import register

    register(shell)
