CREATE TABLE "kept_pages" (
	"token_hash" "bytea" PRIMARY KEY NOT NULL,
	"body" "bytea" NOT NULL,
	"network" "bytea" NOT NULL,
	"form" "bytea",
	"correspondence" "bytea",
	"expires_at" timestamp with time zone NOT NULL
);

CREATE INDEX "kept_pages_network" ON "kept_pages" USING btree ("network");
CREATE INDEX "kept_pages_form" ON "kept_pages" USING btree ("form");
CREATE INDEX "kept_pages_correspondence" ON "kept_pages" USING btree ("correspondence");
CREATE INDEX "kept_pages_age" ON "kept_pages" USING btree ("expires_at");
-- by hand: words that nobody has sent yet stay out of every backup, and a crash of the server forgets them; the browser
-- that wrote them can still go back to its form. Random bytes have no statistics.
alter table kept_pages set unlogged;
alter table kept_pages
  alter column token_hash set statistics 0, alter column body set statistics 0,
  alter column network set statistics 0, alter column form set statistics 0,
  alter column correspondence set statistics 0;
