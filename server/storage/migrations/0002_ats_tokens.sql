CREATE TABLE "tagalong"."ats_tokens" (
	"connection_id" uuid PRIMARY KEY NOT NULL,
	"sealed" text NOT NULL,
	"updated_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "tagalong"."ats_tokens" ADD CONSTRAINT "ats_tokens_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "tagalong"."connections"("id") ON DELETE no action ON UPDATE no action;