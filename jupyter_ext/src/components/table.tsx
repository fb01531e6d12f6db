/** Rows that can be sorted and searched; long ones scroll, and only what is in sight is in the page. */
import { useMemo, useRef, useState } from "preact/hooks";
import { cellText, counted, isNumeric, type Cell, type Format } from "../format";
import type { Column, ResourceTable, Table as TableComponent } from "../generated/contract";
import { Shown } from "../shown";
import { useWindow } from "../window";

type Row = Record<string, Exclude<Cell, undefined>>;
type Order = { key: string; descending: boolean } | undefined;

const ROW_HEIGHT = 30;
const SCROLLS_FROM = 30;
const SAMPLE = 200;
const COLLATOR = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

export function Table({ component }: { component: TableComponent | ResourceTable }) {
  const { title, subtitle, footer, tags, columns, sortable, searchable, total } = component.props;
  const [order, setOrder] = useState<Order>(undefined);
  const [query, setQuery] = useState("");
  const all = component.data.rows as readonly Row[];
  const found = useMemo(() => search(all, columns, query), [all, columns, query]);
  const rows = useMemo(() => sorted(found, order), [found, order]);
  const beyond = (total ?? all.length) - all.length;
  return (
    <section class="escher-card" aria-label={title || "Table"}>
      <header class="escher-head">
        <h3>
          <Shown text={title} />
        </h3>
        <span class="escher-sub" role="status">
          <Shown text={query ? `${counted(rows.length, "row")} of ${all.length}` : subtitle} />
        </span>
        <div class="escher-end">
          {tags.map((tag) => (
            <span key={tag} class="escher-tag escher-plain">
              <Shown text={tag} />
            </span>
          ))}
          {searchable && (
            <input
              type="search"
              placeholder="Search"
              aria-label={`Search in ${title || "this table"}`}
              value={query}
              onInput={(event) => setQuery(event.currentTarget.value)}
            />
          )}
        </div>
      </header>
      <Rows
        rows={rows}
        columns={columns}
        order={order}
        onSort={sortable ? (key) => setOrder(next(order, key)) : undefined}
        label={title}
      />
      {(footer || beyond > 0) && (
        <footer class="escher-foot">
          <Shown
            text={[footer, beyond > 0 ? `${counted(beyond, "more row")} in the frame: escher.estate()` : ""]
              .filter(Boolean)
              .join(" ")}
          />
        </footer>
      )}
    </section>
  );
}

type RowsProps = {
  rows: readonly Row[];
  columns: readonly Column[];
  order: Order;
  onSort: ((key: string) => void) | undefined;
  label: string;
};

function Rows({ rows, columns, order, onSort, label }: RowsProps) {
  const box = useRef<HTMLDivElement>(null);
  const scrolls = rows.length > SCROLLS_FROM;
  const seen = useWindow(box, rows.length, ROW_HEIGHT);
  const [first, last] = scrolls ? [seen.first, seen.last] : [0, rows.length];
  const widths = useMemo(() => (scrolls ? columnWidths(rows, columns) : []), [scrolls, rows, columns]);
  return (
    <div
      ref={box}
      class={scrolls ? "escher-rows escher-scrolls" : "escher-rows"}
      tabIndex={0}
      role="region"
      aria-label={`Rows of ${label || "the table"}`}
    >
      <table aria-rowcount={rows.length + 1}>
        {scrolls && (
          <colgroup>
            {widths.map((width, index) => (
              <col key={index} style={{ width: `${width}%` }} />
            ))}
          </colgroup>
        )}
        <thead>
          <tr aria-rowindex={1}>
            {columns.map((column) => (
              <Heading key={column.key} column={column} order={order} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody>
          {scrolls && <Gap height={seen.before} columns={columns.length} />}
          {rows.slice(first, last).map((row, index) => (
            <tr key={first + index} aria-rowindex={first + index + 2}>
              {columns.map((column) => (
                <Value key={column.key} value={row[column.key]} format={column.format} />
              ))}
            </tr>
          ))}
          {scrolls && <Gap height={seen.after} columns={columns.length} />}
        </tbody>
      </table>
      {rows.length === 0 && <p class="escher-none">No rows.</p>}
    </div>
  );
}

function Gap({ height, columns }: { height: number; columns: number }) {
  return height > 0 ? (
    <tr class="escher-gap" aria-hidden="true">
      <td colSpan={columns} style={{ height: `${height}px` }} />
    </tr>
  ) : null;
}

function Heading({
  column,
  order,
  onSort,
}: {
  column: Column;
  order: Order;
  onSort: ((key: string) => void) | undefined;
}) {
  const direction = order?.key === column.key ? (order.descending ? "descending" : "ascending") : "none";
  return (
    <th
      scope="col"
      class={isNumeric(column.format) ? "escher-number" : undefined}
      aria-sort={onSort ? direction : undefined}
    >
      {onSort ? (
        <button type="button" class="escher-sort" onClick={() => onSort(column.key)}>
          <Shown text={column.label} />
          <span aria-hidden="true">{direction === "none" ? "" : direction === "ascending" ? " ▲" : " ▼"}</span>
        </button>
      ) : (
        <Shown text={column.label} />
      )}
    </th>
  );
}

const STATES: Record<string, string> = {
  running: "ok",
  available: "ok",
  active: "ok",
  completed: "ok",
  "in-use": "ok",
  in_use: "ok",
  pending: "warn",
  stopping: "warn",
  starting: "warn",
  modifying: "warn",
  rebooting: "warn",
  error: "bad",
  failed: "bad",
  deleting: "bad",
  "shutting-down": "bad",
};

function Value({ value, format }: { value: Cell; format: Format }) {
  const text = cellText(value, format);
  const kind = isNumeric(format) ? "escher-number" : format === "code" ? "escher-id" : undefined;
  return (
    <td class={kind} title={text.length > 40 ? text : undefined}>
      {format === "state" && text && <span class={`escher-dot escher-${STATES[text] ?? "plain"}`} aria-hidden="true" />}
      <Shown text={text} />
    </td>
  );
}

function search(rows: readonly Row[], columns: readonly Column[], query: string): readonly Row[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return rows;
  return rows.filter((row) => {
    const text = columns.map((column) => cellText(row[column.key], column.format).toLowerCase()).join("\n");
    return words.every((word) => text.includes(word));
  });
}

function sorted(rows: readonly Row[], order: Order): readonly Row[] {
  if (!order) return rows;
  const sign = order.descending ? -1 : 1;
  return [...rows].sort((a, b) => sign * compare(a[order.key], b[order.key]));
}

function compare(a: Cell, b: Cell): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return COLLATOR.compare(String(a ?? ""), String(b ?? ""));
}

/** Ascending, descending, then as it came. */
function next(order: Order, key: string): Order {
  if (order?.key !== key) return { key, descending: false };
  return order.descending ? undefined : { key, descending: true };
}

/** Shares of the width by the longest texts among the first rows, so that columns stay put while rows change. */
function columnWidths(rows: readonly Row[], columns: readonly Column[]): number[] {
  const sample = rows.slice(0, SAMPLE);
  const lengths = columns.map((column) => {
    const longest = Math.max(
      column.label.length,
      ...sample.map((row) => cellText(row[column.key], column.format).length),
    );
    return Math.min(40, Math.max(7, longest + 3));
  });
  const whole = lengths.reduce((sum, length) => sum + length, 0);
  return lengths.map((length) => (100 * length) / whole);
}
