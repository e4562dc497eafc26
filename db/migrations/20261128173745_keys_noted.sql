CREATE TABLE "keys_noted" (
	"kind" text NOT NULL,
	"key_id" text NOT NULL,
	"noted_at" timestamp with time zone NOT NULL,
	"noted_by" text NOT NULL,
	CONSTRAINT "keys_noted_kind_key_id_pk" PRIMARY KEY("kind","key_id")
);
