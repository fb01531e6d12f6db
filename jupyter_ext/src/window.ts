/** Rows of equal height in a scrolling box: only those in sight are in the page, so ten thousand cost what fifty do. */
import { useLayoutEffect, useState } from "preact/hooks";
import type { RefObject } from "preact";

const OVERSCAN = 12;
const FIRST_SIGHT = 40;

export type Window = { first: number; last: number; before: number; after: number };

/** The rows to draw, and the heights of what lies before and after them. */
export function useWindow(box: RefObject<HTMLElement | null>, count: number, rowHeight: number): Window {
  const [sight, setSight] = useState({ first: 0, rows: FIRST_SIGHT });
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const look = () =>
      setSight((seen) => {
        const first = Math.floor(element.scrollTop / rowHeight);
        const rows = Math.ceil(element.clientHeight / rowHeight) || FIRST_SIGHT;
        return first === seen.first && rows === seen.rows ? seen : { first, rows };
      });
    look();
    const resized = new ResizeObserver(look);
    resized.observe(element);
    element.addEventListener("scroll", look, { passive: true });
    return () => {
      resized.disconnect();
      element.removeEventListener("scroll", look);
    };
  }, [box, rowHeight]);
  const first = Math.max(0, Math.min(sight.first, count - sight.rows) - OVERSCAN);
  const last = Math.min(count, first + sight.rows + 2 * OVERSCAN);
  return { first, last, before: first * rowHeight, after: (count - last) * rowHeight };
}
