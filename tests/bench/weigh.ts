/** What a page costs on a phone: every request a real browser makes for it, and what it leaves behind there. */

import type { Browser, BrowserContext, Page as Tab, Request } from "playwright-core";
import { phone } from "../browser.ts";

/** A page to open; with `fields`, the answer to a form. */
export interface Place {
  path: string;
  name?: string;
  /** The form's body as it is sent. */
  body?: string;
}

export interface Weight {
  name: string;
  /** Bytes of the HTML with its styles, as transferred. */
  html: number;
  /** Bytes of everything, as transferred. */
  total: number;
  requests: number;
  /** Kinds of requests, as the browser names them: "document", "image" … */
  kinds: string[];
  hosts: string[];
  /** Whatever it left in the browser: cookies, storage, databases, caches, workers. */
  kept: string[];
}

/** Opens a page by its address, or as the answer to a form that is posted there; returns its HTML as it came. */
export async function open(tab: Tab, origin: string, { path, body }: Place): Promise<string> {
  const address = origin + path;
  const visit = async () => {
    if (body !== undefined)
      await tab.route(
        address,
        (route) => {
          const headers = { ...route.request().headers(), "content-type": "application/x-www-form-urlencoded" };
          return route.continue({ method: "POST", headers, postData: body });
        },
        { times: 1 },
      );
    return (await (await tab.goto(address))?.text()) ?? "";
  };
  // On a busy machine the browser now and then never sends a request that was made a POST on its way.
  return visit().catch(async (error: unknown) => {
    if (body === undefined || !(error instanceof Error && error.name === "TimeoutError")) throw error;
    await tab.unrouteAll();
    return visit();
  });
}

/** Weighs each of these pages, opened on a phone that has never seen one of ours and read to its end. */
export async function pageWeights(browser: Browser, origin: string, places: (string | Place)[]): Promise<Weight[]> {
  const context = await browser.newContext(phone);
  const weights: Weight[] = [];
  for (const place of places)
    weights.push(await weigh(context, origin, typeof place === "string" ? { path: place } : place));
  await context.close();
  return weights;
}

async function weigh(context: BrowserContext, origin: string, place: Place): Promise<Weight> {
  const tab = await context.newPage();
  const network = await context.newCDPSession(tab);
  await network.send("Network.setCacheDisabled", { cacheDisabled: true });
  const asked: Request[] = [];
  tab.on("request", (request) => asked.push(request));
  await open(tab, origin, place);
  await tab.evaluate(everyPicture);
  const sizes = await Promise.all(asked.map(bodySize));
  const left = [
    ...(await context.cookies()).map(({ name }) => `cookie ${name}`),
    ...((await tab.evaluate(kept)) as string[]),
  ];
  await tab.close();
  return {
    name: place.name ?? place.path,
    // A sent form leads to its page: the last document is the one that is read.
    html: sizes[asked.findLastIndex((request) => request.isNavigationRequest())] ?? 0,
    total: sizes.reduce((sum, size) => sum + size, 0),
    requests: asked.length,
    kinds: asked.map((request) => request.resourceType()),
    hosts: [...new Set(asked.map((request) => new URL(request.url()).host))],
    kept: left,
  };
}

/** Bytes of the body as transferred: as the server states them, since the browser counts what it had in memory as nothing. */
async function bodySize(request: Request): Promise<number> {
  const response = await request.response();
  // A redirect has no body.
  if (response !== null && response.status() >= 300 && response.status() < 400) return 0;
  return Number((await response?.headerValue("content-length")) ?? (await response?.body())?.length ?? 0);
}

/** Runs in the page: pictures further down come only when somebody reads that far. */
const everyPicture = `Promise.all([...document.images].map((picture) => {
  picture.loading = "eager";
  return picture.complete || new Promise((done) => { picture.onload = picture.onerror = done; });
}))`;

/** Runs in the page: names of all that it keeps in this browser. */
const kept = `(async () => [
  ...Object.keys(localStorage), ...Object.keys(sessionStorage),
  ...(await indexedDB.databases()).map(({ name }) => name),
  ...(await caches.keys()),
  ...(await navigator.serviceWorker.getRegistrations()).map(({ scope }) => scope),
])()`;
