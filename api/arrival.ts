/** How a request reached us: by which door, from which network, and whether it came before. */
import { z } from "zod";
import type { HouseContext } from "./context.ts";
import { Carried } from "./forms/fields.ts";
import { requestNetwork } from "./network.ts";
import { check } from "./submit.ts";

export interface Arrival {
  channel: "form" | "api";
  /** IPv4 address or IPv6 /64; only its keyed hash is kept, for a day. */
  network: string;
  /** Same key, same request: given by the form or by the header Idempotency-Key. */
  key: string | undefined;
  now: Date;
}

/** The rule of the field `key`, for the header as well. */
const Key = z.object({ key: Carried.key });

/**
 * The arrival of this request, whose form may carry a key as well; the header wins. An empty key is
 * none. Throws Invalid, at `key`, for one that no form would be taken with.
 */
export function arrivalOf(c: HouseContext, channel: Arrival["channel"], form: { key?: string | undefined }): Arrival {
  const { key } = check(Key, { key: c.req.header("idempotency-key") || form.key || undefined });
  return { channel, network: requestNetwork(c), key, now: new Date() };
}
