"""Write an archive: one commit of the store as a compressed tar of JSON lines, in encrypted chunks, signed at the end.

It goes from row to archive a few megabytes at a time: nothing in clear is ever in a file, not even for a moment.
"""

from __future__ import annotations

import gzip
import io
import os
import tarfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, get_args

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from escher.contract.ports import Progress
from escher.store.backup.chunks import ChunkWriter
from escher.store.backup.header import KEY_PURPOSE, SIGNATURES, SIGNED, STORE_KEY, Header, bound_key
from escher.store.backup.manifest import Manifest, Tally, content_of, line_of
from escher.store.collections import CollectionName
from escher.store.keys import KEY_BYTES
from escher.store.records import Record
from escher.store.sealing import overwrite, seal
from escher.store.snapshot import Snapshot
from escher.store.vault import Store

# A tar needs a member's size before its content; so much of a collection is in memory at once.
PART_BYTES = 4 << 20
MANIFEST = "manifest.json"
# Vectors hardly compress; more effort costs seconds and saves a few percent.
_EFFORT = 1


def write_archive(store: Store, draft: Path, made_at: str, progress: Progress = lambda event: None) -> Manifest:
    """Back a store up into a new file of mode 0600, on the disk when this returns; what is in it.

    `progress` hears `{"type": "backup", "done", "total"}`, counted in records. Raises StoreTampered, OSError.
    """
    signer = Ed25519PrivateKey.from_private_bytes(store.derive(SIGNATURES))
    with store.snapshot() as snapshot, _new_file(draft) as file, _random_key() as key:
        hashed = _Hashed(file)
        public_key = signer.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        wrapped = snapshot.wrap(bytes(key), KEY_PURPOSE)
        own = seal(AESGCM(store.derive(STORE_KEY)), bytes(key), bound_key(store.store_id))
        header = Header(snapshot.identity, snapshot.root.schema, made_at, public_key, wrapped, own).encode()
        hashed.write(header)
        chunks = ChunkWriter(hashed.write, key, sha256(header).digest())
        manifest = _write_tar(chunks, snapshot, store.store_id, made_at, progress)
        chunks.close()
        file.write(signer.sign(SIGNED + hashed.digest()))
    return manifest


def _write_tar(chunks: ChunkWriter, snapshot: Snapshot, store_id: str, made_at: str, progress: Progress) -> Manifest:
    total, done = sum(state.records for state in snapshot.root.states.values()), 0
    tallies: dict[CollectionName, Tally] = {}
    files: dict[str, str] = {}
    packed = gzip.GzipFile(fileobj=chunks, mode="wb", compresslevel=_EFFORT, mtime=0)
    with packed, tarfile.open(fileobj=packed, mode="w|") as tar:
        for collection in get_args(CollectionName):
            tally = tallies[collection] = Tally()
            for number, part in enumerate(_parts(snapshot.records(collection), tally)):
                name = f"{collection}/{number:06}.jsonl"
                files[name] = _add(tar, name, part)
                progress({"type": "backup", "done": done + tally.records, "total": total})
            done += tally.records
        root = snapshot.root
        manifest = Manifest(
            store_id, made_at, root.schema, root.sequence, root.head, snapshot.derivation(), tallies, files
        )
        _add(tar, MANIFEST, manifest.encode())
    return manifest


def _parts(records: Iterator[Record], tally: Tally) -> Iterator[bytes]:
    """The lines of records, a few megabytes at a time, counted as they go by."""
    lines, size = list[bytes](), 0
    for record in records:
        tally.add(content_of(record))
        lines.append(line_of(record))
        size += len(lines[-1])
        if size >= PART_BYTES:
            yield b"".join(lines)
            lines, size = [], 0
    if lines:
        yield b"".join(lines)


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> str:
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(content), 0o600
    tar.addfile(member, io.BytesIO(content))
    return sha256(content).hexdigest()


class _Hashed:
    """Writes to a file and hashes what it writes."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._hash = file, sha256()

    def write(self, data: bytes) -> None:
        self._hash.update(data)
        self._file.write(data)

    def digest(self) -> bytes:
        return self._hash.digest()


@contextmanager
def _new_file(path: Path) -> Generator[BinaryIO]:
    """A new file of mode 0600, on the disk at the end of the block, or gone when the block raised."""
    try:
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise


@contextmanager
def _random_key() -> Generator[bytearray]:
    key = bytearray(os.urandom(KEY_BYTES))
    try:
        yield key
    finally:
        overwrite(key)
