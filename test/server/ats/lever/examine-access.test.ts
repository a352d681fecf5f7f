import { describe, expect, test } from 'vitest';
import type { AtsUse } from '../../../../server/ats/doctor.ts';
import { createLeverClient } from '../../../../server/ats/lever/client.ts';
import { leverKey } from '../../../../server/ats/lever/credential.ts';
import { createLeverConsentExaminer, createLeverKeyExaminer } from '../../../../server/ats/lever/examine-access.ts';
import { LEVER_CALLS, LEVER_SCOPES } from '../../../../server/ats/lever/rights.ts';
import { UNLIMITED } from '../../../../server/outbound/rate-limiter.ts';
import { createLeverSimulator } from '../../../simulators/lever/index.ts';
import { type LeverPermission, RESOURCES } from '../../../simulators/lever/types.ts';
import { REDIRECT_URI, registerLeverApp } from '../../../support/consented-lever.ts';
import { createMemoryTokenStore } from '../../../support/memory-token-store.ts';
import { useServed } from '../../../support/served-simulator.ts';

const serve = useServed();
const EVERYTHING: AtsUse[] = [
  'set-up',
  'tagging',
  'advance',
  'attribution',
  'report-file',
  'report-link',
  'feedback',
  'managed-webhooks',
];
const ALL = RESOURCES.flatMap((resource): LeverPermission[] => [`${resource}:read`, `${resource}:write`]);

async function arrive() {
  const lever = createLeverSimulator({ settings: { rateLimit: null } });
  lever.seed();
  const { url, http } = await serve(lever.api);
  const apiUrl = `${url}/v1`;
  lever.direct.configure({ audience: `${apiUrl}/` });
  const contact = lever.play.createContact({ name: 'Ada Moreno', emails: ['ada@mail.example'] });
  const opportunity = lever.play.createOpportunity({ contactId: contact.id });
  return { lever, http, apiUrl, opportunity };
}

const named = (rights: { name: string; state: string }[], state: string) =>
  rights.filter((right) => right.state === state).map(({ name }) => name);

describe('the rights of a Lever key', () => {
  async function withKey(wish: { permissions?: LeverPermission[]; without?: string[]; confidential?: boolean } = {}) {
    const arrived = await arrive();
    const { lever, http, apiUrl, opportunity } = arrived;
    const { secret } = lever.play.createKey({ label: 'examined', permissions: ALL, ...wish });
    const examine = ({ uses = EVERYTHING, test = true, testApplicationId = opportunity.id } = {}) =>
      createLeverKeyExaminer(
        createLeverClient({ http, limiter: UNLIMITED, apiUrl, credential: leverKey(secret), performAs: '' }),
      ).examine({
        uses: new Set(uses),
        testApplicationId: test ? testApplicationId : null,
        knownApplicationId: opportunity.id,
      });
    const see = () => ({
      tags: lever.account.opportunities.get(opportunity.id)?.tags,
      stage: lever.account.opportunities.get(opportunity.id)?.stage,
      notes: [...lever.account.notes.values()].filter((note) => note.opportunityId === opportunity.id).length,
      links: lever.account.contacts.get(opportunity.contact)?.links,
      files: lever.account.files.size,
      webhooks: lever.account.webhooks.size,
    });
    return { ...arrived, examine, see };
  }

  test('with every right and a test candidate all are granted, and nothing is left behind', async () => {
    const { examine, see } = await withKey();
    const before = see();
    const { rights, trial, trouble } = await examine();
    expect(trouble).toBeNull();
    expect(trial).toEqual({ state: 'done', left: [] });
    expect(named(rights, 'missing')).toEqual([]);
    // The switch for confidential data shows only where there is something confidential.
    expect(named(rights, 'unknown')).toEqual(['Allow access to confidential data']);
    expect(named(rights, 'unneeded')).toEqual(['Contacts: Read (Retrieve a single contact)', 'Tags: Read (List all tags)']);
    expect(see()).toEqual(before);
  });

  test('what Tagalong never uses is not missed', async () => {
    expect(LEVER_CALLS.map(({ path }) => path[0])).not.toContain('contacts');
    expect(LEVER_SCOPES.map(({ name }) => name)).not.toContain('contact:read:admin');
  });

  test('without a test candidate nothing is written, and writes are unknown', async () => {
    const { examine, lever } = await withKey();
    const { rights } = await examine({ test: false });
    const writes = LEVER_CALLS.filter(({ method }) => method !== 'GET').map(({ name }) => name);
    expect(named(rights, 'unknown')).toEqual([...writes, 'Allow access to confidential data']);
    expect(lever.journal.list({ kind: 'api' }).filter(({ what }) => !what.startsWith('GET '))).toEqual([]);
  });

  test.each(LEVER_CALLS)('without "$name": that one is named, and no other', async ({ name, method, path }) => {
    const { examine } = await withKey({
      without: [`${method} /v1/${path.map((part) => (part.startsWith('{') ? ':id' : part)).join('/')}`],
    });
    expect(named((await examine()).rights, 'missing')).toEqual([name]);
  });

  test.each(ALL.filter((right) => LEVER_CALLS.some(({ name }) => name.startsWith(boxOf(right)))))(
    'without the box of %s: all it is for is named, and nothing else',
    async (permission) => {
      const { examine } = await withKey({ permissions: ALL.filter((other) => other !== permission) });
      const missing = named((await examine()).rights, 'missing');
      const expected = LEVER_CALLS.map(({ name }) => name).filter(
        (name) => name.startsWith(boxOf(permission)) && !/Delete a note/.test(name),
      );
      expect(missing.filter((name) => !/Delete a note/.test(name))).toEqual(expected);
    },
  );

  test('a note that may be written and not deleted stays, and that is said', async () => {
    const { examine, see } = await withKey({ without: ['DELETE /v1/opportunities/:id/notes/:id'] });
    const { trial } = await examine();
    expect(trial).toMatchObject({ state: 'done', left: [{ what: 'note' }] });
    expect(see().notes).toBe(1);
  });

  test('a test candidate who is not there: nothing is tried, and that is said', async () => {
    const { examine, lever } = await withKey();
    const { trial } = await examine({ testApplicationId: '11111111-1111-4111-8111-111111111111' });
    expect(trial).toMatchObject({ state: 'failed', failure: { kind: 'not-found' } });
    expect(lever.journal.list({ kind: 'api' }).filter(({ what }) => !what.startsWith('GET '))).toEqual([]);
  });

  test('the least key: what further rights would buy is missing and not needed', async () => {
    const { examine } = await withKey({
      permissions: ['opportunities:read', 'notes:write', 'archive_reasons:read'],
      without: ['GET /v1/opportunities'],
    });
    const { rights } = await examine({ uses: [] });
    expect(rights.filter(({ state, needed }) => state === 'missing' && needed)).toEqual([]);
    expect(named(rights, 'missing')).toEqual(
      expect.arrayContaining([
        'Opportunities: Read (List all opportunities)',
        'Notes: Read (List all notes)',
        'Stages: Read (List all stages)',
      ]),
    );
  });

  test('one confidential candidate proves the switch', async () => {
    const { examine, lever, opportunity } = await withKey({ confidential: true });
    lever.play.createOpportunity({ contactId: opportunity.contact, confidentiality: 'confidential' });
    expect(named((await examine({ test: false })).rights, 'granted')).toContain('Allow access to confidential data');
  });

  test('a revoked key: the trouble is told, and every right is unknown', async () => {
    const { examine, lever } = await withKey();
    lever.play.revokeKey({ label: 'examined' });
    const { trouble, rights } = await examine();
    expect(trouble).toMatchObject({ kind: 'unauthorised' });
    expect(new Set(rights.map(({ state }) => state))).toEqual(new Set(['unknown']));
  });

  test('web pages instead of answers: nothing is called missing', async () => {
    const { examine, lever } = await withKey();
    lever.direct.failNext({ method: 'GET', times: 1000, answer: { kind: 'html', status: 200 } });
    expect(named((await examine({ test: false })).rights, 'missing')).toEqual([]);
  });
});

