CREATE TABLE "tagalong"."access_reports" (
	"connection_id" uuid PRIMARY KEY NOT NULL,
	"report" jsonb NOT NULL,
	"examined_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "tagalong"."ats_users" (
	"connection_id" uuid NOT NULL,
	"user_id" text NOT NULL,
	"name" text,
	"emails" jsonb NOT NULL,
	"active" boolean NOT NULL,
	"sees" text NOT NULL,
	"role_name" text,
	"read_at" timestamp with time zone NOT NULL,
	CONSTRAINT "ats_users_connection_id_user_id_pk" PRIMARY KEY("connection_id","user_id")
);
--> statement-breakpoint
CREATE TABLE "tagalong"."member_ats_users" (
	"member_id" uuid NOT NULL,
	"connection_id" uuid NOT NULL,
	"user_id" text,
	"set_by" uuid,
	"set_at" timestamp with time zone NOT NULL,
	CONSTRAINT "member_ats_users_member_id_connection_id_pk" PRIMARY KEY("member_id","connection_id")
);
--> statement-breakpoint
CREATE TABLE "tagalong"."rate_allowances" (
	"key" text PRIMARY KEY NOT NULL,
	"state" jsonb NOT NULL,
	"updated_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "tagalong"."connections" ADD COLUMN "sweep_state" jsonb;--> statement-breakpoint
ALTER TABLE "tagalong"."effects" ADD COLUMN "made" jsonb;--> statement-breakpoint
ALTER TABLE "tagalong"."members" ADD COLUMN "email" text;--> statement-breakpoint
ALTER TABLE "tagalong"."pairing_codes" ADD COLUMN "email" text;--> statement-breakpoint
ALTER TABLE "tagalong"."access_reports" ADD CONSTRAINT "access_reports_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "tagalong"."connections"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tagalong"."ats_users" ADD CONSTRAINT "ats_users_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "tagalong"."connections"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tagalong"."member_ats_users" ADD CONSTRAINT "member_ats_users_member_id_members_id_fk" FOREIGN KEY ("member_id") REFERENCES "tagalong"."members"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tagalong"."member_ats_users" ADD CONSTRAINT "member_ats_users_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "tagalong"."connections"("id") ON DELETE no action ON UPDATE no action;