/** Which network a request comes from: an IPv4 address or an IPv6 /64, for allowances only. */

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

const plain = (address: string) => address.trim().replace(/^::ffff:(?=\d+\.)/iu, "");
const isTrusted = (address: string) =>
  isIP(address) !== 0 && trusted.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");

let hasWarned = false;

/**
 * A proxy that nobody named makes every visitor one network, and the first sixty of a minute shut out
 * the rest. Said once a process, and without an address: the header may be a stranger's invention.
 */
function warnOfUnknownProxy(): void {
  if (hasWarned) return;
  hasWarned = true;
  log("proxy.untrusted", { header: "X-Forwarded-For", variable: "TRUSTED_PROXIES" });
}

/** The nearest address not of a trusted proxy; forwarded headers of anyone else are ignored. */
export function addressOf(socketAddress: string, forwardedFor: string | undefined): string {
  let address = plain(socketAddress);
  const hops = (forwardedFor ?? "").split(",").map(plain).filter(Boolean);
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
