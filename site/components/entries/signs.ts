/** Which sign stands beside a worry or a partner, by the code that staff chose. */

import type { partnerIcon, worryIcon } from "#db/terms/content-fields.ts";
import type { IconName } from "../public/icons.ts";

const worrySigns: Record<keyof typeof worryIcon, IconName> = {
  ...{ school: "book", return: "bag", home: "care", siblings: "siblings" },
  ...{ money: "purse", peer: "together", listen: "talk", professional: "board", other: "star" },
};
const partnerSigns: Record<keyof typeof partnerIcon, IconName> = {
  ...{ hospital: "hospital", school: "book", health: "health", city: "city" },
  ...{ visit: "visit", plan: "plan", other: "star" },
};
const signOf =
  (signs: Record<string, IconName>) =>
  (code: string | undefined): IconName =>
    signs[code ?? ""] ?? "star";

export const worrySign = signOf(worrySigns);
export const partnerSign = signOf(partnerSigns);
