"""Consent is a person's. It comes from a click in the page or from a terminal, never from a notebook's cell.

Code in a kernel has its user's rights, so this cannot bind code that forges it on purpose inside the same process;
it makes sure that no function, magic or program started from a cell grants anything (design.md section 7, rule 1).
"""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import psutil

from escher.errors import ConsentFromCell

_KERNEL_MARKS = ("ipykernel", "xeus-python", "xpython", "colab_kernel", "bash_kernel", "jupyter-kernel")
_KERNEL_VARIABLES = ("JPY_PARENT_PID", "JPY_SESSION_NAME")


Channel = Literal["terminal", "page", "preapproval", "policy"]


@dataclass(frozen=True, slots=True)
class Consent:
    """Who agreed to which plan, by which way, and what they typed. `by` is what stood for a person, if anything did."""

    approver: str
    channel: Channel
    plan_id: str
    digest: str
    confirmation: str = ""
    by: str = ""


def terminal_consent(plan_id: str, digest: str, confirmation: str = "") -> Consent:
    """Consent given on a command line. Raises ConsentFromCell inside a kernel and in whatever a kernel started."""
    must_not_be_in_kernel("approve a plan", "Click Approve in the plan's card, or run escher approve in a terminal.")
    return Consent(local_user(), "terminal", plan_id, digest, confirmation)


def must_not_be_in_kernel(to_do: str, hint: str = "Do it in a terminal.") -> None:
    """Raise ConsentFromCell inside a kernel and in whatever a kernel started."""
    if in_kernel():
        raise ConsentFromCell(f"code in a notebook cell cannot {to_do}.", hint=hint)


def in_kernel() -> bool:
    """Whether this process is a Jupyter kernel or descends from one."""
    return _is_kernel_module() or any(os.environ.get(name) for name in _KERNEL_VARIABLES) or _kernel_above()


def local_user() -> str:
    """The name of the person at this machine, for the audit trail."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid {os.getuid()}"


def _is_kernel_module() -> bool:
    shell = sys.modules.get("IPython.core.getipython")
    if shell is None:
        return False
    current = shell.get_ipython()
    return current is not None and getattr(current, "kernel", None) is not None


def _kernel_above() -> bool:
    return any(mark in word for line in _ancestors() for word in line for mark in _KERNEL_MARKS)


def _ancestors() -> Iterator[list[str]]:
    for process in psutil.Process().parents():
        try:
            yield process.cmdline()[:4]
        except psutil.Error:
            # A process that ended or belongs to somebody else is not the kernel of this user.
            continue
