/** What a page costs on a phone: every request a real browser makes for it, and what it leaves behind there. */

import type { Browser, BrowserContext, Page as Tab, Request, Response } from "playwright-core";
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

/** Where a form is sent from: an address of ours that makes no request of its own. */
const start = "/robots.txt";

/**
 * Opens a page by its address, or as the answer to a form that is sent there; returns its HTML as it came.
 * The form is a real one: a request that is made a POST on its way is now and then never sent on a busy machine.
 */
export async function open(tab: Tab, origin: string, { path, body }: Place): Promise<string> {
  if (body === undefined) return (await (await tab.goto(origin + path))?.text()) ?? "";
  await tab.goto(origin + start);
  const answers: Response[] = [];
  const keep = (response: Response) => void (response.request().isNavigationRequest() && answers.push(response));
  tab.on("response", keep);
  const loaded = tab.waitForEvent("load");
  await tab.evaluate(send, { action: path, fields: [...new URLSearchParams(body)] });
  await loaded;
  tab.off("response", keep);
  return (await answers.at(-1)?.text()) ?? "";
}

/** Runs in the page: sends a form with these fields. */
function send({ action, fields }: { action: string; fields: [string, string][] }): void {
  const form = document.createElement("form");
  form.method = "post";
  form.action = action;
  for (const [name, value] of fields) {
    const field = document.createElement("textarea");
    field.name = name;
    field.value = value;
    form.append(field);
  }
  document.body.append(form);
  // A field may be named "submit" as well.
  HTMLFormElement.prototype.submit.call(form);
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
  tab.on("request", (request) => void (request.url() !== origin + start && asked.push(request)));
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
