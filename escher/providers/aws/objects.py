"""Backups in an S3 bucket. Credentials, region and endpoint are the user's own AWS environment and configuration."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

from boto3 import Session
from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    CredentialRetrievalError,
    NoCredentialsError,
    PartialCredentialsError,
    ProfileNotFound,
    TokenRetrievalError,
)

from escher.contract.ports import StoredObject
from escher.providers.aws.models import new_session
from escher.providers.objects import CHECKSUM, TRIES, checksum_of, failure, must_be_whole, new_file, not_logged_in

_LOGIN = "Log in (aws configure, aws sso login), or set AWS_PROFILE, with the right to this bucket."
_CREDENTIALS = (
    NoCredentialsError,
    PartialCredentialsError,
    CredentialRetrievalError,
    TokenRetrievalError,
    ProfileNotFound,
)
_EXPIRED = frozenset({"ExpiredToken", "InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidToken"})
_PART_BYTES = 16 << 20


class S3Objects:
    """`ports.ObjectStore` on S3: `s3://bucket/prefix`."""

    def __init__(self, url: str, bucket: str, prefix: str) -> None:
        self.url, self._bucket, self._prefix = url, bucket, prefix

    def upload(self, name: str, source: Path) -> None:
        """Write a file as an object. S3 checks each part's SHA-256, and the whole is compared afterwards."""
        checksum, key = checksum_of(source), self._prefix + name
        extra = {"ChecksumAlgorithm": "SHA256", "Metadata": {CHECKSUM: checksum}}
        with self._translated():
            self._client.upload_file(str(source), self._bucket, key, ExtraArgs=extra, Config=_transfer())
            head = self._client.head_object(Bucket=self._bucket, Key=key)
        must_be_whole(self.url, source, checksum, (head["ContentLength"], head["Metadata"].get(CHECKSUM, "")))

    def download(self, name: str, target: Path) -> None:
        """Read an object into a new file of mode 0600."""
        with new_file(target) as file, self._translated():
            self._client.download_fileobj(self._bucket, self._prefix + name, file, Config=_transfer())

    def list(self) -> list[StoredObject]:
        """Every object under the prefix, oldest first."""
        with self._translated():
            pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=self._prefix)
            found = [self._stored(one) for page in pages for one in page.get("Contents", ())]
        return sorted(found, key=lambda one: one.written_at)

    def delete(self, name: str) -> None:
        """Delete an object; an unknown one is ignored."""
        with self._translated():
            self._client.delete_object(Bucket=self._bucket, Key=self._prefix + name)

    @cached_property
    def _client(self) -> Any:
        retries = {"mode": "standard", "total_max_attempts": TRIES}
        return Session(botocore_session=new_session()).client("s3", config=Config(retries=retries))

    def _stored(self, one: dict[str, Any]) -> StoredObject:
        return StoredObject(one["Key"].removeprefix(self._prefix), one["Size"], int(one["LastModified"].timestamp()))

    @contextmanager
    def _translated(self) -> Generator[None]:
        """Turn the SDK's errors into ours."""
        try:
            yield
        except _CREDENTIALS as cause:
            raise not_logged_in(self.url, cause, _LOGIN) from cause
        except (BotoCoreError, ClientError, Boto3Error) as cause:
            # The transfer wraps what S3 answered.
            answered = cause if isinstance(cause, ClientError) else cause.__context__
            response: Any = answered.response if isinstance(answered, ClientError) else {}
            status = response.get("ResponseMetadata", {}).get("HTTPStatusCode")
            if response.get("Error", {}).get("Code") in _EXPIRED:
                status = 401
            raise failure(self.url, status, answered or cause, _LOGIN) from cause


def _transfer() -> TransferConfig:
    # One part at a time: a backup has time, and shall not fill the memory.
    return TransferConfig(multipart_threshold=_PART_BYTES, multipart_chunksize=_PART_BYTES, use_threads=False)
