/** How a request reached us: by which door, from which network, and whether it came before. */
import type { HouseContext } from "./context.ts";
import { requestNetwork } from "./network.ts";

export interface Arrival {
  channel: "form" | "api";
  /** IPv4 address or IPv6 /64; only its keyed hash is kept, for a day. */
  network: string;
  /** Same key, same request: given by the form or by the header Idempotency-Key. */
  key: string | undefined;
  now: Date;
}

/** The arrival of this request, whose form may carry a key as well; the header wins. */
export function arrivalOf(c: HouseContext, channel: Arrival["channel"], form: { key?: string | undefined }): Arrival {
  const key = c.req.header("idempotency-key") || form.key || undefined;
  return { channel, network: requestNetwork(c), key, now: new Date() };
}
