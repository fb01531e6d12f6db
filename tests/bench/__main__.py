"""Runs the benchmarks: every `benchmarks()` of `bench_*.py` here, into bench.json. `python -m tests.bench [NAME …]`.

A benchmark yields `(name, value, unit, baseline)`. The baseline is what the value is compared with, measured in the same
run and in the same unit, or None; `ratio` is value ÷ baseline.
"""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

HERE = Path(__file__).parent
TARGET = HERE.parent.parent / "bench.json"


def main(wanted: Sequence[str]) -> int:
    """Run the named benchmarks, or all; 2 when a name is unknown."""
    known = {path.stem.removeprefix("bench_"): path for path in sorted(HERE.glob("bench_*.py"))}
    unknown = set(wanted) - set(known)
    if unknown:
        print(f"There is no benchmark {', '.join(sorted(unknown))}; there are: {', '.join(known)}.", file=sys.stderr)
        return 2
    rows = [row for name in wanted or known for row in measure(name)]
    kept = [row for row in _written() if row["name"] not in {row["name"] for row in rows}] if wanted else []
    TARGET.write_text(json.dumps([*kept, *rows], indent=2) + "\n", "utf-8")
    show(rows)
    return 0


def measure(name: str) -> Iterator[dict[str, Any]]:
    """The rows of one benchmark, as bench.json holds them."""
    for title, value, unit, baseline in importlib.import_module(f"tests.bench.bench_{name}").benchmarks():
        ratio = round(value / baseline, 3) if baseline else None
        print(f"{title}: {_rounded(value)} {unit}" + (f", ratio {ratio}" if baseline else ""), file=sys.stderr)
        yield {"name": title, "value": _rounded(value), "unit": unit, "baseline": _rounded(baseline), "ratio": ratio}


def show(rows: Sequence[dict[str, Any]]) -> None:
    """Print the rows as a table."""
    table = Table("benchmark", box=None)
    for column in ("value", "unit", "baseline", "ratio"):
        table.add_column(column, justify="left" if column == "unit" else "right")
    for row in rows:
        table.add_row(*("" if cell is None else str(cell) for cell in row.values()))
    Console().print(table)


def _rounded(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.4g}")


def _written() -> list[dict[str, Any]]:
    return json.loads(TARGET.read_text("utf-8")) if TARGET.exists() else []


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
