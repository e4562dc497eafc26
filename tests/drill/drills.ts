/** Every drill by name, in the order of the list. */

import { crash } from "./crash.ts";
import type { Drill } from "./frame/drill.ts";

export const drills: Record<string, Drill> = {
  crash,
};
