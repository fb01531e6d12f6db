/** What makes a click a person's: the button was wholly in sight for a moment, and the event is the browser's own. */
import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

const ON_SCREEN_MS = 300;
const ANSWER_MS = 8_000;

/** Whether a person clicked on something that was in sight since `seen`, so that nothing can slip it under a click. */
export function isPersons(event: MouseEvent, seen: RefObject<number | undefined>): boolean {
  const since = seen.current;
  return event.isTrusted && typeof since === "number" && performance.now() - since >= ON_SCREEN_MS;
}

/** Since when an element has been wholly in sight. */
export function useSeenSince(element: RefObject<Element | null>): RefObject<number | undefined> {
  const since = useRef<number | undefined>(undefined);
  useEffect(() => {
    const watch = new IntersectionObserver(
      ([entry]) => {
        since.current = entry?.isIntersecting ? performance.now() : undefined;
      },
      { threshold: 0.9 },
    );
    if (element.current) watch.observe(element.current);
    return () => watch.disconnect();
  }, [element]);
  return since as RefObject<number | undefined>;
}

/** Sent, until the kernel has answered or had its time. */
export function useSent(): [boolean, (sent: boolean) => void] {
  const [sent, setSent] = useState(false);
  useEffect(() => {
    if (!sent) return undefined;
    const timer = window.setTimeout(() => setSent(false), ANSWER_MS);
    return () => window.clearTimeout(timer);
  }, [sent]);
  return [sent, setSent];
}
