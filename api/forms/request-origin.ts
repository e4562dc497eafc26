/** How a request reached us: by which door, from which network, and whether it came before. */

import { z } from "zod";
import type { AppContext } from "#api/http/context.ts";
import { requestNetwork } from "#api/http/network.ts";
import { SharedFields } from "./fields.ts";
import { validate } from "./read-form.ts";

export interface RequestOrigin {
  channel: "form" | "api";
  /** IPv4 address or IPv6 /64; only its keyed hash is kept, for a day. */
  network: string;
  /** Same key, same request: given by the form or by the header Idempotency-Key. */
  key: string | undefined;
  now: Date;
}

/** The rule of the field `key`, for the header as well. */
const Key = z.object({ key: SharedFields.key });

/**
 * The arrival of this request, whose form may carry a key as well; the header wins. An empty key is
 * none. Throws Invalid, at `key`, for one that no form would be taken with.
 */
export function requestOrigin(
  c: AppContext,
  channel: RequestOrigin["channel"],
  form: { key?: string | undefined },
): RequestOrigin {
  const { key } = validate(Key, { key: c.req.header("idempotency-key") || form.key || undefined });
  return { channel, network: requestNetwork(c), key, now: new Date() };
}
