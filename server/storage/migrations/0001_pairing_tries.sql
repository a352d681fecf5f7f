CREATE TABLE "tagalong"."try_counters" (
	"key" text PRIMARY KEY NOT NULL,
	"tries" integer NOT NULL,
	"resets_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "tagalong"."pairing_codes" ADD COLUMN "prefix" text NOT NULL;--> statement-breakpoint
ALTER TABLE "tagalong"."pairing_codes" ADD COLUMN "tries" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE UNIQUE INDEX "assessments_tag" ON "tagalong"."assessments" USING btree (lower(btrim("tag"))) WHERE archived_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "pairing_codes_prefix" ON "tagalong"."pairing_codes" USING btree ("prefix");