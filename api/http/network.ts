/** Which network a request comes from (an IPv4 address or an IPv6 /64), used for rate limits only. */

import { BlockList, isIP } from "node:net";
import { env } from "#db/env.ts";
import { log } from "#db/log.ts";
import type { AppContext } from "./context.ts";

const trusted = new BlockList();
for (const entry of env.TRUSTED_PROXIES) {
  const [address = "", prefix] = entry.split("/");
  const family = isIP(address) === 6 ? "ipv6" : "ipv4";
  const longest = family === "ipv6" ? 128 : 32;
  // An empty prefix must not become /0, which would trust everybody.
  if (isIP(address) === 0 || (prefix !== undefined && !(/^\d{1,3}$/u.test(prefix) && Number(prefix) <= longest)))
    throw new Error(`The environment variable TRUSTED_PROXIES is not usable: "${entry}" is no address or network.`);
  if (prefix === undefined) trusted.addAddress(address, family);
  else trusted.addSubnet(address, Number(prefix), family);
}

/** An IPv4 address that came mapped into IPv6 (::ffff:192.0.2.7), as IPv4. */
const unmapped = (address: string) => address.trim().replace(/^::ffff:(?=\d+\.)/iu, "");
const isTrusted = (address: string) =>
  isIP(address) !== 0 && trusted.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");

let hasWarned = false;

/**
 * Behind a proxy that is missing from TRUSTED_PROXIES all visitors share one network, so that the rate
 * limit of INTAKE_PER_MINUTE refuses most of them. Logged once per process, and without an address: the
 * header may be made up by a stranger.
 */
function warnOfUnknownProxy(): void {
  if (hasWarned) return;
  hasWarned = true;
  log("proxy.untrusted", { header: "X-Forwarded-For", variable: "TRUSTED_PROXIES" });
}

/** The nearest address that is no trusted proxy; X-Forwarded-For is ignored unless a trusted proxy sent it. */
export function addressOf(socketAddress: string, forwardedFor: string | undefined): string {
  let address = unmapped(socketAddress);
  const hops = (forwardedFor ?? "").split(",").map(unmapped).filter(Boolean);
  if (hops.length > 0 && !isTrusted(address)) warnOfUnknownProxy();
  while (isTrusted(address) && hops.length > 0) address = hops.pop() ?? address;
  return address;
}

/** 192.0.2.7 → itself; 2001:db8:1:2:… → 2001:db8:1:2::/64; anything odd → "unknown". */
export function networkOf(address: string): string {
  if (isIP(address) === 4) return address;
  if (isIP(address) !== 6) return "unknown";
  const [head = "", tail = ""] = address.split("::") as [string, string?];
  const left = head === "" ? [] : head.split(":");
  const right = tail === "" ? [] : tail.split(":");
  const groups = address.includes("::")
    ? [...left, ...Array<string>(8 - left.length - right.length).fill("0"), ...right]
    : left;
  return `${groups
    .slice(0, 4)
    .map((g) => Number.parseInt(g, 16).toString(16))
    .join(":")}::/64`;
}

/** The network of this request. */
export function requestNetwork(c: AppContext): string {
  const socketAddress = c.env?.incoming?.socket.remoteAddress ?? "127.0.0.1";
  return networkOf(addressOf(socketAddress, c.req.header("x-forwarded-for")));
}
