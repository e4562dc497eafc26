/** What a machine can see of a page's accessibility in the browser: axe's rules, clipped text, overlapping elements. */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page as Tab } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
/** WCAG 2.2 A and AA, target size included. */
const wcag = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

const axeScript = `axe.run({ runOnly: ${JSON.stringify(wcag)}, resultTypes: ["violations"], rules: { "target-size": { enabled: true } } })
  .then(({ violations }) => violations.map(({ id, nodes }) => id + " " + nodes[0].target.join(" ")))`;

/** Rules that are broken, each with the first place; needs a context that bypasses the page's own policy. */
export async function axeViolations(tab: Tab): Promise<string[]> {
  if (!(await tab.evaluate("typeof axe === 'object'"))) await tab.evaluate(axe);
  return (await tab.evaluate(axeScript)) as string[];
}

/** Text that is clipped or outside the window, and pages that scroll sideways (WCAG 1.4.10). */
export async function clippedText(tab: Tab): Promise<string[]> {
  return (await tab.evaluate(clippedTextScript)) as string[];
}

const clippedTextScript = `(() => {
  const found = [];
  const beyond = document.documentElement.scrollWidth - innerWidth;
  if (beyond > 0) found.push(beyond + " px too wide");
  for (const element of document.querySelectorAll("body *")) {
    if (element.closest(".visually-hidden, .unseen, svg") || element.textContent.trim() === "") continue;
    if (element.closest("details:not([open])") && !element.closest("summary")) continue;
    const { overflowX, overflowY } = getComputedStyle(element);
    const name = element.tagName.toLowerCase() + "." + element.className;
    if (overflowX !== "visible" && overflowX !== "auto" && element.scrollWidth > element.clientWidth + 1) found.push(name + " cuts its text off");
    if (overflowY === "hidden" && element.scrollHeight > element.clientHeight + 1) found.push(name + " cuts its lines off");
    const box = element.getBoundingClientRect();
    if (box.width > 0 && !element.closest(".skip") && (box.left < -1 || box.right > innerWidth + 1)) found.push(name + " leaves the window");
  }
  return found;
})()`;

/** Controls and links that lie on top of each other, so that one cannot be touched or read. */
export async function overlappingElements(tab: Tab): Promise<string[]> {
  return (await tab.evaluate(overlapScript)) as string[];
}

const overlapScript = `(() => {
  const seen = [...document.querySelectorAll("h1, h2, h3, p, li > a, label, legend, input, select, textarea, button, summary")]
    .filter((one) => !one.closest(".visually-hidden, .unseen, .skip, details:not([open]) > :not(summary)") && !one.querySelector("h1, h2, h3, p, label, input"));
  const boxes = seen.map((one) => [one, one.getBoundingClientRect()]).filter(([, box]) => box.width > 0 && box.height > 0);
  const found = [];
  for (let i = 0; i < boxes.length; i++)
    for (let j = i + 1; j < boxes.length; j++) {
      const [one, a] = boxes[i], [other, b] = boxes[j];
      if (one.contains(other) || other.contains(one)) continue;
      const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (across > 2 && down > 2) found.push(one.tagName + " “" + one.textContent.slice(0, 20) + "” lies on " + other.tagName + " “" + other.textContent.slice(0, 20) + "”");
    }
  return found;
})()`;
