CREATE SCHEMA IF NOT EXISTS "tagalong";
--> statement-breakpoint
CREATE TABLE "tagalong"."applications" (
	"key" uuid PRIMARY KEY NOT NULL,
	"connection_id" uuid NOT NULL,
	"application_id" text NOT NULL,
	"candidate_id" text,
	"hinted" bigint DEFAULT 0 NOT NULL,
	"handled" bigint DEFAULT 0 NOT NULL,
	"lease_token" uuid,
	"lease_until" timestamp with time zone,
	"snapshot" jsonb,
	"snapshot_at" timestamp with time zone,
	"read_trouble" text,
	"state" jsonb NOT NULL,
	"outcome" jsonb NOT NULL,
	"due_at" timestamp with time zone,
	"version" bigint DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "tagalong"."assessments" (
	"id" uuid PRIMARY KEY NOT NULL,
	"vendor_connection_id" uuid NOT NULL,
	"external_id" text NOT NULL,
	"name" text NOT NULL,
	"kind" text NOT NULL,
	"duration_minutes" integer,
	"tag" text NOT NULL,
	"pass_mark" double precision,
	"deadline_days" integer NOT NULL,
	"link_template" text,
	"handover" text NOT NULL,
	"archived_at" timestamp with time zone,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "tagalong"."connections" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"side" text NOT NULL,
	"name" text NOT NULL,
	"enabled" boolean NOT NULL,
	"settings" jsonb NOT NULL,
	"secrets" jsonb NOT NULL,
	"automatic_since" timestamp with time zone NOT NULL,
	"account" text,
	"checked_at" timestamp with time zone,
	"trouble" text,
	"sweep_cursor" timestamp with time zone,
	"sweep_due_at" timestamp with time zone,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	"deleted_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "tagalong"."decisions" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"application_key" uuid NOT NULL,
	"event" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"raised_by" jsonb,
	"reasons" jsonb NOT NULL,
	"effect_keys" jsonb NOT NULL,
	"invitation_id" uuid,
	"action_id" text,
	"policy_version" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "tagalong"."deliveries" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"endpoint_id" uuid NOT NULL,
	"connection_id" uuid NOT NULL,
	"delivery_key" text NOT NULL,
	"event" text NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	"body" "bytea",
	"repeats" integer DEFAULT 0 NOT NULL,
	"relayed_at" timestamp with time zone,
	"outcome" text
);
--> statement-breakpoint
CREATE TABLE "tagalong"."effects" (
	"id" uuid PRIMARY KEY NOT NULL,
	"key" text NOT NULL,
	"kind" text NOT NULL,
	"application_key" uuid NOT NULL,
	"invitation_id" uuid,
	"effect" jsonb NOT NULL,
	"state" text NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"error" text,
	"created_at" timestamp with time zone NOT NULL,
	"started_at" timestamp with time zone,
	"finished_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "tagalong"."inputs" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"application_key" uuid NOT NULL,
	"key" text NOT NULL,
	"input" jsonb NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"handled_at" timestamp with time zone,
	"decision_id" bigint
);
--> statement-breakpoint
CREATE TABLE "tagalong"."invitations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"application_key" uuid NOT NULL,
	"vendor_connection_id" uuid NOT NULL,
	"assessment_id" uuid NOT NULL,
	"assessment_external_id" text NOT NULL,
	"assessment_name" text NOT NULL,
	"tag" text NOT NULL,
	"person" text NOT NULL,
	"email" text NOT NULL,
	"attempt" integer NOT NULL,
	"state" text NOT NULL,
	"raised_by" jsonb NOT NULL,
	"stage_entry_key" text,
	"due_at" timestamp with time zone,
	"created_at" timestamp with time zone NOT NULL,
	"sent_at" timestamp with time zone,
	"started_at" timestamp with time zone,
	"submitted_at" timestamp with time zone,
	"closed_at" timestamp with time zone,
	"expires_at" timestamp with time zone,
	"external_id" text,
	"unverified" boolean NOT NULL,
	"handover" text NOT NULL,
	"options" jsonb NOT NULL,
	"trouble" jsonb,
	"result" jsonb,
	"sealed_link" text,
	"poll_due_at" timestamp with time zone,
	"polls" integer DEFAULT 0 NOT NULL,
	"version" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "tagalong"."members" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"role" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"revoked_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "tagalong"."pairing_codes" (
	"id" uuid PRIMARY KEY NOT NULL,
	"hash" text NOT NULL,
	"role" text NOT NULL,
	"note" text NOT NULL,
	"created_by" uuid,
	"created_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"used_at" timestamp with time zone,
	"used_by" uuid,
	"revoked_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "tagalong"."policy_versions" (
	"version" bigserial PRIMARY KEY NOT NULL,
	"rules" jsonb NOT NULL,
	"changed_by" uuid,
	"changed_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "tagalong"."reason_meanings" (
	"connection_id" uuid NOT NULL,
	"reason_id" text NOT NULL,
	"reason_name" text NOT NULL,
	"meaning" text NOT NULL,
	CONSTRAINT "reason_meanings_connection_id_reason_id_pk" PRIMARY KEY("connection_id","reason_id")
);
--> statement-breakpoint
CREATE TABLE "tagalong"."results" (
	"invitation_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"result" jsonb NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "results_invitation_id_version_pk" PRIMARY KEY("invitation_id","version")
);
--> statement-breakpoint
CREATE TABLE "tagalong"."settings" (
	"key" text PRIMARY KEY NOT NULL,
	"value" jsonb NOT NULL,
	"updated_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "tagalong"."stage_entries" (
	"application_key" uuid NOT NULL,
	"entry_key" text NOT NULL,
	"stage_id" text NOT NULL,
	"entered_at" timestamp with time zone NOT NULL,
	"decided_at" timestamp with time zone NOT NULL,
	CONSTRAINT "stage_entries_application_key_entry_key_pk" PRIMARY KEY("application_key","entry_key")
);
--> statement-breakpoint
CREATE TABLE "tagalong"."stage_roles" (
	"id" uuid PRIMARY KEY NOT NULL,
	"connection_id" uuid NOT NULL,
	"stage_id" text,
	"stage_name" text,
	"role" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "tagalong"."tokens" (
	"id" uuid PRIMARY KEY NOT NULL,
	"member_id" uuid NOT NULL,
	"hash" text NOT NULL,
	"device" text NOT NULL,
	"origin" text,
	"created_at" timestamp with time zone NOT NULL,
	"last_used_at" timestamp with time zone,
	"revoked_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "tagalong"."webhook_endpoints" (
	"id" uuid PRIMARY KEY NOT NULL,
	"connection_id" uuid NOT NULL,
	"event" text NOT NULL,
	"token" text NOT NULL,
	"secrets" jsonb NOT NULL,
	"last_seen_at" timestamp with time zone,
	"last_test_at" timestamp with time zone,
	"last_refused_at" timestamp with time zone,
	"last_refused_because" text,
	"refusals" integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
ALTER TABLE "tagalong"."applications" ADD CONSTRAINT "applications_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "tagalong"."connections"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tagalong"."assessments" ADD CONSTRAINT "assessments_vendor_connection_id_connections_id_fk" FOREIGN KEY ("vendor_connection_id") REFERENCES "tagalong"."connections"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tagalong"."decisions" ADD CONSTRAINT "decisions_application_key_applications_key_fk" FOREIGN KEY ("application_key") REFERENCES "tagalong"."applications"("key") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tagalong"."effects" ADD CONSTRAINT "effects_application_key_applications_key_fk" FOREIGN KEY ("application_key") REFERENCES "tagalong"."applications"("key") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tagalong"."inputs" ADD CONSTRAINT "inputs_application_key_applications_key_fk" FOREIGN KEY ("application_key") REFERENCES "tagalong"."applications"("key") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tagalong"."invitations" ADD CONSTRAINT "invitations_application_key_applications_key_fk" FOREIGN KEY ("application_key") REFERENCES "tagalong"."applications"("key") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tagalong"."reason_meanings" ADD CONSTRAINT "reason_meanings_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "tagalong"."connections"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tagalong"."results" ADD CONSTRAINT "results_invitation_id_invitations_id_fk" FOREIGN KEY ("invitation_id") REFERENCES "tagalong"."invitations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tagalong"."stage_entries" ADD CONSTRAINT "stage_entries_application_key_applications_key_fk" FOREIGN KEY ("application_key") REFERENCES "tagalong"."applications"("key") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tagalong"."stage_roles" ADD CONSTRAINT "stage_roles_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "tagalong"."connections"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tagalong"."tokens" ADD CONSTRAINT "tokens_member_id_members_id_fk" FOREIGN KEY ("member_id") REFERENCES "tagalong"."members"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tagalong"."webhook_endpoints" ADD CONSTRAINT "webhook_endpoints_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "tagalong"."connections"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "applications_ats" ON "tagalong"."applications" USING btree ("connection_id","application_id");--> statement-breakpoint
CREATE INDEX "applications_candidate" ON "tagalong"."applications" USING btree ("connection_id","candidate_id");--> statement-breakpoint
CREATE INDEX "applications_due" ON "tagalong"."applications" USING btree ("due_at") WHERE due_at is not null;--> statement-breakpoint
CREATE INDEX "applications_behind" ON "tagalong"."applications" USING btree ("updated_at") WHERE hinted > handled;--> statement-breakpoint
CREATE INDEX "decisions_application" ON "tagalong"."decisions" USING btree ("application_key","id");--> statement-breakpoint
CREATE INDEX "decisions_action" ON "tagalong"."decisions" USING btree ("action_id") WHERE action_id is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "deliveries_key" ON "tagalong"."deliveries" USING btree ("endpoint_id","delivery_key");--> statement-breakpoint
CREATE INDEX "deliveries_waiting" ON "tagalong"."deliveries" USING btree ("id") WHERE relayed_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "effects_key" ON "tagalong"."effects" USING btree ("key");--> statement-breakpoint
CREATE INDEX "effects_application" ON "tagalong"."effects" USING btree ("application_key");--> statement-breakpoint
CREATE INDEX "effects_unfinished" ON "tagalong"."effects" USING btree ("created_at") WHERE state in ('queued', 'calling');--> statement-breakpoint
CREATE UNIQUE INDEX "inputs_key" ON "tagalong"."inputs" USING btree ("key");--> statement-breakpoint
CREATE INDEX "inputs_waiting" ON "tagalong"."inputs" USING btree ("application_key","id") WHERE handled_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "invitations_one_open" ON "tagalong"."invitations" USING btree ("vendor_connection_id","assessment_external_id","person") WHERE state in ('held', 'sending', 'sent', 'started', 'submitted', 'unconfirmed');--> statement-breakpoint
CREATE INDEX "invitations_application" ON "tagalong"."invitations" USING btree ("application_key");--> statement-breakpoint
CREATE INDEX "invitations_person" ON "tagalong"."invitations" USING btree ("person");--> statement-breakpoint
CREATE INDEX "invitations_poll" ON "tagalong"."invitations" USING btree ("poll_due_at") WHERE poll_due_at is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "pairing_codes_hash" ON "tagalong"."pairing_codes" USING btree ("hash");--> statement-breakpoint
CREATE INDEX "stage_roles_connection" ON "tagalong"."stage_roles" USING btree ("connection_id");--> statement-breakpoint
CREATE UNIQUE INDEX "tokens_hash" ON "tagalong"."tokens" USING btree ("hash");--> statement-breakpoint
CREATE INDEX "tokens_member" ON "tagalong"."tokens" USING btree ("member_id");--> statement-breakpoint
CREATE UNIQUE INDEX "webhook_endpoints_token" ON "tagalong"."webhook_endpoints" USING btree ("token");--> statement-breakpoint
CREATE UNIQUE INDEX "webhook_endpoints_event" ON "tagalong"."webhook_endpoints" USING btree ("connection_id","event");