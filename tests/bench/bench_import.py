"""What `import escher` and `%load_ext escher` cost over a bare Python and a bare IPython shell."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Iterator

ROUNDS = 7
_SHELL = "from IPython.core.interactiveshell import InteractiveShell; shell = InteractiveShell.instance()"


def benchmarks() -> Iterator[tuple[str, float, str, float | None]]:
    """Medians of several fresh processes; the budgets are 100 and 300 ms over the baseline."""
    bare, imported = _medians("pass", "import escher")
    yield "import escher", imported, "ms", bare
    yield "import escher, over bare Python", imported - bare, "ms", None
    shell, loaded = _medians(_SHELL, f"{_SHELL}; shell.run_line_magic('load_ext', 'escher')")
    yield "%load_ext escher", loaded, "ms", shell
    yield "%load_ext escher, over a bare shell", loaded - shell, "ms", None


def _medians(*programs: str) -> list[float]:
    """Milliseconds of each program, taken in turns so that a busy moment hits all alike."""
    rounds = [[_milliseconds(program) for program in programs] for _ in range(ROUNDS)]
    return [statistics.median(column) for column in zip(*rounds, strict=True)]


def _milliseconds(program: str) -> float:
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-c", program], check=True)
    return (time.perf_counter() - begun) * 1000
