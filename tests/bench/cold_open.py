"""A process that opens a store and searches once: how long that took, and its memory, as JSON. HOME PASSPHRASE_FILE."""

import json
import sys
import time
from pathlib import Path

from escher.retrieval.index import EstateIndex
from escher.retrieval.kept import KeptImage
from escher.settings import Settings
from escher.store.estate import ESTATE, EstateStore
from escher.store.vault import Store
from escher.vectors.embedder import load_embedder

model = load_embedder()
model.embed(["loading the model is not what is measured"])
start = time.perf_counter()
with Store.open(Settings(home=Path(sys.argv[1]), passphrase_file=Path(sys.argv[2]))) as store:
    estate = EstateStore(store)
    estate.snapshot()
    loaded = time.perf_counter()
    index = EstateIndex(estate, model, image=KeptImage(store, ESTATE))
    assert index.search("production databases of the orders team", {"region": ["us-east-1"]}, 10)
    searched = time.perf_counter()
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    memory = {name: int(status[name].split()[0]) / 1_000 for name in ("VmHWM", "RssAnon", "RssShmem")}
    print(json.dumps({"store": loaded - start, "index": searched - loaded, "total": searched - start, "mb": memory}))
    index.close()
