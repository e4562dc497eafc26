/** The colours of mails: paper and ink of the public site with the organisation's own, by day and by night. */

import { day, night } from "#db/colour/palette.ts";
import { brandPalette } from "#db/settings/brand.ts";

/** Colours as "#rrggbb". Whatever carries words has the contrast that WCAG 2.2 AA asks for (tests/journeys/mails.test.ts). */
interface MailColours {
  /** Around the sheet, the sheet itself, and what stands on it. */
  ground: string;
  sheet: string;
  ink: string;
  soft: string;
  rule: string;
  /** Links and the button, and the words on it. */
  key: string;
  onKey: string;
  /** Behind the facts that matter most, and the line beside them. */
  tint: string;
  line: string;
}

/** The colours of the settings in force. */
export function mailColours(): { day: MailColours; night: MailColours } {
  const palette = brandPalette();
  const [dayGround, , , daySheet] = day.grounds;
  const [nightGround, nightSheet] = night.grounds;
  const { key, onKey, tint, line } = palette.day;
  return {
    day: {
      ...{ ground: dayGround, sheet: daySheet, ink: day.ink, soft: "#4c566a", rule: "#e6d9c4" },
      ...{ key, onKey, tint, line },
    },
    night: {
      ...{ ground: nightGround, sheet: nightSheet, ink: night.ink, soft: "#c2c8d4", rule: "#34425e" },
      ...{ key: palette.night.key, onKey: palette.night.onKey, tint: palette.night.tint, line: palette.night.line },
    },
  };
}

/** Whose choice day or night is: the reader's device in every mail, ours where a preview shows both. */
export type Scheme = "reader" | "light" | "dark";

/**
 * The style of the head: the night alone. By day every element has its colours in itself, words and ground together, so
 * that a mail is legible where the style is dropped (carrier mail, Gmail's app with another provider's address).
 */
export function nightStyle(scheme: Scheme = "reader"): string {
  const { ground, sheet, ink, soft, rule, key, onKey, tint, line } = mailColours().night;
  const rules = [
    `.ground{background-color:${ground}!important;color:${ink}!important}`,
    `.sheet{background-color:${sheet}!important;color:${ink}!important}`,
    `.soft{color:${soft}!important}`,
    `.sheet hr,.sheet .cell,.sheet .quote{border-color:${rule}!important}`,
    `.sheet a{color:${key}!important}`,
    `.button,.button a{background-color:${key}!important;color:${onKey}!important}`,
    `.main{background-color:${tint}!important;color:${ink}!important;border-color:${line}!important}`,
  ];
  if (scheme === "light") return ":root{color-scheme:light}";
  if (scheme === "dark") return `:root{color-scheme:dark}${rules.join("")}`;
  return `:root{color-scheme:light dark}@media (prefers-color-scheme:dark){${rules.join("")}}`;
}
