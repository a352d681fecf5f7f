CREATE TABLE "tagalong"."accommodations" (
	"person" text PRIMARY KEY NOT NULL,
	"sealed" text NOT NULL,
	"set_by" uuid,
	"set_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "tagalong"."outgoing_hooks" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"url" text NOT NULL,
	"events" jsonb NOT NULL,
	"sealed_secret" text NOT NULL,
	"last_four" text NOT NULL,
	"enabled" boolean NOT NULL,
	"last_ok_at" timestamp with time zone,
	"last_failed_at" timestamp with time zone,
	"last_failed_because" text,
	"created_at" timestamp with time zone NOT NULL,
	"deleted_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "tagalong"."pool_links" (
	"id" uuid PRIMARY KEY NOT NULL,
	"assessment_id" uuid NOT NULL,
	"sealed" text NOT NULL,
	"hash" text NOT NULL,
	"added_at" timestamp with time zone NOT NULL,
	"invitation_id" uuid,
	"taken_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "tagalong"."vendor_catalogue" (
	"vendor_connection_id" uuid NOT NULL,
	"external_id" text NOT NULL,
	"name" text NOT NULL,
	"kind" text NOT NULL,
	"duration_minutes" integer,
	"state" text NOT NULL,
	"first_seen_at" timestamp with time zone NOT NULL,
	"seen_at" timestamp with time zone NOT NULL,
	CONSTRAINT "vendor_catalogue_vendor_connection_id_external_id_pk" PRIMARY KEY("vendor_connection_id","external_id")
);
--> statement-breakpoint
ALTER TABLE "tagalong"."assessments" ADD COLUMN "remind_days" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "tagalong"."invitations" ADD COLUMN "reminded_at" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "tagalong"."invitations" ADD COLUMN "review" jsonb;--> statement-breakpoint
ALTER TABLE "tagalong"."pool_links" ADD CONSTRAINT "pool_links_assessment_id_assessments_id_fk" FOREIGN KEY ("assessment_id") REFERENCES "tagalong"."assessments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tagalong"."vendor_catalogue" ADD CONSTRAINT "vendor_catalogue_vendor_connection_id_connections_id_fk" FOREIGN KEY ("vendor_connection_id") REFERENCES "tagalong"."connections"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "pool_links_hash" ON "tagalong"."pool_links" USING btree ("hash");--> statement-breakpoint
CREATE UNIQUE INDEX "pool_links_invitation" ON "tagalong"."pool_links" USING btree ("invitation_id") WHERE invitation_id is not null;--> statement-breakpoint
CREATE INDEX "pool_links_free" ON "tagalong"."pool_links" USING btree ("assessment_id","added_at") WHERE invitation_id is null;