"""Every failure a user can meet: typed, with its cause and the next move.

Nothing here imports anything, so every layer may raise these. `code` is stable and crosses the wire;
`exit_code` is what the command line returns.
"""

from __future__ import annotations


class EscherError(Exception):
    """A failure with a stable code, a sentence for people and the next move."""

    code = "internal"
    exit_code = 1
    retryable = False

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()

    def document(self) -> dict[str, object]:
        """The form in which a failure is printed as JSON or sent: `{code, message, hint, retryable}`."""
        return {"code": self.code, "message": self.message, "hint": self.hint, "retryable": self.retryable}


class InvalidInput(EscherError):
    """What was typed or sent cannot be used; nothing happened."""

    code = "invalid_request"
    exit_code = 2


class NotFound(EscherError):
    """An id names nothing that this store holds."""

    code = "not_found"


class ConfigurationError(EscherError):
    """A setting, file or environment variable is wrong."""

    code = "configuration"
    exit_code = 2


class NotInitialised(EscherError):
    """There is no store yet under this home."""

    code = "not_initialised"


class MissingDependency(EscherError):
    """An optional package or program is needed and not installed."""

    code = "missing_dependency"


# -- the store ---------------------------------------------------------------------------------------------


class StoreError(EscherError):
    """The store cannot do what was asked; what it holds is unchanged."""

    code = "storage"


class KeyUnavailable(StoreError):
    """The store has data, and its key cannot be had. A new key is never made in its place."""

    code = "key_unavailable"


class WrongKey(StoreError):
    """A key or passphrase was given and does not open this store."""

    code = "wrong_key"


class RecordExists(StoreError):
    """A record with this key is there, and it may be neither replaced nor taken out."""

    code = "record_exists"


class StoreTampered(StoreError):
    """What is on disk is not what was written: altered, swapped, taken out or put back."""

    code = "store_tampered"


class StoreRolledBack(StoreTampered):
    """The store is older than the anchor in the keychain."""

    code = "store_rolled_back"


class StoreLocked(StoreError):
    """The store was locked; its keys are not in memory until it is unlocked."""

    code = "locked"


class StoreReplaced(StoreError):
    """Another process put another file, or another master key, in the place of the one that is open here."""

    code = "store_replaced"


class IndexLost(StoreError):
    """The search index cannot stay where it is; it can be built elsewhere from the store."""

    code = "index_lost"
    retryable = True


class MigrationError(StoreError):
    """A store of another version could not be brought to this one; it is as it was."""

    code = "migration"


class BackupError(StoreError):
    """A backup could not be made, sent, found or restored; the store is as it was."""

    code = "backup"


class BackupTargetUnavailable(BackupError):
    """The place where backups go did not answer, or not well; it may when it is asked again."""

    code = "backup_target_unavailable"
    retryable = True


class BackupUnreadable(BackupError):
    """An archive is damaged, was altered, or the key that it needs is not here."""

    code = "backup_unreadable"


# -- clouds ------------------------------------------------------------------------------------------------


class CredentialError(EscherError):
    """No credentials, expired ones, or ones that a provider refused."""

    code = "no_credentials"


class ScanError(EscherError):
    """A scan could not start, or a scope could not be read."""

    code = "scan_failed"
    retryable = True


# -- asking ------------------------------------------------------------------------------------------------


class EmptyEstate(EscherError):
    """Nothing has been scanned yet, so nothing can be meant."""

    code = "empty_estate"


class ServerUnavailable(EscherError):
    """The server did not answer."""

    code = "server_unavailable"
    retryable = True


class Unauthenticated(EscherError):
    """The server wants another API key."""

    code = "unauthenticated"


class ForbiddenContent(EscherError):
    """Something that must never leave this machine was about to; the request was not sent."""

    code = "forbidden_content"


class PublicationRefused(EscherError):
    """The server would not take a playbook; `fixes` are what is to be mended, each with its place."""

    code = "publication_refused"

    def __init__(self, message: str, *, hint: str = "", fixes: tuple[str, ...] = ()) -> None:
        super().__init__(message, hint=hint)
        self.fixes = fixes

    def document(self) -> dict[str, object]:
        """The failure with all that is to be mended."""
        return super().document() | {"fixes": list(self.fixes)}


class ProtocolError(EscherError):
    """The other side sent what the contract does not allow."""

    code = "protocol"


# -- approving and running ---------------------------------------------------------------------------------


class PlanRefused(EscherError):
    """The client's own check found that a plan does something else than it says."""

    code = "plan_refused"


class PolicyDenied(EscherError):
    """A policy of the user's own forbids this; `rules` are the names of the rules, limits or freezes that do."""

    code = "policy_denied"

    def __init__(self, message: str, *, hint: str = "", rules: tuple[str, ...] = ()) -> None:
        super().__init__(message, hint=hint)
        self.rules = rules

    def document(self) -> dict[str, object]:
        """The failure with what forbids it."""
        return super().document() | {"rules": list(self.rules)}


class ApprovalError(EscherError):
    """An approval cannot be given or used."""

    code = "approval"


class ConsentMissing(ApprovalError):
    """The plan asks for its target's name to be typed, and it was not."""

    code = "consent_missing"
    exit_code = 3


class ConsentFromCell(ApprovalError):
    """Code in a notebook cell, or a program it started, tried to consent."""

    code = "consent_from_cell"
    exit_code = 3


class StaleApproval(ApprovalError):
    """The plan, its targets or the time are no longer those that were shown."""

    code = "stale_approval"


class TargetUnreadable(StaleApproval):
    """The cloud does not say now what a target is like; nobody takes that for unchanged."""

    code = "target_unreadable"
    retryable = True


class SecondPersonMissing(ApprovalError):
    """The plan needs the consent of two people, and the second's is missing or not good."""

    code = "second_person_missing"


class PreapprovalUnfit(ApprovalError):
    """A pre-approval does not cover this plan; says what does not fit."""

    code = "preapproval_unfit"


class ApprovalUsed(ApprovalError):
    """An approval runs one plan once; this one has been used."""

    code = "approval_used"


class RunFailed(EscherError):
    """A step of a run ended with an error."""

    code = "run_failed"


class NotUndoable(EscherError):
    """There is nothing of a run to undo, it was undone already, or what it did cannot be taken back; says which."""

    code = "not_undoable"


class NotResumable(EscherError):
    """There is nothing of a run left to do, or it is not over yet."""

    code = "not_resumable"


class ResourceBusy(EscherError):
    """Another run changes the same resource, or too many runs are under way; nothing was started or used up."""

    code = "resource_busy"
    retryable = True


class AlreadyCompleted(EscherError):
    """A run that has ended can be neither stopped, paused nor resumed."""

    code = "already_completed"


class SupervisorUnavailable(EscherError):
    """The process that owns runs cannot be started or reached; nothing was started."""

    code = "supervisor_unavailable"
    retryable = True


class JournalUnreadable(StoreError):
    """What a run printed cannot be read: its journal was altered or cut. Its record is apart from it."""

    code = "journal_unreadable"


# -- audit -------------------------------------------------------------------------------------------------


class AuditTampered(EscherError):
    """The audit trail is not the one that was written; names the first bad entry."""

    code = "audit_tampered"

    def __init__(self, message: str, *, entry: int, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.entry = entry
