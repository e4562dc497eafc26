CREATE TABLE "newsletter_tests" (
	"delivery_id" uuid PRIMARY KEY NOT NULL,
	"list_id" uuid NOT NULL,
	"subject" text NOT NULL,
	"preheader" text NOT NULL,
	"shows_subject" boolean NOT NULL,
	"body" text NOT NULL
);

ALTER TABLE "newsletter_tests" ADD CONSTRAINT "newsletter_tests_delivery_id_deliveries_id_fk" FOREIGN KEY ("delivery_id") REFERENCES "public"."deliveries"("id") ON DELETE cascade ON UPDATE no action;
ALTER TABLE "newsletter_tests" ADD CONSTRAINT "newsletter_tests_list_id_lists_id_fk" FOREIGN KEY ("list_id") REFERENCES "public"."lists"("id") ON DELETE no action ON UPDATE no action;