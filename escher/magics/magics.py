"""`%load_ext escher`; `%escher <command or question>`; `%%escher`.

Questions return at once and grow in their view. What a cell's output saves is one sentence without a name in it; all
else lives in the kernel and is fetched by the page.
"""

from __future__ import annotations

from functools import partial
from getpass import getpass
from types import TracebackType
from typing import Any

from IPython.core.interactiveshell import InteractiveShell
from IPython.core.magic import Magics, line_cell_magic, magics_class
from IPython.display import display

from escher.commands.command import Invocation, Outcome, commands, parser, subcommands
from escher.commands.parse import CommandLine, Question, parse
from escher.contract.plan import Plan
from escher.errors import EscherError, InvalidInput
from escher.magics.lines import EscherLine
from escher.store.lock import when_locked
from escher.widgets.presence import PRESENCE


@magics_class
class EscherMagics(Magics):
    """One magic for everything."""

    @line_cell_magic
    def escher(self, line: str, cell: str | None = None) -> None:
        """Ask a question, give an order, or run a command: `%escher --help` lists the commands."""
        asked = Question(cell) if cell is not None else parse(line, commands(), _accepts)
        if isinstance(asked, Question):
            self._ask(asked.text)
        else:
            self._command(asked)

    def _ask(self, question: str) -> None:
        from escher.magics.asked import AskedView
        from escher.session.current import open_session

        asked = AskedView(open_session(), question)
        self._keep(asked)
        display(asked.widget)
        asked.start()

    def _command(self, asked: CommandLine) -> None:
        from escher.magics.shown import ShownCommand

        if asked.words[0] in ("help", "--help", "-h") or asked.words[-1] in ("--help", "-h"):
            print(_help(asked.words))
            return
        options = parser("%escher").parse_args(list(asked.words))
        if options.command == "ask":
            self._ask(" ".join(options.question))
            return
        if options.command == "runs" and options.action == "follow":
            self._follow(options.run)
            return
        if options.command == "policy" and options.action in (None, "show", "edit"):
            self._policy()
            return
        command = commands()[options.command]
        shown = ShownCommand(command.name)
        display(shown.widget)
        outcome = command.run(Invocation(options, _open_session, shown.event, goes_on=True, secret=_secret))
        if outcome.plan is not None:
            shown.finish(Outcome(text="Nothing has run: read the plan below, and approve it there."))
            self._plan(outcome.plan)
            return
        shown.finish(outcome)
        self._keep(outcome.document)

    def _plan(self, plan: Plan) -> None:
        """A plan that a command made, with its Approve button."""
        from escher.magics.planned import PlannedView

        planned = PlannedView(_open_session(), plan)
        self._keep(planned)
        display(planned.widget)

    def _follow(self, run_id: str) -> None:
        from escher.magics.followed import FollowedView

        followed = FollowedView(_open_session(), run_id)
        self._keep(followed)
        display(followed.widget)

    def _policy(self) -> None:
        from escher.magics.policy_shown import ShownPolicy

        shown = ShownPolicy(_open_session().policy)
        self._keep(shown)
        display(shown.widget)

    def _keep(self, result: Any) -> None:
        """The last result is also in `_escher`."""
        assert self.shell is not None
        self.shell.user_ns["_escher"] = result


def register(shell: InteractiveShell) -> None:
    """Register the magics, and show failures as cards: a traceback would be saved with what it names."""
    shell.register_magics(EscherMagics)
    transformers = shell.input_transformer_manager.token_transformers
    if EscherLine not in transformers:
        transformers.append(EscherLine)
    shell.events.register("pre_run_cell", PRESENCE.cell_begins)
    shell.events.register("post_run_cell", PRESENCE.cell_ends)
    when_locked.append(partial(shell.user_ns.pop, "_escher", None))
    shell.set_custom_exc((EscherError,), _show_failure)


def _show_failure(
    shell: InteractiveShell,
    kind: type[BaseException],
    failure: BaseException,
    trace: TracebackType,
    tb_offset: int | None = None,
) -> None:
    from escher.magics.shown import show_failure

    if isinstance(failure, EscherError):
        show_failure(failure)


def _open_session() -> Any:
    from escher.session.current import open_session

    return open_session()


def _secret(question: str) -> str:
    """Ask in the front end, unseen and not saved. Raises InvalidInput where a front end cannot."""
    from IPython.core.error import StdinNotImplementedError

    try:
        return getpass(question)
    except StdinNotImplementedError as cause:
        hint = "Run escher unlock in a terminal, or set ESCHER_PASSPHRASE_FILE."
        raise InvalidInput("nobody can be asked for a passphrase in this notebook.", hint=hint) from cause


def _accepts(words: list[str]) -> bool:
    try:
        parser("%escher").parse_args(words)
    except InvalidInput:
        return False
    return True


def _help(words: tuple[str, ...]) -> str:
    top = parser("%escher")
    return subcommands(top).get(words[0], top).format_help()
