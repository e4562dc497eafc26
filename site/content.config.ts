/** The published writing of the organisation; what each entry must hold is in content/schemas.ts. */
import { glob } from "astro/loaders";
import { defineCollection } from "astro:content";
import { caseSchema, guideSchema, partnerSchema, voiceSchema, worrySchema } from "./content/schemas.ts";

const folder = (name: string) => glob({ base: `./site/content/${name}`, pattern: "*.md" });

export const collections = {
  cases: defineCollection({ loader: folder("cases"), schema: caseSchema() }),
  voices: defineCollection({ loader: folder("voices"), schema: voiceSchema() }),
  partners: defineCollection({ loader: folder("partners"), schema: partnerSchema }),
  worries: defineCollection({ loader: folder("worries"), schema: worrySchema }),
  guides: defineCollection({ loader: folder("guides"), schema: guideSchema }),
};
