ALTER TABLE "tagalong"."deliveries" ADD COLUMN "hints" jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "tagalong"."effects" ADD COLUMN "run_after" timestamp with time zone;