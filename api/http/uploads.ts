/** File uploads: which routes accept one, how large it may be, and the body timeout, which is longer for them. */

import type { IncomingMessage } from "node:http";

/** A new guide, or a new version of one (api/guides/routes.ts), an export of cost (api/keywords/routes.ts), a logo (api/brand/routes.ts), a picture of an entry (api/pictures/routes.ts), entries as one file (api/content-files/routes.ts), or a picture of an issue (api/newsletters/routes.ts). */
export const isUpload = (path: string): boolean =>
  /^\/staff\/(?:guides(?:\/[^/]+\/versions)?|keywords\/uploads|settings\/logo|content\/file|content\/[a-z]+\/[^/]+\/picture|newsletters\/[^/]+\/insert)$/u.test(
    path,
  );

/** Timeout in milliseconds for receiving a whole request; 20 MB take minutes from an office with a slow line. */
export const uploadTimeoutMs = 300_000;
/** The same for requests without a file. */
const bodyTimeoutMs = 20_000;

/** Destroys a request whose body has not arrived in time, unless it is an upload: Node has one limit for all. */
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
