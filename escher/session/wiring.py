"""Put the parts together: the only place that knows every room, and the only one that starts the server's app.

Everything is made on first use, so `escher runs` never loads a cloud's SDK or a model.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, Any

from escher.contract.audit import AuditEvent, AuditType
from escher.contract.estate import Account, Resource
from escher.contract.ports import Embedder
from escher.contract.vocabulary import Language, Provider
from escher.errors import StoreError
from escher.ledger.ledger import Ledger
from escher.settings import Settings
from escher.store.estate import EstateStore
from escher.store.vault import Store

if TYPE_CHECKING:
    from escher.approval.approvals import Approvals
    from escher.approval.policies import Policies
    from escher.client.brain import HttpBrain
    from escher.inventory.frame import EstateFrames
    from escher.inventory.looking import LiveLook
    from escher.inventory.scan import Scanner
    from escher.providers.clouds import Clouds
    from escher.retrieval.index import EstateIndex
    from escher.retrieval.targets import EstateTargets
    from escher.scripts.reader import Reader
    from escher.session.accounts import Accounts
    from escher.session.conversation import Talk
    from escher.session.runs import Runs
    from escher.store.alerts import AlertStore
    from escher.store.chat import ChatStore
    from escher.store.operations import OperationStore
    from escher.store.playbooks import PlaybookStore
    from escher.store.reports import ReportStore
    from escher.vectors.remote import Server


def server_app() -> Any:
    """The server's ASGI app for a port: settings come from the environment, and no text is remembered."""
    from escher.vectors.embedder import load_embedder
    from escher_server.app import create_app
    from escher_server.settings import load_settings

    # Lines of a server name neither threads nor processes, so they need not be looked up for each.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    return create_app(load_settings(), load_embedder(cached_texts=0))


def server_keys() -> Any:
    """The API keys of the server whose home this is."""
    from escher_server.app import key_file

    return key_file()


def embedded_app(embedder: Embedder, settings: Settings) -> Any:
    """The same app for this process alone: no key, the embedder is shared, and `settings` may name a language model."""
    from escher_server.app import create_app
    from escher_server.settings import ServerSettings

    chosen = ServerSettings(llm=settings.llm, llm_url=settings.llm_url, llm_key=settings.llm_key)
    return create_app(chosen, embedder=embedder)


def _redeem_click(click: Any) -> None:
    from escher.widgets.consent import redeem

    redeem(click)


def _redeem_policy(click: Any) -> None:
    from escher.widgets.consent import redeem_policy

    redeem_policy(click)


def create(settings: Settings) -> Parts:
    """A new store and the parts around it. Raises KeyUnavailable where there is neither keychain nor passphrase."""
    return Parts(settings, Store.create(settings))


def assemble(settings: Settings) -> Parts:
    """The parts around the store of this home. Raises NotInitialised, StoreLocked, KeyUnavailable, WrongKey."""
    from escher.store import lock

    lock.Lock(settings).require_open()
    return Parts(settings, Store.open(settings))


