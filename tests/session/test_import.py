"""`import escher` is light."""

from __future__ import annotations

import json
import subprocess
import sys

HEAVY = (
    "boto3",
    "botocore",
    "pandas",
    "numpy",
    "plotly",
    "onnxruntime",
    "IPython",
    "pydantic",
    "httpx",
    "fastapi",
    "qdrant_client",
)


def _modules_after(code: str) -> set[str]:
    program = f"{code}\nimport json, sys\nprint(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], text=True, capture_output=True, check=True)
    return set(json.loads(done.stdout))


def test_importing_escher_loads_nothing_heavy() -> None:
    """No SDK, no pandas, no model runtime, no IPython: the first call brings what it needs."""
    loaded = _modules_after("import escher; dir(escher)")
    assert not loaded & set(HEAVY)
    assert not any(name.startswith("escher.") and name != "escher.session" for name in loaded)


def test_the_magics_load_no_sdk_and_no_model() -> None:
    """`%load_ext escher` brings the commands, not the clouds."""
    code = (
        "from IPython.core.interactiveshell import InteractiveShell\n"
        "import escher; escher.load_ipython_extension(InteractiveShell.instance())"
    )
    loaded = _modules_after(code)
    assert not loaded & {"boto3", "botocore", "pandas", "plotly", "onnxruntime", "qdrant_client", "fastapi"}


def test_the_public_names_are_there() -> None:
    """Every name of the facade is found, and a wrong one is an AttributeError."""
    loaded = _modules_after("import escher; [getattr(escher, name) for name in escher.__all__]")
    assert "escher.session.current" in loaded
