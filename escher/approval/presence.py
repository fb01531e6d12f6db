"""Ask the person through the operating system, where no notebook can answer for them (`presence = "os"` in the policy).

Only programs at fixed places that nobody but root can write are asked: pinentry on Linux, in a window or on a terminal,
and osascript on macOS. What they show is plain text. Pinentry's protocol: Libassuan, https://www.gnupg.org/documentation/.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISCHR, S_IWGRP, S_IWOTH

from escher.approval.seen import plain
from escher.contract.estate import Resource
from escher.contract.plan import Plan
from escher.errors import ConsentMissing

ANSWER_S = 120
_LONGER_S = 10
_MOST_NAMES = 8
_IN_A_WINDOW = tuple(f"/usr/bin/pinentry-{name}" for name in ("gnome3", "qt", "gtk-2", "x11"))
_ON_A_TERMINAL = ("/usr/bin/pinentry-curses", "/usr/bin/pinentry-tty")
_OSASCRIPT = "/usr/bin/osascript"
_DIALOG = (
    "on run argv",
    'display dialog (item 1 of argv) with title "Escher" buttons {"Do not run", "Run"} default button "Do not run" '
    f"with icon caution giving up after {ANSWER_S}",
    "end run",
)
_SHOWN_IN = ("DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS")
_HINT = "Install pinentry-gnome3 or pinentry-curses, or set presence to page: escher policy edit"


@dataclass(frozen=True, slots=True)
class Screen:
    """Where the person can be asked: variables of a desktop, and the terminal that they sit at (`/dev/pts/3`)."""

    desktop: Mapping[str, str]
    terminal: str = ""
    terminal_type: str = "xterm"

    @classmethod
    def own(cls) -> Screen:
        """This process's desktop and terminal, as far as it has any."""
        desktop = {name: os.environ[name] for name in _SHOWN_IN if os.environ.get(name)}
        return cls(desktop, _terminal(), os.environ.get("TERM") or "xterm")

    @property
    def has_window(self) -> bool:
        """Whether a window can be opened."""
        return bool(self.desktop.get("DISPLAY") or self.desktop.get("WAYLAND_DISPLAY"))


def confirm(
    plan: Plan, targets: Sequence[Resource], screen: Screen | None = None, programs: Sequence[str] = ()
) -> None:
    """Return when the person said yes to this plan. Raises ConsentMissing for no, for silence, and without any means.

    It waits up to two minutes. `programs` are others than the system's, for tests.
    """
    text = question(plan, targets)
    if sys.platform == "darwin" and not programs:
        agreed = _ask_macos(text)
    else:
        agreed = _ask_pinentry(*_pinentry(screen or Screen.own(), programs), text)
    if not agreed:
        raise ConsentMissing("the person at this machine did not agree.", hint="Run it again, and answer with Run.")


def question(plan: Plan, targets: Sequence[Resource]) -> str:
    """What the person is asked: the plan, how many and which things, where, and the digest. Plain text."""
    names = [plain(target.name or target.identifier) for target in targets[:_MOST_NAMES]]
    more = [f"and {len(targets) - _MOST_NAMES} more"] if len(targets) > _MOST_NAMES else []
    accounts = dict.fromkeys(plain(step.account_name or step.account_id) for step in plan.steps)
    return "\n".join(
        (
            f"Run this plan? {plain(plan.title)} (risk {plan.risk})",
            f"It {plan.effect}s {len(targets)}: {', '.join([*names, *more])}",
            f"Account: {', '.join(accounts)}",
            f"Regions: {', '.join(dict.fromkeys(plain(step.region) for step in plan.steps))}",
            f"Plan {plain(plan.plan_id)}, digest {plan.digest[:16]}",
        )
    )


def _pinentry(screen: Screen, programs: Sequence[str]) -> tuple[str, Screen]:
    """The first pinentry that can be trusted and shown. Raises ConsentMissing."""
    for path in programs:
        return path, screen
    able = (*(_IN_A_WINDOW if screen.has_window else ()), *(_ON_A_TERMINAL if screen.terminal else ()))
    found = next((path for path in able if _is_systems(Path(path))), None)
    if found is None:
        missing = "no pinentry is installed" if able else "there is neither a desktop nor a terminal"
        raise ConsentMissing(f"the operating system cannot ask the person here: {missing}.", hint=_HINT)
    return found, screen


def _is_systems(path: Path) -> bool:
    """Whether a program is there, root's, and nobody else can write it or put another in its place."""
    if not path.exists():
        return False
    real = path.resolve()
    return all(one.stat().st_uid == 0 and not one.stat().st_mode & (S_IWGRP | S_IWOTH) for one in (real, *real.parents))


def _ask_pinentry(program: str, screen: Screen, text: str) -> bool:
    lines = [f"OPTION ttyname={screen.terminal}", f"OPTION ttytype={screen.terminal_type}"] if screen.terminal else []
    lines += [
        "OPTION lc-ctype=C.UTF-8",
        f"SETTIMEOUT {ANSWER_S}",
        "SETTITLE Escher",
        f"SETDESC {_escaped(text)}",
        "SETOK Run",
        "SETCANCEL Do not run",
        "CONFIRM",
        "BYE",
    ]
    said = _run([program], dict(screen.desktop), "\n".join(lines) + "\n")
    # One answer a line: the greeting, then each line in its order. Fewer: somebody did not answer what was asked.
    answers = [line for line in said.splitlines() if line.startswith(("OK", "ERR"))]
    told = dict(zip(("", *lines), answers, strict=False))
    wanted = ("CONFIRM", *(line for line in lines if line.startswith("SETDESC")))
    return len(answers) == len(lines) + 1 and all(told[line].startswith("OK") for line in wanted)


def _ask_macos(text: str) -> bool:
    script = [word for line in _DIALOG for word in ("-e", line)]
    return "button returned:Run, gave up:false" in _run([_OSASCRIPT, *script, text], {}, "")


def _run(command: Sequence[str], desktop: Mapping[str, str], told: str) -> str:
    environment = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", **desktop}
    try:
        done = subprocess.run(
            list(command),
            input=told,
            env=environment,
            capture_output=True,
            text=True,
            timeout=ANSWER_S + _LONGER_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as cause:
        raise ConsentMissing(f"{command[0]} did not ask: {type(cause).__name__}.", hint=_HINT) from cause
    return done.stdout


def _escaped(text: str) -> str:
    """As a parameter of the Assuan protocol: percent signs and line ends by their numbers."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _terminal() -> str:
    """The terminal of this process, from its open files; empty without one."""
    for number in (0, 2, 1):
        try:
            if S_ISCHR(os.fstat(number).st_mode) and os.isatty(number):
                return os.ttyname(number)
        except OSError:
            # A file that is closed, or a device that is no terminal any more.
            continue
    return ""