class Parts:
    """Every part of one session, made when it is first asked for."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self.settings, self.store = settings, store
        self.ledger = Ledger(store, second_place=settings.audit_copy)
        self.estate = EstateStore(store)
        self.scanning = Lock()

    @cached_property
    def access(self) -> Clouds:
        """Credentials and identities of the clouds."""
        from escher.providers.clouds import Clouds

        return Clouds()

    @cached_property
    def account_book(self) -> Accounts:
        """The configured accounts."""
        from escher.session.accounts import Accounts

        return Accounts(self)

    @cached_property
    def scanner(self) -> Scanner:
        """Reads the clouds."""
        from escher.inventory.scan import Scanner

        return Scanner(self.estate, self.access, lock_file=self.settings.home / "scan.lock")

    @cached_property
    def look(self) -> LiveLook:
        """Looks at a few things in the clouds, now."""
        from escher.inventory.looking import LiveLook

        return LiveLook(self.estate, self.access)

    @cached_property
    def frames(self) -> EstateFrames:
        """The estate as a frame."""
        from escher.inventory.frame import EstateFrames

        return EstateFrames(self.estate)

    @cached_property
    def reader(self) -> Reader:
        """Reads scripts."""
        from escher.scripts.reader import Reader

        return Reader()

    @cached_property
    def embedder(self) -> Embedder:
        """Texts to vectors."""
        from escher.vectors.embedder import load_embedder

        return load_embedder()

    @cached_property
    def index(self) -> EstateIndex:
        """Search by meaning and words."""
        from escher.retrieval.index import EstateIndex
        from escher.retrieval.kept import KeptImage
        from escher.store.estate import ESTATE

        image = KeptImage(self.store, ESTATE)
        index = EstateIndex(self.estate, self.embedder, image=image, server=self._index_server())
        if index.state().without_vectors:  # a scan was interrupted, or the model was missing
            index.embed_soon()
        return index

    def _index_server(self) -> Server | None:
        """The user's own Qdrant server, or None: the index stays on this machine."""
        if not self.settings.qdrant_url:
            return None
        from escher.vectors.remote import Server

        return Server(self.settings.qdrant_url, self.settings.qdrant_api_key, self.store.derive("remote index"))

    @cached_property
    def targets(self) -> EstateTargets:
        """Selectors on the estate."""
        from escher.retrieval.targets import EstateTargets

        return EstateTargets(self.estate, self.index)

    @cached_property
    def brain(self) -> HttpBrain:
        """The server: embedded, or where ESCHER_SERVER says."""
        from escher.client.brain import embedded_brain, remote_brain

        settings = self.settings
        if settings.server:
            return remote_brain(settings.server, settings.api_key, settings.ca_bundle)
        return embedded_brain(embedded_app(self.embedder, settings))

    @cached_property
    def talk(self) -> Talk:
        """The conversation of this session."""
        from escher.session.conversation import Talk

        return Talk(self.estate, self.chat, self.languages())

    @cached_property
    def chat(self) -> ChatStore:
        """Conversations."""
        from escher.store.chat import ChatStore

        return ChatStore(self.store)

    @cached_property
    def operations(self) -> OperationStore:
        """Plans, approvals and runs."""
        from escher.store.operations import OperationStore

        return OperationStore(self.store)

    @cached_property
    def reports(self) -> ReportStore:
        """Reports."""
        from escher.store.reports import ReportStore

        return ReportStore(self.store)

    @cached_property
    def alerts(self) -> AlertStore:
        """Alerts, rules and settings."""
        from escher.store.alerts import AlertStore

        return AlertStore(self.store)

    @cached_property
    def playbooks(self) -> PlaybookStore:
        """The user's playbooks."""
        from escher.store.playbooks import PlaybookStore

        return PlaybookStore(self.store)

    @cached_property
    def policies(self) -> Policies:
        """The user's policy, in versions."""
        from escher.approval.policies import Policies

        return Policies(self.store, self.ledger, redeem_click=_redeem_policy)

    @cached_property
    def _own_scripts(self) -> frozenset[str]:
        from escher.procedures.shipped import reading_scripts
        from escher_server.settings import PACKAGED_LIBRARY

        return reading_scripts(PACKAGED_LIBRARY)

    def own_scripts(self) -> frozenset[str]:
        """The digests of the scripts that only read and were installed with this client, whatever a server sends."""
        return self._own_scripts

    @cached_property
    def approvals(self) -> Approvals:
        """The way from a plan to the right to run it."""
        from escher.approval.approvals import Approvals
        from escher.execution.sandbox.level import level

        return Approvals(
            store=self.store,
            ledger=self.ledger,
            access=self.access,
            reader=self.reader,
            estate=self.resources,
            accounts=self.accounts,
            look=self.look,
            redeem_click=_redeem_click,
            marks=self.estate.marks,
            policy=self.policies.policy,
            own_scripts=self.own_scripts,
            sandbox=level,
            valid_for=timedelta(minutes=self.settings.approval_minutes),
        )

    @cached_property
    def runs(self) -> Runs:
        """Runs approved plans, by the supervisor of this home."""
        from escher.session.runs import Runs

        return Runs(self)

    def resources(self) -> Mapping[str, Resource]:
        """Everything known, by resource id."""
        return self.estate.snapshot().by_id

    def accounts(self) -> Mapping[str, Account]:
        """The configured accounts by id."""
        return {account.account_id: account for account in self.estate.accounts()}

    def languages(self, provider: Provider = "aws") -> tuple[Language, ...]:
        """The forms of a script that can run here, the preferred one first: bash where the cloud's CLI is installed."""
        from escher.approval.grant import CLIS, find_tool

        installed: tuple[Language, ...] = ("bash", "python") if find_tool(CLIS[provider]) else ("python",)
        wanted = self.settings.language
        return tuple(sorted(installed, key=lambda language: language != wanted)) if wanted else installed

    def record(self, type_: AuditType, subject: str, **details: Any) -> int:
        """Write one event of this user's to the audit trail; its entry number."""
        from escher.approval.consent import local_user

        at = datetime.now(UTC).isoformat()
        return self.ledger.append(AuditEvent(type=type_, at=at, actor=local_user(), subject=subject, details=details))

    def close(self, refusal: StoreError | None = None) -> None:
        """Close the store and whatever was made around it. Who still holds it then gets `refusal`, if it is given."""
        index = self.__dict__.get("index")
        if index is not None:
            index.close()
        with suppress(StoreError):  # a store that cannot be written to: the next session signs what this one wrote
            self.ledger.checkpoint()
        self.store.close(refusal)

    def __enter__(self) -> Parts:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()
