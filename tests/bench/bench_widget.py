"""The widget's bundle in Chromium: a table of 10 000 rows from message to paint, and a second's output at 1 000 lines."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

STATIC = Path(__file__).parents[2] / "escher" / "widgets" / "static"
ROWS = 10_000
REPEATS = 5
# localhost is a secure context, so the page has the cryptography that signing needs.
ADDRESS = "http://localhost/bench"
SCRIPT = """
const painted = () => new Promise(done => requestAnimationFrame(() => setTimeout(done)));
const timed = async work => { const begun = performance.now(); work(); await painted(); return performance.now() - begun; };
const rows = count => Array.from({length: count}, (_, n) => ({name: `volume-${n}`, id: `vol-${n}`, state: 'running', gib: n % 1000}));
const columns = ['name', 'id', 'state', 'gib'].map(key => ({key, label: key, format: 'text'}));
const props = {title: '', subtitle: '', footer: '', tags: [], sortable: true, searchable: true, columns, total: null};

globalThis.open = async source => {
    document.body.replaceChildren();
    const model = {get: () => '', send() {}, on(_, handle) { this.receive = handle; }, off() {}};
    const widget = (await import(URL.createObjectURL(new Blob([source], {type: 'text/javascript'})))).default();
    const el = document.body.appendChild(document.createElement('div'));
    widget.initialize({model});
    widget.render({el});
    return model;
};
globalThis.table = async (source, count) => {
    const [model, data] = [await open(source), {rows: rows(count)}];
    return timed(() => model.receive({v: 1, type: 'view.show', id: 's', seq: 1, components: [{id: 't', type: 'table', props, data}]}));
};
globalThis.naive = async count => {
    const data = rows(count);
    document.body.replaceChildren();
    return timed(() => {
        const table = document.createElement('table');
        for (const row of data) {
            const line = table.insertRow();
            for (const {key} of columns) line.insertCell().textContent = row[key];
        }
        document.body.append(table);
    });
};
globalThis.output = async source => {
    const model = await open(source);
    const data = {run_id: 'r', status: 'running', steps: [], lines: [], started_at: '', elapsed_s: 0, footer: ''};
    model.receive({v: 1, type: 'view.show', id: 's', seq: 1,
                   components: [{id: 'run', type: 'progress_tracker', props: {title: ''}, data}]});
    let spent = 0;
    for (let batch = 0; batch < 20; batch++) {
        const lines = Array.from({length: 50}, (_, n) => ({seq: 50 * batch + n + 1, at: '2025-01-01T00:00:00Z', step_id: '1',
                                                          stream: 'stdout', text: `line ${n}`}));
        spent += await timed(() => model.receive({v: 1, type: 'run.output', id: 'o', seq: batch + 2, component_id: 'run', lines}));
    }
    return spent;
};
"""


def benchmarks() -> Iterator[tuple[str, float, str, float | None]]:
    """Milliseconds in the page; the naive table puts every row into it."""
    source = (STATIC / "widget.js").read_text("utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page()
        page.route(ADDRESS, lambda route: route.fulfill(body="<!doctype html><body>", content_type="text/html"))
        page.goto(ADDRESS)
        page.add_script_tag(content=SCRIPT)
        page.add_style_tag(content=(STATIC / "widget.css").read_text("utf-8"))
        table = _best(page, "([source, count]) => table(source, count)", [source, ROWS])
        naive = _best(page, "count => naive(count)", ROWS)
        yield "widget: table of 10 000 rows, message to paint", table, "ms", naive
        yield (
            "widget: one second of output at 1 000 lines/s",
            _best(page, "source => output(source)", source),
            "ms",
            1_000.0,
        )
        browser.close()


def _best(page: Page, script: str, argument: object) -> float:
    return min(float(page.evaluate(script, argument)) for _ in range(REPEATS))
