/** What the kernel has told this page about one view, and what the page tells the kernel. */
import { Signer } from "./consent";
import type { KernelMessage, OutputLine, PageMessage, Plan, Sample } from "./generated/contract";

/** A component as it came: of a known type or not. */
export type Shape = { id: string; type: string; props?: unknown; data?: unknown };

/** What anywidget gives: messages both ways, and traits. */
export interface Model {
  get(trait: string): unknown;
  send(content: unknown): void;
  on(event: "msg:custom", handle: (message: KernelMessage) => void): void;
  off(event: "msg:custom", handle: (message: KernelMessage) => void): void;
}

export const KEPT_LINES = 2_000;
const ANSWER_MS = 4_000;
const PATIENCE = 3;
const fromKernel = new WeakSet<object>();

/** Whether the kernel's own view message brought this very object. Only then a plan may be shown as a plan. */
export function isFromKernel(component: object): boolean {
  return fromKernel.has(component);
}

/** One view's components and lines, in the order of the kernel. */
export class Store {
  components: readonly Shape[] = [];
  state: "waiting" | "shown" | "silent" = "waiting";
  readonly signer = new Signer();
  readonly explained = new Set<string>();
  readonly #lines = new Map<string, OutputLine[]>();
  readonly #watchers = new Set<() => void>();
  readonly #model: Model;
  #seq = 0;
  #timer = 0;

  constructor(model: Model) {
    this.#model = model;
    model.on("msg:custom", this.#receive);
    void this.fetch();
  }

  get digest(): string {
    return String(this.#model.get("digest") ?? "");
  }

  /** Ask for everything; again a few times when no answer comes. */
  async fetch(attempt = 1): Promise<void> {
    const key = await this.signer.publicKey();
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#unanswered(attempt), ANSWER_MS * attempt);
    this.#send({ v: 1, type: "view.fetch", id: randomId(), key });
  }

  /** Send the approval of a plan. Rejects when this page cannot vouch for it. */
  async approve(plan: Plan, confirmation: string): Promise<void> {
    this.#send(await this.signer.approval(plan, confirmation));
  }

  /** Ask what is wrong with the text of a policy, and what it says of a sample. Nothing is saved. */
  checkPolicy(text: string, sample: Sample | null): void {
    this.#send({ v: 1, type: "policy.check", id: randomId(), text, sample });
  }

  /** Send a policy to be put in force. Rejects when this page cannot vouch for it. */
  async savePolicy(text: string, basedOn: number): Promise<void> {
    this.#send(await this.signer.policy(text, basedOn));
  }

  cancel(runId: string): void {
    this.#send({ v: 1, type: "run.cancel", id: randomId(), run_id: runId });
  }

  /** Let a run stand before its next step, or go on. */
  pause(runId: string, paused: boolean): void {
    this.#send({ v: 1, type: "run.pause", id: randomId(), run_id: runId, paused });
  }

  /** The plan with this id, if this view shows it. */
  plan(planId: string): Plan | undefined {
    for (const component of this.components) {
      const plan = component.type === "execution_plan" && (component.data as { plan: Plan }).plan;
      if (plan && plan.plan_id === planId && isFromKernel(component)) return plan;
    }
    return undefined;
  }

  /** The last lines of a run, in order; a jump in `seq` means that lines between were left out. */
  lines(componentId: string): readonly OutputLine[] {
    return this.#lines.get(componentId) ?? [];
  }

  /** Open or close the details of a plan. */
  explain(planId: string): void {
    if (!this.explained.delete(planId)) this.explained.add(planId);
    this.#changed();
  }

  watch(changed: () => void): () => void {
    this.#watchers.add(changed);
    return () => this.#watchers.delete(changed);
  }

  close(): void {
    window.clearTimeout(this.#timer);
    this.#model.off("msg:custom", this.#receive);
    this.#watchers.clear();
  }

  readonly #receive = (message: KernelMessage): void => {
    if (message.seq <= this.#seq) return;
    const missed = message.type !== "view.show" && message.seq !== this.#seq + 1;
    this.#seq = message.seq;
    if (message.type === "view.show") this.#show(message.components as Shape[]);
    else if (message.type === "view.put") this.#put(message.components as Shape[]);
    else if (message.type === "run.output") this.#append(message.component_id, message.lines);
    if (missed) void this.fetch();
    this.#changed();
  };

  #show(components: Shape[]): void {
    window.clearTimeout(this.#timer);
    this.state = "shown";
    this.components = [];
    this.#put(components);
  }

  #put(components: Shape[]): void {
    const next = [...this.components];
    for (const component of components) {
      fromKernel.add(component);
      const at = next.findIndex((shown) => shown.id === component.id);
      if (at < 0) next.push(component);
      else next[at] = component;
      const lines = (component.data as { lines?: OutputLine[] } | undefined)?.lines;
      if (component.type === "progress_tracker" && lines?.length) this.#append(component.id, lines);
    }
    this.components = next;
  }

  #append(componentId: string, lines: OutputLine[]): void {
    const known = this.#lines.get(componentId) ?? [];
    const last = known.at(-1)?.seq ?? 0;
    this.#lines.set(componentId, [...known, ...lines.filter((line) => line.seq > last)].slice(-KEPT_LINES));
  }

  #unanswered(attempt: number): void {
    if (attempt < PATIENCE) {
      void this.fetch(attempt + 1);
    } else if (this.state !== "shown") {
      this.state = "silent";
      this.#changed();
    }
  }

  #send(message: PageMessage): void {
    this.#model.send(message);
  }

  #changed(): void {
    for (const changed of this.#watchers) changed();
  }
}

function randomId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
