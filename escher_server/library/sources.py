"""Where a library comes from: a folder, or an `https` address of an index. Both list files with their SHA-256.

The index is JSON: `{"files": [{"path": "<id>/v<version>/metadata.json", "sha256": "…", "url": "…"}]}`. `url` may be
left out: then the path is below the index. So any web server and any object store will do, with signed links or without.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import httpx
from pydantic import Field, ValidationError

from escher.contract.wire import Wire
from escher_server.errors import InvalidRequest, SyncFailed

MOST_BYTES = 1024 * 1024
_MOST_INDEX_BYTES = 16 * 1024 * 1024
_OK, _NOT_MODIFIED = 200, 304
_TIMEOUT = httpx.Timeout(30, connect=5)
# `<id>/v<version>/…`, every part a plain name: nothing leads out of the folder it is put in.
_PLACE = re.compile(r"([a-z][a-z0-9-]{0,99})/v(\d+\.\d+\.\d+)((?:/[A-Za-z0-9_][A-Za-z0-9._-]{0,99}){1,8})")


class ListedFile(Wire):
    """One file of a library."""

    path: str
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    url: str = ""

    @property
    def version(self) -> tuple[str, str]:
        """The id and version whose file it is. Raises SyncFailed for a path that leads elsewhere."""
        found = _PLACE.fullmatch(self.path)
        if found is None:
            raise SyncFailed("the index names a path that is none of a playbook's.", hint="Correct the index.")
        return found[1], found[2]


class Index(Wire):
    """The files of a library; `marker` stands for exactly these."""

    files: tuple[ListedFile, ...] = Field(max_length=50_000)
    marker: str = ""


class LibrarySource(Protocol):
    """A place with a library in it."""

    def index(self, marker: str) -> Index | None:
        """What is there; None when it is what `marker` stood for. Raises SyncFailed."""
        ...

    def read(self, file: ListedFile) -> bytes:
        """One file, with the content that was listed. Raises SyncFailed."""
        ...


def source_at(place: str) -> LibrarySource:
    """The source that a setting names. Raises InvalidRequest when it names none."""
    if place.startswith("https://"):
        return WebSource(httpx.Client(timeout=_TIMEOUT, follow_redirects=False), place)
    if place and Path(place).is_dir():
        return FolderSource(Path(place))
    raise InvalidRequest(
        "there is no source to fetch a library from.", hint="Set ESCHER_SERVER_LIBRARY to a folder or an https address."
    )


@dataclass(frozen=True, slots=True)
class FolderSource:
    """A folder, laid out as the packaged library is."""

    folder: Path

    def index(self, marker: str) -> Index | None:
        """Every file of a version below the folder, hashed; links are not followed."""
        listed = tuple(
            ListedFile(path=path.relative_to(self.folder).as_posix(), sha256=_sha256(path.read_bytes()))
            for path in sorted(self.folder.glob("*/v*/**/*"))
            if path.is_file() and not path.is_symlink() and "__pycache__" not in path.parts
        )
        now = _sha256("\n".join(f"{file.path} {file.sha256}" for file in listed).encode())
        return None if now == marker else Index(files=listed, marker=now)

    def read(self, file: ListedFile) -> bytes:
        """The file as it is on the disk."""
        return _checked(file, (self.folder / file.path).read_bytes())


@dataclass(frozen=True, slots=True)
class WebSource:
    """An index on a web server or in an object store. The marker is its ETag."""

    client: httpx.Client
    address: str

    def index(self, marker: str) -> Index | None:
        """The index, unless its ETag is still the marker."""
        headers = {"if-none-match": marker} if marker else {}
        response = self._get(self.address, headers, _MOST_INDEX_BYTES)
        if response.status_code == _NOT_MODIFIED:
            return None
        try:
            index = Index.model_validate_json(response.content)
        except ValidationError as cause:
            raise SyncFailed("the source's index is not one.", hint="See escher_server/library/sources.py.") from cause
        return index.model_copy(update={"marker": response.headers.get("etag", "")})

    def read(self, file: ListedFile) -> bytes:
        """The file behind its own link, or below the index."""
        url = str(httpx.URL(self.address).join(file.url or file.path))
        if not url.startswith("https://"):
            raise SyncFailed("the index names a link that is not https.", hint="Correct the index.")
        return _checked(file, self._get(url, {}, MOST_BYTES).content)

    def _get(self, url: str, headers: Mapping[str, str], limit: int) -> httpx.Response:
        try:
            with self.client.stream("GET", url, headers=dict(headers)) as response:
                content = b""
                for chunk in response.iter_bytes():
                    content += chunk
                    if len(content) > limit:
                        raise SyncFailed("a file of the source is too large.", hint="See the limits of the library.")
        except httpx.HTTPError as cause:
            raise SyncFailed(f"the source does not answer ({type(cause).__name__}).", hint="Try again.") from cause
        if response.status_code not in (_OK, _NOT_MODIFIED):
            raise SyncFailed(f"the source refused ({response.status_code}).", hint="Look at its permissions.")
        return httpx.Response(response.status_code, headers=response.headers, content=content)


def _checked(file: ListedFile, content: bytes) -> bytes:
    if len(content) > MOST_BYTES or _sha256(content) != file.sha256:
        raise SyncFailed("a file of the source is not the one that its index lists.", hint="Make the index anew.")
    return content


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
