CREATE TABLE "tagalong"."audit" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"who_kind" text NOT NULL,
	"who_id" text,
	"action" text NOT NULL,
	"application_key" uuid,
	"connection_id" uuid,
	"detail_hash" text,
	"seq" bigint,
	"prev_hash" text,
	"hash" text
);
--> statement-breakpoint
CREATE TABLE "tagalong"."audit_details" (
	"audit_id" bigint PRIMARY KEY NOT NULL,
	"salt" text NOT NULL,
	"detail" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "tagalong"."audit_head" (
	"one" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"seq" bigint NOT NULL,
	"hash" text NOT NULL,
	"code" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "tagalong"."erased_keys" (
	"hash" text PRIMARY KEY NOT NULL,
	"erasure_id" uuid NOT NULL
);
--> statement-breakpoint
CREATE TABLE "tagalong"."erasures" (
	"id" uuid PRIMARY KEY NOT NULL,
	"connection_id" uuid,
	"asked_by" text NOT NULL,
	"member_id" uuid,
	"asked_at" timestamp with time zone NOT NULL,
	"finished_at" timestamp with time zone,
	"application_keys" jsonb NOT NULL,
	"outside" jsonb NOT NULL,
	"counts" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "tagalong"."failures" (
	"id" uuid PRIMARY KEY NOT NULL,
	"key" text NOT NULL,
	"kind" text NOT NULL,
	"application_key" uuid,
	"connection_id" uuid,
	"reason" jsonb NOT NULL,
	"first_at" timestamp with time zone NOT NULL,
	"last_at" timestamp with time zone NOT NULL,
	"times" integer DEFAULT 1 NOT NULL,
	"state" text NOT NULL,
	"closed_at" timestamp with time zone,
	"closed_by" uuid,
	"comment" text
);
--> statement-breakpoint
ALTER TABLE "tagalong"."applications" ADD COLUMN "lease_holder" uuid;--> statement-breakpoint
ALTER TABLE "tagalong"."deliveries" ADD COLUMN "attempts" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "tagalong"."deliveries" ADD COLUMN "error" text;--> statement-breakpoint
ALTER TABLE "tagalong"."deliveries" ADD COLUMN "replays" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "tagalong"."audit_details" ADD CONSTRAINT "audit_details_audit_id_audit_id_fk" FOREIGN KEY ("audit_id") REFERENCES "tagalong"."audit"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tagalong"."erased_keys" ADD CONSTRAINT "erased_keys_erasure_id_erasures_id_fk" FOREIGN KEY ("erasure_id") REFERENCES "tagalong"."erasures"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "audit_seq" ON "tagalong"."audit" USING btree ("seq") WHERE seq is not null;--> statement-breakpoint
CREATE INDEX "audit_unlinked" ON "tagalong"."audit" USING btree ("id") WHERE seq is null;--> statement-breakpoint
CREATE INDEX "audit_application" ON "tagalong"."audit" USING btree ("application_key","id");--> statement-breakpoint
CREATE UNIQUE INDEX "failures_key" ON "tagalong"."failures" USING btree ("key");--> statement-breakpoint
CREATE INDEX "failures_open" ON "tagalong"."failures" USING btree ("last_at") WHERE state = 'open';--> statement-breakpoint
CREATE INDEX "failures_application" ON "tagalong"."failures" USING btree ("application_key");--> statement-breakpoint
CREATE INDEX "applications_trouble" ON "tagalong"."applications" USING btree ("connection_id","read_trouble") WHERE read_trouble is not null;--> statement-breakpoint
CREATE INDEX "effects_invitation" ON "tagalong"."effects" USING btree ("invitation_id") WHERE invitation_id is not null;--> statement-breakpoint
CREATE INDEX "erasures_keys" ON "tagalong"."erasures" USING gin ("application_keys");--> statement-breakpoint
CREATE INDEX "invitations_external" ON "tagalong"."invitations" USING btree ("vendor_connection_id","external_id") WHERE external_id is not null;--> statement-breakpoint
CREATE INDEX "invitations_waiting" ON "tagalong"."invitations" USING btree ("created_at") WHERE state in ('held', 'failed', 'unconfirmed');--> statement-breakpoint
CREATE INDEX "invitations_review" ON "tagalong"."invitations" USING btree ("created_at") WHERE review is not null;--> statement-breakpoint
CREATE INDEX "applications_job" ON "tagalong"."applications" USING btree ((snapshot -> 'job' ->> 'id'));--> statement-breakpoint
CREATE INDEX "audit_erased" ON "tagalong"."audit" USING btree ("application_key") WHERE action = 'candidate.erased';--> statement-breakpoint
CREATE INDEX "invitations_assessment" ON "tagalong"."invitations" USING btree ("assessment_id","created_at");--> statement-breakpoint
-- The audit only grows: an entry is never taken out, and never changed but for being linked into the chain, once.
CREATE FUNCTION "tagalong"."audit_only_grows"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF TG_OP = 'UPDATE' AND OLD.seq IS NULL AND NEW.seq IS NOT NULL
		AND (NEW.id, NEW.at, NEW.who_kind, NEW.who_id, NEW.action, NEW.application_key, NEW.connection_id, NEW.detail_hash)
			IS NOT DISTINCT FROM
			(OLD.id, OLD.at, OLD.who_kind, OLD.who_id, OLD.action, OLD.application_key, OLD.connection_id, OLD.detail_hash) THEN
		RETURN NEW;
	END IF;
	RAISE EXCEPTION 'the audit only grows';
END $$;
--> statement-breakpoint
CREATE TRIGGER "audit_only_grows" BEFORE UPDATE OR DELETE ON "tagalong"."audit" FOR EACH ROW EXECUTE FUNCTION "tagalong"."audit_only_grows"();
--> statement-breakpoint
CREATE TRIGGER "audit_never_emptied" BEFORE TRUNCATE ON "tagalong"."audit" FOR EACH STATEMENT EXECUTE FUNCTION "tagalong"."audit_only_grows"();
