/** Which colour a state of mail is shown in. */

import type { DeliveryState } from "#db/terms/mail.ts";

export const stateTone: Record<DeliveryState, "" | "good" | "warn" | "bad"> = {
  queued: "",
  leased: "",
  accepted: "good",
  retry: "warn",
  failed: "bad",
  uncertain: "warn",
  suppressed: "",
  cancelled: "",
};
