import { uuidSql } from './person-ids.ts';

/** What stands in the tables about each person planted, in the order in which it is written. */
export interface Planting {
  atsConnectionId: string;
  vendorConnectionId: string;
  /** Of the vendor's webhook, to which an earlier delivery came. */
  endpointId: string;
  assessmentId: string;
  from: number;
  /** With it. */
  to: number;
  /** `sent`: the result is waited for. `scored`: a person of the past. */
  state: 'sent' | 'scored';
  /** As if the ATS had just been read, and would be for years: whoever looks at them sets off nothing. */
  isFresh?: boolean;
  /** Left out, the server links its own entries into a chain of its own; with it, the chain is not the server's and it links nothing. */
  withAudit?: boolean;
  /** When the first was invited; each other a second after the one before. */
  since?: Date;
  /** Every so manieth has no tag, so that the panel looks for what to offer. */
  untaggedEvery?: number;
}

type Ask = (sql: string) => Promise<unknown>;

/**
 * People who were invited days ago, as the pipeline leaves them: the application with its snapshot, the stage entry, the invitation, what
 * was decided and done about both and the audit of it; those of the past with their result too. Written by SQL, because the pipeline would
 * take hours. Ids follow from the number: see person-ids.ts.
 */
export async function plantPeople(ask: Ask, planting: Planting): Promise<void> {
  for (const statement of statementsFor(planting)) await ask(statement);
}

const LONG_AGO = new Date('2026-06-01T09:00:00Z');
const NAME = 'Backend take-home';
const AT = 'person.at';
const ISO = 'person.iso';
const KEY = 'person.application_key';
const ID = 'person.invitation_id';
const RAISED = `'{"kind":"rule","rule":"send on stage entry","stage":"Assessment"}'::jsonb`;
const RESULT = `jsonb_build_object('version', 1, 'status', 'final', 'verified', true, 'score', jsonb_build_object('value', n % 100, 'max', 100),
  'rating', null, 'breakdown', '[]'::jsonb, 'integrity', jsonb_build_object('status', 'not evaluated', 'signals', '[]'::jsonb), 'verdict', null,
  'notes', null, 'reportUrl', null, 'timeExpired', false, 'reportedAt', ${ISO})`;

/** What is asked for many times over of each is worked out once, which `offset 0` sees to. */
function peopleSql({ from, to, since = LONG_AGO }: Planting): string {
  return `from (select n, ${uuidSql('application', 'n')} as application_key, ${uuidSql('invitation', 'n')} as invitation_id, at,
      to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS".000Z"') as iso
    from generate_series(${from}, ${to}) n, lateral (select timestamptz '${since.toISOString()}' + n % 5000000 * interval '1 second' as at) t
    offset 0) person`;
}

