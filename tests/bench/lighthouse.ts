/** Lighthouse, as a phone on a slow line, against the running product. */

import lighthouse from "lighthouse";
import { freePort } from "#db/cluster/address.ts";
import { openBrowser } from "../browser.ts";

const categories = ["performance", "accessibility", "best-practices", "seo"] as const;

export interface Scores {
  path: string;
  /** 0 to 100, the median of the runs. */
  scores: Record<(typeof categories)[number], number>;
  /** Largest contentful paint in milliseconds and cumulative layout shift, the worst of the runs. */
  lcp: number;
  cls: number;
  /** What cost points in any run. */
  lost: string[];
}

/** The scores of these pages of the site at `origin`. */
export async function lighthouseOf(origin: string, paths: string[], runs = 3): Promise<Scores[]> {
  const port = await freePort();
  const browser = await openBrowser([`--remote-debugging-port=${port}`]);
  const told: Scores[] = [];
  try {
    for (const path of paths) {
      const lost = new Set<string>();
      const rounds: Round[] = [];
      for (let i = 0; i < runs; i++) rounds.push(await once(`${origin}${path}`, port, lost));
      const median = (name: (typeof categories)[number]) =>
        rounds.map(({ scores }) => scores[name]).toSorted((a, b) => a - b)[Math.floor(runs / 2)] ?? 0;
      const scores = Object.fromEntries(categories.map((name) => [name, median(name)])) as Scores["scores"];
      const worst = (of: "lcp" | "cls") => Math.max(...rounds.map((round) => round[of]));
      told.push({ path, scores, lcp: Math.round(worst("lcp")), cls: worst("cls"), lost: [...lost] });
    }
  } finally {
    await browser.close();
  }
  return told;
}

type Round = Pick<Scores, "scores" | "lcp" | "cls">;

async function once(url: string, port: number, lost: Set<string>): Promise<Round> {
  const result = await lighthouse(url, { port, output: "json", logLevel: "error", onlyCategories: [...categories] });
  const told = result?.lhr;
  if (!told || told.runtimeError) throw new Error(`Lighthouse could not read ${url}: ${told?.runtimeError?.message}`);
  for (const category of Object.values(told.categories))
    for (const { id, weight } of category.auditRefs) {
      const score = told.audits[id]?.score;
      if (weight > 0 && typeof score === "number" && score < 1) lost.add(`${id} ${score}`);
    }
  const scoreOf = (name: string) => Math.round((told.categories[name]?.score ?? 0) * 100);
  const figureOf = (id: string) => told.audits[id]?.numericValue ?? Number.NaN;
  return {
    scores: Object.fromEntries(categories.map((name) => [name, scoreOf(name)])) as Scores["scores"],
    lcp: figureOf("largest-contentful-paint"),
    cls: figureOf("cumulative-layout-shift"),
  };
}
