import { getTableConfig, PgTable } from 'drizzle-orm/pg-core';
import { expect, test } from 'vitest';
import * as schema from '../../../server/storage/schema.ts';

/**
 * Every table has a place on one of these lists. Who adds a table or a column says here what erasing a candidate does about it, and if
 * it can hold anything of a candidate, adds it to server/erasure and to check S24.
 */
const PLACES: Record<string, { rows: string } | { columns: Record<string, string> }> = {
  // Whole rows go with the application, so that a new column goes, too.
  applications: { rows: 'by key' },
  inputs: { rows: 'by application' },
  stage_entries: { rows: 'by application' },
  invitations: { rows: 'by application' },
  results: { rows: 'by invitation' },
  decisions: { rows: 'by application' },
  effects: { rows: 'by application' },
  audit_details: { rows: 'by the application of their entry; an entry that tells of a person has one' },
  failures: { rows: 'by application, by delivery, and by what their texts name' },
  accommodations: { rows: 'by every address that is or was theirs, unless somebody who stays has it' },
  deliveries: {
    columns: {
      ...{ id: '-', endpoint_id: '-', connection_id: '-', event: '-', received_at: '-', repeats: '-', relayed_at: '-' },
      ...{ outcome: '-', attempts: '-', replays: '-' },
      delivery_key: 'replaced where it names them',
      hints: 'without what is about them',
      body: 'emptied',
      error: 'emptied',
    },
  },
  pool_links: {
    columns: {
      ...{ id: '-', assessment_id: '-', added_at: '-', taken_at: '-' },
      sealed: 'emptied, for the link is theirs',
      hash: 'stays, so that the link is never given again; of a random link',
      invitation_id: 'an id that means nothing takes its place',
    },
  },
  settings: {
    columns: {
      key: 'the subject of an erasure stands here by its id until it is finished',
      value: 'as its key',
      updated_at: '-',
    },
  },
  // What is left of an erasure: random keys, codes, counts, and hashes under a key of their own.
  erasures: {
    columns: {
      ...{ id: '-', connection_id: '-', asked_by: '-', member_id: '-', asked_at: '-', finished_at: '-' },
      ...{ application_keys: 'random', outside: 'codes and counts', counts: '-' },
    },
  },
  erased_keys: { columns: { hash: 'keyed', erasure_id: '-' } },
  audit: {
    columns: {
      ...{ id: '-', at: '-', who_kind: '-', who_id: 'of a member or a connection', action: '-', connection_id: '-' },
      ...{ application_key: 'random', detail_hash: 'salted; the salt goes with the detail', seq: '-', prev_hash: '-', hash: '-' },
    },
  },
  audit_head: { columns: { one: '-', seq: '-', hash: '-', code: '-' } },
  // Set-up, and the company's own people: nothing of a candidate.
  members: nothing('id', 'name', 'role', 'email', 'created_at', 'revoked_at'),
  tokens: nothing('id', 'member_id', 'hash', 'device', 'origin', 'created_at', 'last_used_at', 'revoked_at'),
  pairing_codes: nothing(
    ...['id', 'prefix', 'hash', 'tries', 'role', 'email', 'note', 'created_by', 'created_at', 'expires_at', 'used_at', 'used_by'],
    'revoked_at',
  ),
  try_counters: nothing('key', 'tries', 'resets_at'),
  connections: nothing(
    ...['id', 'kind', 'side', 'name', 'enabled', 'settings', 'secrets', 'automatic_since', 'account', 'checked_at', 'trouble'],
    ...['sweep_cursor', 'sweep_due_at', 'sweep_state', 'created_at', 'updated_at', 'deleted_at'],
  ),
  rate_allowances: nothing('key', 'state', 'updated_at'),
  ats_users: nothing('connection_id', 'user_id', 'name', 'emails', 'active', 'sees', 'role_name', 'read_at'),
  member_ats_users: nothing('member_id', 'connection_id', 'user_id', 'set_by', 'set_at'),
  access_reports: nothing('connection_id', 'report', 'examined_at'),
  ats_tokens: nothing('connection_id', 'sealed', 'updated_at'),
  oauth_states: nothing('hash', 'connection_id', 'redirect_uri', 'started_by', 'expires_at'),
  kept_names: nothing('connection_id', 'stages', 'reasons', 'updated_at'),
  webhook_endpoints: nothing(
    ...['id', 'connection_id', 'event', 'token', 'secrets', 'last_seen_at', 'last_test_at', 'last_refused_at'],
    ...['last_refused_because', 'refusals'],
  ),
  stage_roles: nothing('id', 'connection_id', 'stage_id', 'stage_name', 'role'),
  reason_meanings: nothing('connection_id', 'reason_id', 'reason_name', 'meaning'),
  assessments: nothing(
    ...['id', 'vendor_connection_id', 'external_id', 'name', 'kind', 'duration_minutes', 'tag', 'pass_mark', 'deadline_days'],
    ...['link_template', 'handover', 'remind_days', 'archived_at', 'created_at'],
  ),
  vendor_catalogue: nothing(
    ...['vendor_connection_id', 'external_id', 'name', 'kind', 'duration_minutes', 'state', 'first_seen_at', 'seen_at'],
  ),
  outgoing_hooks: {
    columns: {
      ...{ id: '-', name: '-', url: '-', events: '-', sealed_secret: '-', last_four: '-', enabled: '-', last_ok_at: '-' },
      ...{ last_failed_at: '-', created_at: '-', deleted_at: '-' },
      last_failed_because: 'emptied where that system was told of them',
    },
  },
  policy_versions: nothing('version', 'rules', 'changed_by', 'changed_at'),
};

function nothing(...columns: string[]) {
  return { columns: Object.fromEntries(columns.map((column) => [column, '-'])) };
}

const tables = Object.values(schema)
  .filter((one) => one instanceof PgTable)
  .map((table) => getTableConfig(table));

test('every table has a place', () => {
  expect(tables.map(({ name }) => name).toSorted()).toEqual(Object.keys(PLACES).toSorted());
});

test.each(tables.map((table) => [table.name, table.columns.map(({ name }) => name)] as const))(
  'every column of %s has a place',
  (name, columns) => {
    const place = PLACES[name];
    if (place && 'rows' in place) return expect(place.rows).not.toBe('');
    expect(columns.toSorted()).toEqual(Object.keys(place?.columns ?? {}).toSorted());
  },
);