function statementsFor(given: Planting): string[] {
  const {
    atsConnectionId: ats,
    vendorConnectionId: vendor,
    endpointId,
    assessmentId,
    state,
    isFresh,
    withAudit,
    untaggedEvery,
  } = given;
  const people = peopleSql(given);
  const isOver = state === 'scored';
  const tagged = `'[{"text":"${NAME}","inherited":false}]'::jsonb`;
  const tags = untaggedEvery ? `case when n % ${untaggedEvery} = 0 then '[]' else ${tagged} end` : tagged;
  const snapshot = `jsonb_build_object('ats', 'greenhouse', 'connectionId', '${ats}', 'applicationId', n::text,
    'candidateId', (n + 1000000000)::text, 'name', 'Kim Number ' || n, 'emails', jsonb_build_array('kim' || n || '@mail.example'),
    'canEmail', true, 'tags', ${tags}, 'job', '{"id":"7001","name":"Backend Engineer"}'::jsonb,
    'stage', '{"id":"7101","name":"Assessment"}'::jsonb, 'stageEntries', '[{"key":"7101@1780304400000","stageId":"7101",
    "stageName":"Assessment","enteredAt":"2026-06-01T09:00:00.000Z"}]'::jsonb, 'status', 'active', 'disposition', null, 'confidential', false,
    'anonymised', false, 'profileUrl', 'https://app.greenhouse.io/people/' || (n + 1000000000) || '?application_id=' || n, 'readAt', ${ISO})`;
  const statements = [
    `insert into tagalong.applications (key, connection_id, application_id, candidate_id, hinted, handled, snapshot, snapshot_at, state, outcome,
        version, created_at, updated_at)
      select ${KEY}, '${ats}', n::text, (n + 1000000000)::text, 1, 1, ${snapshot}, ${isFresh ? "timestamptz '2100-01-01'" : AT},
        '{"tagRecheck":null,"leaving":null,"closed":false,"vanished":false,"deleted":false,"undatedStage":null}',
        '{"nextStep":"pending","offerStatus":"none"}', 3, ${AT}, ${AT} ${people}`,
    `insert into tagalong.stage_entries (application_key, entry_key, stage_id, entered_at, decided_at)
      select ${KEY}, '7101@1780304400000', '7101', timestamptz '2026-06-01 09:00:00+00', ${AT} ${people}`,
    `insert into tagalong.invitations (id, application_key, vendor_connection_id, assessment_id, assessment_external_id, assessment_name, tag,
        person, email, attempt, state, raised_by, stage_entry_key, created_at, sent_at, closed_at, expires_at, external_id, unverified, handover,
        options, result, version)
      select ${ID}, ${KEY}, '${vendor}', '${assessmentId}', 'backend-take-home', '${NAME}', '${NAME}', 'kim' || n || '@mail.example',
        'kim' || n || '@mail.example', 1, '${state}', ${RAISED}, '7101@1780304400000', ${AT}, ${AT}, ${isOver ? AT : 'null'}, null,
        'vendor-' || n, false, 'our e-mail', '{}', ${isOver ? RESULT : 'null'}, ${isOver ? 4 : 3} ${people}`,
    `insert into tagalong.inputs (application_key, key, input, created_at, handled_at)
      select ${KEY}, 'planted:' || part || ':' || n, jsonb_build_object('kind', 'effect', 'report', jsonb_build_object('type', 'effect.done',
        'effect', part, 'effectKey', part || ':' || ${ID}, 'values', '{}'::jsonb)), ${AT}, ${AT}
      ${people}, unnest(array['send-invitation', 'write-note']) part`,
    `insert into tagalong.decisions (application_key, event, at, raised_by, reasons, effect_keys, invitation_id, policy_version)
      select ${KEY}, event, ${AT}, ${RAISED}, jsonb_build_array(jsonb_build_object('code', 'sent-on-stage-entry', 'values',
        '{"assessment":"${NAME}","tag":"${NAME}","stage":"Assessment"}'::jsonb)), jsonb_build_array(event || ':' || ${ID}), ${ID}, 1
      ${people}, unnest(array['stage.entered', 'effect.done']) event`,
    `insert into tagalong.effects (id, key, kind, application_key, invitation_id, effect, state, attempts, made, created_at, started_at, finished_at)
      select ${uuidSql('effect', 'part || n')}, part || ':' || ${ID}, part, ${KEY}, ${ID}, jsonb_build_object('kind', part, 'key',
        part || ':' || ${ID}, 'invitationId', ${ID}), 'done', 1, jsonb_build_object('noteId', n::text), ${AT}, ${AT}, ${AT}
      ${people}, unnest(array['send-invitation', 'write-note']) part`,
    `insert into tagalong.deliveries (endpoint_id, connection_id, delivery_key, event, received_at, hints, body, relayed_at, outcome)
      select '${endpointId}', '${vendor}', 'planted-' || n, 'result', ${AT}, jsonb_build_array(jsonb_build_object('event', 'result',
        'invitationId', ${ID})), convert_to(repeat('{"invitation":"' || n || '"} ', 12), 'UTF8'), ${AT}, 'hinted' ${people}`,
    ...(withAudit ? auditOf(people, vendor) : []),
  ];
  if (isOver)
    statements.push(
      `insert into tagalong.results (invitation_id, version, result, created_at) select ${ID}, 1, ${RESULT}, ${AT} ${people}`,
    );
  return statements;
}

/** As if linked long ago: in a chain that nobody verifies here. Its places follow from the number, behind those of the set-up. */
function auditOf(people: string, vendor: string): string[] {
  return [
    `with written as (
      insert into tagalong.audit (at, who_kind, who_id, action, application_key, connection_id, detail_hash, seq, prev_hash, hash)
      select ${AT}, 'rule', null, action, ${KEY}, '${vendor}', md5(n::text) || md5(n::text),
        1000 + 2 * n + (action = 'invitation.sent')::int, md5(n::text) || md5(n::text), md5(n::text) || md5(action)
      ${people}, unnest(array['invitation.requested', 'invitation.sent']) action returning id
    ) insert into tagalong.audit_details (audit_id, salt, detail)
      select id, md5(id::text), '{"why":{"code":"sent-on-stage-entry"},"after":{"state":"sent","assessment":"${NAME}"}}' from written`,
  ];
}
