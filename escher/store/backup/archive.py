"""Read an archive: its signature, its chunks, and every record in it. Nothing of it is believed before it is checked."""

from __future__ import annotations

import gzip
import itertools
import tarfile
import zlib
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, cast, get_args

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from escher.contract.ports import Progress
from escher.errors import BackupError, KeyUnavailable, StoreTampered, WrongKey
from escher.settings import Settings
from escher.store.backup.chunks import ChunkReader
from escher.store.backup.header import KEY_PURPOSE, SIGNATURE_BYTES, SIGNED, Header, bound_key, read_header, unreadable
from escher.store.backup.manifest import Manifest, Tally, content_of, decode, record_of
from escher.store.backup.writing import MANIFEST
from escher.store.collections import CollectionName
from escher.store.keys import KEY_BYTES, MasterKey
from escher.store.records import Record
from escher.store.root import refuse_newer
from escher.store.sealing import overwrite, unseal_into
from escher.store.sources import Unlocked, unlock

Entry = tuple[CollectionName, Record]
# The master key that the archive was made under, or `derive(STORE_KEY)` of its store.
Key = MasterKey | bytes
_BLOCK = 1 << 20
_DAMAGE = (InvalidTag, tarfile.TarError, zlib.error, EOFError, KeyError, TypeError, ValueError, gzip.BadGzipFile)


@dataclass(frozen=True, slots=True)
class Archive:
    """An archive on the disk, of which so far only the clear header was read."""

    path: Path
    header: Header
    bound_to: bytes
    begins: int
    ends: int

    @classmethod
    def open(cls, path: Path) -> Archive:
        """Look at an archive. Raises BackupError when it cannot be read, BackupUnreadable when it is none."""
        with _opened(path) as file:
            header, plain = read_header(file)
            ends = file.seek(0, 2) - SIGNATURE_BYTES
        if ends <= len(plain):
            raise unreadable("it was cut off")
        return cls(path, header, sha256(plain).digest(), len(plain), ends)

    @property
    def store_id(self) -> str:
        """The store that this is a backup of."""
        return self.header.identity.store_id.hex()

    def check_signature(self) -> None:
        """Whether every byte is as it was signed; needs no key. Raises BackupUnreadable."""
        hashed, left = sha256(), self.ends
        with _opened(self.path) as file:
            while left and (block := file.read(min(left, _BLOCK))):
                hashed.update(block)
                left -= len(block)
            signature = file.read()
        try:
            Ed25519PublicKey.from_public_bytes(self.header.public_key).verify(signature, SIGNED + hashed.digest())
        except (InvalidSignature, ValueError) as cause:
            raise unreadable("it was altered or cut off since it was signed") from cause

    def unlock(self, settings: Settings) -> Unlocked:
        """The master key that this archive needs. Raises KeyUnavailable, WrongKey; each says how to get it."""
        try:
            return unlock(settings, self.header.identity)
        except (KeyUnavailable, WrongKey) as cause:
            raise type(cause)(
                f"a backup without its key is useless, and the key of store {self.store_id} is not here:"
                f" {cause.message}",
                hint=f"Bring it: escher keys import FILE, where FILE is the key that was exported. Or: {cause.hint}",
            ) from cause

    def entries(self, key: Key) -> Generator[Entry, None, Manifest]:
        """Every record with its collection, in order of insertion; what the archive says of itself is the result.

        Raises BackupUnreadable at the first that is not what was written, and at the end when there are too few.
        """
        refuse_newer(self.header.schema)
        tallies: dict[CollectionName, Tally] = {name: Tally() for name in get_args(CollectionName)}
        files: dict[str, str] = {}
        try:
            for name, content in self._files(key):
                if name == MANIFEST:
                    return _confirmed(decode(content), self.header, tallies, files)
                files[name] = sha256(content).hexdigest()
                collection = cast(CollectionName, name.partition("/")[0])
                for line in content.splitlines():
                    record = record_of(line)
                    tallies[collection].add(content_of(record))
                    yield collection, record
        except _DAMAGE as cause:
            raise unreadable("it was altered or cut off since it was written") from cause
        raise unreadable("its manifest is missing")

    def manifest(
        self,
        key: Key,
        progress: Progress = lambda event: None,
        each: Callable[[CollectionName, Record], None] = lambda collection, record: None,
    ) -> Manifest:
        """Read everything through, and compare it with the manifest; `each` sees every record. Raises BackupUnreadable.

        `progress` hears `{"type": "backup_check", "done"}` now and then, counted in records.
        """
        entries = self.entries(key)
        for read in itertools.count(1):
            try:
                each(*next(entries))
            except StopIteration as end:
                return end.value
            if read % 10_000 == 0:
                progress({"type": "backup_check", "done": read})
        raise AssertionError

    def _files(self, key: Key) -> Iterator[tuple[str, bytes]]:
        own = self._key(key)
        try:
            with _opened(self.path) as file:
                file.seek(self.begins)
                chunks = ChunkReader(file, self.ends - self.begins, own, self.bound_to)
                packed = gzip.GzipFile(fileobj=cast(BinaryIO, chunks), mode="rb")
                with packed, tarfile.open(fileobj=packed, mode="r|") as tar:
                    for member in tar:
                        content = tar.extractfile(member)
                        yield member.name, content.read() if content else b""
        finally:
            overwrite(own)

    def _key(self, key: Key) -> bytearray:
        try:
            if isinstance(key, MasterKey):
                return key.unwrap(self.header.key, 0, KEY_PURPOSE)
            own = bytearray(KEY_BYTES)
            unseal_into(AESGCM(key), self.header.own_key, bound_key(self.store_id), own)
            return own
        except (StoreTampered, InvalidTag, ValueError) as cause:
            raise unreadable("its header was altered") from cause


def _confirmed(
    manifest: Manifest, header: Header, tallies: dict[CollectionName, Tally], files: dict[str, str]
) -> Manifest:
    if manifest.store_id != header.identity.store_id.hex() or manifest.schema != header.schema:
        raise ValueError("another store's manifest")
    if manifest.collections != tallies or manifest.files != files:
        raise ValueError("not what was counted")
    return manifest


@contextmanager
def _opened(path: Path) -> Generator[BinaryIO]:
    try:
        with path.open("rb") as file:
            yield file
    except OSError as cause:
        raise BackupError(
            f"cannot read {path}: {cause.strerror}.", hint="escher backup --list shows what there is."
        ) from cause
