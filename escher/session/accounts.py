"""The accounts of the estate: kept in the store without any secret, confirmed by their providers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from escher.contract.estate import Account
from escher.contract.vocabulary import Provider
from escher.errors import EscherError, InvalidInput, NotFound

if TYPE_CHECKING:
    from escher.session.wiring import Parts


class Accounts:
    """`session.accounts`: add, list, check, remove."""

    def __init__(self, parts: Parts) -> None:
        self._parts, self._estate = parts, parts.estate

    def all(self) -> list[Account]:
        """Every configured account, by name."""
        return sorted(self._estate.accounts(), key=lambda account: account.name)

    def named(self, word: str) -> Account:
        """The account with this name or id. Raises NotFound."""
        for account in self.all():
            if word in (account.name, account.account_id):
                return account
        raise NotFound(f"there is no account {word!r}.", hint="See: escher accounts list")

    def add(self, *, name: str, account_id: str = "", provider: Provider = "aws", **settings: Any) -> Account:
        """Keep an account after its provider confirmed it. Raises CredentialError, InvalidInput."""
        if any(name == account.name for account in self.all()):
            raise InvalidInput(f"there is an account {name!r} already.", hint="Choose another name.")
        account = Account(provider=provider, account_id=account_id, name=name, **settings)
        seen = self._parts.access.describe(account)
        return self.keep(replace(account, account_id=seen.account_id))

    def keep(self, account: Account) -> Account:
        """Keep an account as it is, without asking its provider."""
        self._estate.put_account(account)
        self._parts.record("account_added", account.account_id)
        return account

    def add_reachable(self) -> list[Account]:
        """Take in every account that this machine's own configuration reaches and that is not known yet."""
        known = set(self._parts.accounts())
        return [self.keep(account) for account in self._parts.access.discover() if account.account_id not in known]

    def add_organization(self, management: str, role: str) -> list[Account]:
        """Take in the accounts of the AWS organization that an account manages, and that are not known yet.

        Each is entered by its role of this name, assumed from the managing account. Raises NotFound, CredentialError.
        """
        known, found = set(self._parts.accounts()), self._parts.access.organization(self.named(management), role)
        return [self.keep(account) for account in found if account.account_id not in known]

    def check(self, wanted: Sequence[str] = ()) -> list[dict[str, str]]:
        """Who each account's credentials are and until when; a failure is told beside its account, never raised."""
        accounts = [self.named(word) for word in wanted] or self.all()
        return [self._checked(account) for account in accounts]

    def remove(self, word: str) -> Account:
        """Forget an account by name or id; its resources stay. Raises NotFound."""
        account = self.named(word)
        self._estate.remove_account(account)
        return account

    def _checked(self, account: Account) -> dict[str, str]:
        row = {"name": account.name, "account_id": account.account_id, "principal": "", "expires_at": "", "error": ""}
        try:
            seen = self._parts.access.describe(account)
        except EscherError as failure:
            return row | {"error": str(failure)}
        return row | {"principal": seen.principal, "expires_at": seen.expires_at}
