"""Backups in a bucket of Google Cloud Storage. Credentials are the application default ones."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import Any

from google.api_core.exceptions import GoogleAPICallError, NotFound, RetryError
from google.auth.exceptions import GoogleAuthError, TransportError
from google.cloud.storage import Client
from google.cloud.storage.exceptions import DataCorruption, InvalidResponse
from google.cloud.storage.retry import DEFAULT_RETRY
from requests import RequestException

from escher.contract.ports import StoredObject
from escher.providers.objects import CHECKSUM, checksum_of, failure, must_be_whole, new_file, not_logged_in, opened

_LOGIN = "Log in (gcloud auth application-default login) with the right to this bucket."
_RETRY = DEFAULT_RETRY.with_timeout(20.0).with_delay(initial=0.5, maximum=4.0)
_PART_BYTES = 16 << 20


class GcsObjects:
    """`ports.ObjectStore` on Cloud Storage: `gs://bucket/prefix`."""

    def __init__(self, url: str, bucket: str, prefix: str) -> None:
        self.url, self._name, self._prefix = url, bucket, prefix

    def upload(self, name: str, source: Path) -> None:
        """Write a file as an object. Google checks its MD5, and the whole is compared afterwards."""
        checksum = checksum_of(source)
        with opened(source) as file, self._translated():
            blob = self._blob(name)
            blob.metadata = {CHECKSUM: checksum}
            blob.upload_from_file(file, size=source.stat().st_size, checksum="md5", retry=_RETRY)
            blob.reload(retry=_RETRY)
            there = (int(blob.size or 0), (blob.metadata or {}).get(CHECKSUM, ""))
        must_be_whole(self.url, source, checksum, there)

    def download(self, name: str, target: Path) -> None:
        """Read an object into a new file of mode 0600."""
        with new_file(target) as file, self._translated():
            self._blob(name).download_to_file(file, checksum="md5", retry=_RETRY)

    def list(self) -> list[StoredObject]:
        """Every object under the prefix, oldest first."""
        with self._translated():
            blobs = self._client.list_blobs(self._name, prefix=self._prefix, retry=_RETRY)
            found = [self._stored(one) for one in blobs]
        return sorted(found, key=lambda one: one.written_at)

    def delete(self, name: str) -> None:
        """Delete an object; an unknown one is ignored."""
        with self._translated(), suppress(NotFound):
            self._blob(name).delete(retry=_RETRY)

    @cached_property
    def _client(self) -> Any:
        return Client()

    def _blob(self, name: str) -> Any:
        return self._client.bucket(self._name).blob(self._prefix + name, chunk_size=_PART_BYTES)

    def _stored(self, one: Any) -> StoredObject:
        written_at = one.updated or one.time_created
        return StoredObject(one.name.removeprefix(self._prefix), int(one.size), int(written_at.timestamp()))

    @contextmanager
    def _translated(self) -> Generator[None]:
        """Turn the SDK's errors into ours."""
        try:
            yield
        except (TransportError, RequestException, RetryError, DataCorruption, ConnectionError) as cause:
            raise failure(self.url, None, cause, _LOGIN) from cause
        except GoogleAuthError as cause:
            raise not_logged_in(self.url, cause, _LOGIN) from cause
        except GoogleAPICallError as cause:
            raise failure(self.url, cause.code, cause, _LOGIN) from cause
        except InvalidResponse as cause:
            raise failure(self.url, cause.response.status_code, cause, _LOGIN) from cause
