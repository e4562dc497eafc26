ALTER TABLE "drafts" ADD COLUMN "has_words" boolean DEFAULT true NOT NULL;
ALTER TABLE "staff" ADD COLUMN "today_choice" text;