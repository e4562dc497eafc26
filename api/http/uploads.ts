/** The routes that take a file, for whatever treats them otherwise than the rest. */

import type { IncomingMessage } from "node:http";

/** A new guide, or a new version of one (api/guides/routes.ts). */
export const isUpload = (path: string): boolean => /^\/staff\/guides(?:\/[^/]+\/versions)?$/u.test(path);

/** Milliseconds in which a request is whole; 20 MB take minutes from an office with a slow line. */
export const uploadTimeoutMs = 300_000;
const bodyTimeoutMs = 20_000;

/** Ends a request whose body is late, unless it brings a file: Node itself knows one limit for all. */
export const bodyTimeout =
  (ms = bodyTimeoutMs) =>
  (request: IncomingMessage): void => {
    const { "content-length": length = "0", "transfer-encoding": encoding } = request.headers;
    if ((length === "0" && encoding === undefined) || isUpload(request.url?.split("?")[0] ?? "")) return;
    const timer = setTimeout(() => request.complete || request.destroy(), ms);
    request.once("close", () => clearTimeout(timer));
  };

/** The largest file that staff may choose, in megabytes. */
export const maxMegabytes = 20;
