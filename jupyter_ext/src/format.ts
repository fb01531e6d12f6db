/** How figures and times read, in the language of the page. Pure. */
import type { Column, TableData } from "./generated/contract";

export type Cell = TableData["rows"][number][string] | undefined;
export type Format = Column["format"];

const NUMBER = new Intl.NumberFormat();
const MONEY = new Intl.NumberFormat(undefined, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const PERCENT = new Intl.NumberFormat(undefined, { style: "percent", maximumFractionDigits: 1 });

/** A cell as text; empty for what is missing. */
export function cellText(value: Cell, format: Format): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "number") return numberText(value, format);
  if (format === "datetime") return timeText(value);
  return value;
}

function numberText(value: number, format: Format): string {
  if (format === "currency") return MONEY.format(value);
  if (format === "percent") return PERCENT.format(value);
  if (format === "datetime") return timeText(value * 1000);
  if (format === "age") return elapsed(value);
  return NUMBER.format(value);
}

function timeText(moment: string | number): string {
  const date = new Date(moment);
  return Number.isNaN(date.getTime()) ? String(moment) : date.toLocaleString();
}

/** Whether a column holds figures, which stand on the right. */
export function isNumeric(format: Format): boolean {
  return format === "number" || format === "currency" || format === "percent";
}

/** The time of day of a moment in ISO 8601, `14:02:11`. */
export function clock(moment: string): string {
  const date = new Date(moment);
  return Number.isNaN(date.getTime()) ? moment : date.toLocaleTimeString("en-GB");
}

/** Seconds as `00:14`, or `1:02:03` from an hour on. */
export function elapsed(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const parts = [Math.floor(whole / 60) % 60, whole % 60].map((part) => String(part).padStart(2, "0"));
  return whole >= 3600 ? [Math.floor(whole / 3600), ...parts].join(":") : parts.join(":");
}

/** The first and last digits of a digest, `7f3a…c19e`. */
export function shortDigest(digest: string): string {
  return digest.length > 12 ? `${digest.slice(0, 4)}…${digest.slice(-4)}` : digest;
}

/** `1 step`, `2 steps`. */
export function counted(number: number, noun: string): string {
  return `${NUMBER.format(number)} ${noun}${number === 1 ? "" : "s"}`;
}
