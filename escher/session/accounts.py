"""The accounts of the estate: kept in the store without any secret, confirmed by their providers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from escher.contract.estate import Account
from escher.errors import CredentialError, EscherError, InvalidInput, NotFound
from escher.providers.aws.session import AwsAccess
from escher.store.estate import EstateStore


class Accounts:
    """`session.accounts`: add, list, check, remove."""

    def __init__(self, estate: EstateStore, access: AwsAccess) -> None:
        self._estate, self._access = estate, access

    def all(self) -> list[Account]:
        """Every configured account, by name."""
        return sorted(self._estate.accounts(), key=lambda account: account.name)

    def by_id(self) -> dict[str, Account]:
        """Every configured account by its id."""
        return {account.account_id: account for account in self._estate.accounts()}

    def named(self, word: str) -> Account:
        """The account with this name or id. Raises NotFound."""
        for account in self.all():
            if word in (account.name, account.account_id):
                return account
        raise NotFound(f"there is no account {word!r}.", hint="See: escher accounts list")

    def add(self, *, name: str, account_id: str = "", **settings: Any) -> Account:
        """Keep an account after its provider confirmed it. Raises CredentialError, InvalidInput."""
        if any(name == account.name for account in self.all()):
            raise InvalidInput(f"there is an account {name!r} already.", hint="Choose another name.")
        account = Account(provider="aws", account_id=account_id, name=name, **settings)
        seen = self._access.describe(account)
        if account_id and seen.account_id != account_id:
            raise CredentialError(
                "these credentials belong to another account than the one given.", hint="Check --account-id, --profile and --role-arn."
            )
        return self.keep(replace(account, account_id=seen.account_id))

    def keep(self, account: Account) -> Account:
        """Keep an account as it is, without asking its provider."""
        self._estate.put_account(account)
        return account

    def add_reachable(self) -> list[Account]:
        """Take in every account that this machine's own configuration reaches and that is not known yet."""
        known = set(self.by_id())
        return [self.keep(account) for account in self._access.discover() if account.account_id not in known]

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
            seen = self._access.describe(account)
        except EscherError as failure:
            return row | {"error": str(failure)}
        wrong = "" if seen.account_id == account.account_id else "the credentials belong to another account"
        return row | {"principal": seen.principal, "expires_at": seen.expires_at or "", "error": wrong}
