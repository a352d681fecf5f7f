CREATE TABLE "tagalong"."kept_names" (
	"connection_id" uuid PRIMARY KEY NOT NULL,
	"stages" jsonb NOT NULL,
	"reasons" jsonb NOT NULL,
	"updated_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "tagalong"."kept_names" ADD CONSTRAINT "kept_names_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "tagalong"."connections"("id") ON DELETE no action ON UPDATE no action;