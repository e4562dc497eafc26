/** The published writing of the organisation; what each entry must hold is in content/schemas.ts. */

import { glob } from "astro/loaders";
import { defineCollection } from "astro:content";
import {
  caseSchema,
  eventSchema,
  guideSchema,
  headlineSchema,
  partnerSchema,
  personSchema,
  videoSchema,
  voiceSchema,
  worrySchema,
} from "./content/schemas.ts";

/** Entries by language: cases/en/two-hours-a-week.md has the id "en/two-hours-a-week". */
const folder = (name: string) => glob({ base: `./site/content/${name}`, pattern: "**/*.md" });

export const collections = {
  cases: defineCollection({ loader: folder("cases"), schema: caseSchema() }),
  voices: defineCollection({ loader: folder("voices"), schema: voiceSchema() }),
  people: defineCollection({ loader: folder("people"), schema: personSchema() }),
  partners: defineCollection({ loader: folder("partners"), schema: partnerSchema }),
  worries: defineCollection({ loader: folder("worries"), schema: worrySchema }),
  events: defineCollection({ loader: folder("events"), schema: eventSchema }),
  videos: defineCollection({ loader: folder("videos"), schema: videoSchema }),
  headlines: defineCollection({ loader: folder("headlines"), schema: headlineSchema }),
  guides: defineCollection({ loader: folder("guides"), schema: guideSchema }),
};
