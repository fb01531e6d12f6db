"""Where copies of backups go: the object store that an address names."""

from __future__ import annotations

import re

from escher.contract.ports import ObjectStore
from escher.errors import ConfigurationError
from escher.providers.objects import missing

_ADDRESS = re.compile(r"(s3|gs|az)://([a-z0-9][a-z0-9._-]+)((?:/[A-Za-z0-9!_*'()=+@-][A-Za-z0-9!_.*'()=+@-]*)*)/?")
_EXTRAS = {"s3": "aws", "az": "azure", "gs": "gcp"}


def object_store(url: str) -> ObjectStore:
    """The store behind `s3://bucket/prefix`, `gs://bucket/prefix` or `az://account/container/prefix`; nothing is sent.

    Raises ConfigurationError for another address, MissingDependency when the cloud's SDK is not installed.
    """
    found = _ADDRESS.fullmatch(url)
    if found is None or (found[1] == "az" and not found[3]):
        raise ConfigurationError(
            f"backup_target is {url!r}, which is no place for backups.",
            hint="Use s3://bucket/prefix, gs://bucket/prefix or az://account/container/prefix.",
        )
    scheme, first, path = found[1], found[2], found[3].strip("/")
    try:
        return _made(scheme, url, first, path)
    except ImportError as cause:
        raise missing(url, _EXTRAS[scheme], cause) from cause


def _made(scheme: str, url: str, first: str, path: str) -> ObjectStore:
    if scheme == "s3":
        from escher.providers.aws.objects import S3Objects

        return S3Objects(url, first, _folder(path))
    if scheme == "gs":
        from escher.providers.gcp.objects import GcsObjects

        return GcsObjects(url, first, _folder(path))
    from escher.providers.azure.objects import BlobObjects

    container, _, rest = path.partition("/")
    return BlobObjects(url, first, container, _folder(rest))


def _folder(path: str) -> str:
    return f"{path}/" if path else ""
