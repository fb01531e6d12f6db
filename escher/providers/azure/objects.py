"""Backups in a container of Azure Blob Storage.

Credentials are those of `az login`, the environment or a managed identity; AZURE_STORAGE_CONNECTION_STRING goes first.
"""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import Any

from azure.core.exceptions import AzureError, ClientAuthenticationError, HttpResponseError, ResourceNotFoundError
from azure.identity import DefaultAzureCredential
from azure.storage.blob import ContainerClient, ExponentialRetry

from escher.contract.ports import StoredObject
from escher.errors import ConfigurationError
from escher.providers.objects import (
    CHECKSUM,
    TRIES,
    checksum_of,
    failure,
    must_be_whole,
    new_file,
    not_logged_in,
    opened,
)

_CONNECTION = "AZURE_STORAGE_CONNECTION_STRING"
_LOGIN = f"Log in (az login) with the right to this container, or set {_CONNECTION}."
_PART_BYTES = 16 << 20


class BlobObjects:
    """`ports.ObjectStore` on Azure Blob Storage: `az://account/container/prefix`."""

    def __init__(self, url: str, account: str, container: str, prefix: str) -> None:
        self.url, self._account, self._name, self._prefix = url, account, container, prefix

    def upload(self, name: str, source: Path) -> None:
        """Write a file as a blob. Azure checks each block's MD5, and the whole is compared afterwards."""
        checksum = checksum_of(source)
        with opened(source) as file, self._translated():
            blob = self._container.upload_blob(
                self._prefix + name, file, overwrite=True, validate_content=True, metadata={CHECKSUM: checksum}
            )
            there = blob.get_blob_properties()
        must_be_whole(self.url, source, checksum, (there.size, (there.metadata or {}).get(CHECKSUM, "")))

    def download(self, name: str, target: Path) -> None:
        """Read a blob into a new file of mode 0600."""
        with new_file(target) as file, self._translated():
            self._container.download_blob(self._prefix + name, validate_content=True).readinto(file)

    def list(self) -> list[StoredObject]:
        """Every blob under the prefix, oldest first."""
        with self._translated():
            found = [self._stored(one) for one in self._container.list_blobs(name_starts_with=self._prefix)]
        return sorted(found, key=lambda one: one.written_at)

    def delete(self, name: str) -> None:
        """Delete a blob; an unknown one is ignored."""
        with self._translated(), suppress(ResourceNotFoundError):
            self._container.delete_blob(self._prefix + name)

    @cached_property
    def _container(self) -> ContainerClient:
        # At once, then after 2, 4 and 8 seconds; the SDK's own patience begins at 15.
        retry = ExponentialRetry(initial_backoff=0, increment_base=2, retry_total=TRIES - 1, random_jitter_range=1)
        options: dict[str, Any] = {
            "retry_policy": retry,
            "max_single_put_size": _PART_BYTES,
            "max_block_size": _PART_BYTES,
        }
        connection = os.environ.get(_CONNECTION)
        if not connection:
            address = f"https://{self._account}.blob.core.windows.net"
            return ContainerClient(address, self._name, credential=DefaultAzureCredential(), **options)
        try:
            client = ContainerClient.from_connection_string(connection, self._name, **options)
        except ValueError as cause:
            raise ConfigurationError(f"{_CONNECTION} cannot be used: {cause}.", hint="Copy it again.") from cause
        if client.account_name != self._account:
            raise ConfigurationError(
                f"{_CONNECTION} is of account {client.account_name}, and backup_target of {self._account}.",
                hint="Correct one of them.",
            )
        return client

    def _stored(self, one: Any) -> StoredObject:
        return StoredObject(one.name.removeprefix(self._prefix), one.size, int(one.last_modified.timestamp()))

    @contextmanager
    def _translated(self) -> Generator[None]:
        """Turn the SDK's errors into ours."""
        try:
            yield
        except ClientAuthenticationError as cause:
            raise not_logged_in(self.url, cause, _LOGIN) from cause
        except HttpResponseError as cause:
            raise failure(self.url, cause.status_code, cause, _LOGIN) from cause
        except AzureError as cause:
            raise failure(self.url, None, cause, _LOGIN) from cause
