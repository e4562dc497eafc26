/** Who is a crawler, by the user agent. */

import { isbot } from "isbot";

/** Browsers of people that `isbot` takes for crawlers: SmartNews shows pages in its own application. */
const people = /\bSmartNews\b/iu;

/**
 * Programs that `isbot` does not always know: Yahoo! JAPAN's check of advertised pages, and what opens links for
 * somebody else (chat assistants, scanners of mail).
 */
const programs =
  /Y!J-[A-Z]+|ChatGPT-User|Claude-User|Perplexity-User|SafeLinks|Barracuda|Proofpoint|Mimecast|TrendMicro|Symantec/iu;

/** Whether a user agent is a program's, not a person's. A crawler never counts as a landing. Without one: a person. */
export const isCrawler = (userAgent: string | undefined): boolean =>
  userAgent !== undefined && (programs.test(userAgent) || (isbot(userAgent) && !isPerson(userAgent)));

/** SmartNews' browser says so beside a browser's name; its crawler says "bot". */
const isPerson = (userAgent: string): boolean => people.test(userAgent) && !/bot|crawler|spider/iu.test(userAgent);
