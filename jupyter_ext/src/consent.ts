/**
 * The page's half of consent: a key made here that cannot be taken out, with which an approval is signed.
 * The kernel remembers the public half of the first page that shows a view, and takes approvals in it from no other.
 */
import { canonical, digestOf } from "./canonical";
import type { ApprovePlan, Plan, SavePolicy } from "./generated/contract";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256" };

/** Signs approvals in one view. Where a browser has no cryptography (plain http from afar) it cannot, and says so. */
export class Signer {
  readonly available = Boolean(globalThis.crypto?.subtle);
  readonly #pair: Promise<CryptoKeyPair> | undefined;

  constructor() {
    if (this.available) this.#pair = crypto.subtle.generateKey(ALGORITHM, false, ["sign"]) as Promise<CryptoKeyPair>;
  }

  /** The public key as an uncompressed point in base64; empty without cryptography. */
  async publicKey(): Promise<string> {
    if (!this.#pair) return "";
    return base64(await crypto.subtle.exportKey("raw", (await this.#pair).publicKey));
  }

  /** The signed approval of a plan whose digest is really its own. */
  async approval(plan: Plan, confirmation: string): Promise<ApprovePlan> {
    const { digest, ...content } = plan;
    if ((await digestOf(content)) !== digest) throw new Error("This plan is not the one that its digest names.");
    const id = crypto.randomUUID();
    const signature = await this.#signed(["escher.approve.1", id, plan.plan_id, digest, confirmation]);
    return { v: 1, type: "plan.approve", id, plan_id: plan.plan_id, digest, confirmation, signature };
  }

  /** The signed text of a policy that was made from a version. */
  async policy(text: string, basedOn: number): Promise<SavePolicy> {
    const id = crypto.randomUUID();
    const signature = await this.#signed(["escher.policy.1", id, text, basedOn]);
    return { v: 1, type: "policy.save", id, text, based_on: basedOn, signature };
  }

  async #signed(content: unknown[]): Promise<string> {
    if (!this.#pair) throw new Error("Approving needs https, or a page from this machine.");
    const bytes = new TextEncoder().encode(canonical(content));
    const algorithm = { name: "ECDSA", hash: "SHA-256" };
    return base64(await crypto.subtle.sign(algorithm, (await this.#pair).privateKey, bytes));
  }
}

function base64(bytes: ArrayBuffer): string {
  return btoa(String.fromCharCode(...new Uint8Array(bytes)));
}