function boxOf(permission: LeverPermission): string {
  const [resource = '', access = ''] = permission.split(':');
  const title = (words: string) => (words.charAt(0).toUpperCase() + words.slice(1)).replaceAll('_', ' ');
  return `${title(resource)}: ${title(access)}`;
}

describe('the rights of a Lever consent', () => {
  const SCOPES = LEVER_SCOPES.map(({ name }) => name);

  async function withConsent(scopes: string[], start = new Date('2026-10-05T09:00:00.000Z')) {
    const arrived = await arrive();
    const { lever, http, apiUrl, opportunity } = arrived;
    const time = { now: start };
    const store = createMemoryTokenStore();
    const clock = { now: () => time.now };
    const registered = registerLeverApp({ lever, http, clock, apiUrl, store, scopes });
    const finished = await registered.consent.finish({ code: await registered.sayYes(), redirectUri: REDIRECT_URI });
    if (!finished.ok) throw new Error(finished.detail);
    const client = () =>
      createLeverClient({ http, limiter: UNLIMITED, apiUrl, credential: registered.newProcess(), performAs: '' });
    const examine = (uses = EVERYTHING) =>
      createLeverConsentExaminer(client(), { store, connectionId: 'connection-1' }).examine({
        uses: new Set(uses),
        testApplicationId: null,
        knownApplicationId: opportunity.id,
      });
    return { ...arrived, examine, store, time };
  }

  test('all scopes: all granted, nothing written; the end of the consent is told', async () => {
    const { examine, lever } = await withConsent(SCOPES, new Date());
    const { rights, expiries, trouble } = await examine();
    expect(trouble).toBeNull();
    expect(named(rights, 'missing')).toEqual([]);
    expect(named(rights, 'unknown')).toEqual([]);
    expect(named(rights, 'unneeded')).toEqual([]);
    const days = (Date.parse(expiries.find(({ what }) => what === 'consent')?.at ?? '') - Date.now()) / 86_400_000;
    expect(Math.round(days)).toBe(90);
    expect(lever.journal.list({ kind: 'api' }).filter(({ what }) => / \/v1/.test(what) && !what.startsWith('GET '))).toEqual([]);
  });

  test.each(SCOPES.filter((name) => name !== 'offline_access'))('without %s: that one is named, and no other', async (scope) => {
    const { examine } = await withConsent(
      SCOPES.filter((other) => other !== scope),
      new Date(),
    );
    expect(named((await examine()).rights, 'missing')).toEqual([scope]);
  });

  test('scopes that we know nothing of are named as not needed; the reading half of a right is not', async () => {
    const { examine } = await withConsent([...SCOPES, 'notes:read:admin', 'offers:read:admin'], new Date());
    expect(named((await examine([])).rights, 'unneeded')).toContain('offers:read:admin');
    expect(named((await examine([])).rights, 'unneeded')).not.toContain('notes:read:admin');
  });

  test('a consent that was taken back: the trouble is told', async () => {
    const { examine, lever, store } = await withConsent(SCOPES, new Date());
    for (const { grant } of lever.account.oauth.accessTokens.values()) grant.revoked = true;
    const { trouble } = await examine();
    expect(trouble).toMatchObject({ kind: 'unauthorised' });
    expect(store.tokens.size).toBe(1);
  });
});
