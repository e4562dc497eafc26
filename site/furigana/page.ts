/** The furigana view of a built page: readings over its words, and links to further furigana views. */

import { wordsIn } from "#db/words/words.ts";
import { readText } from "./text.ts";

/** Elements whose text gets no readings: not prose, or with readings already. */
const unread = /^<(script|style|textarea|option|title|ruby|rt|svg)\b/iu;
/** In another language, or in a person's own words. */
const foreign = /^<(\w[\w-]*)\b(?=[^>]*\s(?:lang="(?!ja)[^"]*"|data-plain(?=[\s=>])))/iu;
const token = /<!--.*?-->|<\/?[a-z](?:"[^"]*"|'[^']*'|[^>"'])*>|[^<]+|</gisu;

/** Whether a page has a furigana view: every public one in Japanese. Staff read their own language. */
const hasReadings = (html: string): boolean => html.includes('<html lang="ja"') && html.includes('<body class="public');

/** The furigana view of a whole page, or undefined for a page that has none. In easy Japanese it is the page itself. */
export const furiganaOf = (html: string, isEasy = false): string | undefined =>
  hasReadings(html) ? withReadings(html, isEasy) : undefined;

/** The page with readings. Placeholders, which are replaced for each visitor (api/pages/personalise.ts), stay as they are. */
export function withReadings(html: string, isEasy = false): string {
  const start = html.search(/<body\b/iu);
  if (start < 0) return html;
  const page = html.slice(start).replace('<body class="public', '<body class="public furigana');
  let inside: { name: string; depth: number } | undefined;
  let isFuriganaLink = false;
  const read = page.replaceAll(token, (part) => {
    if (!part.startsWith("<")) {
      if (!isFuriganaLink) return inside ? part : readText(part);
      isFuriganaLink = false;
      const words = wordsIn("ja").site;
      return part === words.furigana ? words.plain : part;
    }
    if (inside) {
      if (new RegExp(`^<${inside.name}\\b`, "iu").test(part)) inside.depth += 1;
      if (new RegExp(`^</${inside.name}\\b`, "iu").test(part)) inside.depth -= 1;
      if (inside.depth === 0) inside = undefined;
      return part;
    }
    const name = (unread.exec(part) ?? foreign.exec(part))?.[1];
    if (name !== undefined && !isVoid.test(part)) inside = { name, depth: 1 };
    isFuriganaLink = /^<a\b[^>]*\shref="[^"]*\?furigana"/iu.test(part);
    return isFuriganaLink ? part.replace("?furigana", isEasy ? "?plain" : "") : keepFurigana(part);
  });
  return html.slice(0, start) + read;
}

const isVoid = /^<(?:input|img|br|hr|meta|link)\b|\/>$/iu;

/**
 * A page in easy Japanese without readings: its links to others of its kind lead to them without readings as well, also to
 * those behind a mail's link, which stand at one address for all languages.
 */
export const withoutReadings = (html: string): string =>
  html.replaceAll(/<(?:a|form|button)\b[^>]*>/giu, (tag) =>
    tag.includes('?furigana"')
      ? tag.replace("?furigana", "")
      : tag.replace(
          /(?<=\s(?:href|action|formaction)=")(?:\/easy(?=[/"?#])|\/consultation\/|\/consultation(?=\?send)|\/u\/|\/guides\/received\/|\/newsletter\/(?:confirm|preferences)\/)[^"#]*/iu,
          (path) => `${path}${path.includes("?") ? "&amp;" : "?"}plain`,
        ),
  );

/** Adds "?furigana" to links and forms of our own pages; files, English, the API and staff pages have no such view, and easy Japanese needs no asking. */
const keepFurigana = (tag: string): string =>
  tag.replace(
    /^(<(?:a|form|button)\b[^>]*?\s(?:href|action|formaction)=")(\/(?!\/)[^"#]*)/iu,
    (whole, before: string, path: string) =>
      /^\/(?:en|easy|staff|api|d)(?:\/|\?|$)|\.\w+(?:\?|$)/u.test(path)
        ? whole
        : `${before}${path}${path.includes("?") ? "&amp;" : "?"}furigana`,
  );
