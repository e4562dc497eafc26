/** The number a family quotes (K7MQ-4X2P), and what people type on phones of it and of receipt codes. */

import { randomReadable } from "./receipt-codes.ts";

/** Eight characters in two groups, as the family will read it out: K7MQ-4X2P. */
export const newReference = (): string => randomReadable(4, 4);
