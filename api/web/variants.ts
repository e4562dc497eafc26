/**
 * Which built file a URL means. Beside most pages lies one with readings over hard words
 * (`about.furigana.html`), and beside the landing page those with the headline of an advertisement
 * (`landing/school.html`); neither has an address of its own.
 */

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Ids of advertisement groups and names of campaigns → the key of their landing page. Maps: ids are strangers' words. */
export interface Landings {
  gid: Map<string, string>;
  campaign: Map<string, string>;
}

/**
 * The key a file is kept under: the path in the address bar, with "?furigana" where it has readings.
 * Landing pages of advertisements, and what is said of a page that is missing or broke, lack the first
 * slash, so that no address reaches them.
 */
export const keyOf = (file: string): string =>
  `/${file}`
    .replace(/^\/(?=landing\/|(?:404|500)\.)/u, "")
    .replace(/(?:\/index)?(\.furigana)?\.html$/u, (_, furigana?: string) => (furigana === undefined ? "" : "?furigana"))
    .replace(/^(?=\?|$)/u, "/");

/** What the build says about landing pages; nothing if it made none. Throws when one is named that was not built. */
export function readLandings(client: string, keys: { has: (key: string) => boolean }): Landings {
  const list = join(client, "landing/variants.json");
  const said = existsSync(list) ? (JSON.parse(readFileSync(list, "utf8")) as Record<string, object>) : {};
  const mapOf = (names: object = {}) =>
    new Map(
      Object.entries(names).map(([id, name]) => {
        const key = `landing/${name}`;
        if (!keys.has(key)) throw new Error(`landing/variants.json names the page ${name}, which was not built.`);
        return [id, key];
      }),
    );
  return { gid: mapOf(said["gid"]), campaign: mapOf(said["campaign"]) };
}

/** The key of the file for this URL, whether or not there is one. */
export function keyAt(
  site: { files: { has: (key: string) => boolean }; landings: Landings },
  path: string,
  query: URLSearchParams,
): string {
  const page = path === "/" ? (landingOf(site.landings, query) ?? path) : path.replace(/\/$/u, "");
  const withReadings = `${page}?furigana`;
  return query.has("furigana") && site.files.has(withReadings) ? withReadings : page;
}

const landingOf = ({ gid, campaign }: Landings, query: URLSearchParams): string | undefined =>
  gid.get(query.get("gid") ?? "") ?? campaign.get(query.get("utm_campaign") ?? "");
