"""The store: what every other room reads and writes, and the only place that knows it is encrypted.

One connection reads and one writes, each behind its own lock, so threads and processes see what is committed and a
long write never holds a reader up. A collection is checked against its digest when it is first touched.
"""

from __future__ import annotations

import fcntl
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from sqlite3 import Connection, DatabaseError
from typing import Self, get_args

from escher.errors import KeyUnavailable, NotInitialised, StoreError, StoreTampered, WrongKey
from escher.settings import Settings
from escher.store.collections import CollectionName
from escher.store.creation import create_store
from escher.store.database import connect, header, set_header, translated
from escher.store.keychain import Keychain
from escher.store.keys import MasterKey, StoreKeys
from escher.store.records import Change, Record
from escher.store.root import Anchor, Head, Root, RootSealer, anchor_of, decode_anchor, judge
from escher.store.sealing import FORMAT, RowSealer
from escher.store.sources import find_master
from escher.store.statements import STATEMENTS
from escher.store.transaction import Transaction, changes_of
