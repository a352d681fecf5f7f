import { createHmac } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { PATHS } from '../../lib/contract/paths.ts';
import { applications, deliveries } from '../../server/storage/schema.ts';
import { leverPage, type Recruiter, useTestServer } from '../support/test-server.ts';

const server = useTestServer();
let ben: Recruiter;
beforeAll(async () => {
  ben = await server().join('Ben');
});

const hookOf = (kind: 'lever' | 'greenhouse' | 'coderbyte' | 'byteboard', event?: string) => {
  const { webhooks } = server().company.connections[kind];
  const found = webhooks.find((webhook) => event === undefined || webhook.event === event);
  if (!found?.url) throw new Error(`no address for ${event}`);
  return new URL(found.url).pathname;
};
const post = (path: string, body: string, headers: Record<string, string> = {}) =>
  server().fetch(path, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });
const counts = async () => {
  const { db } = server().server.services;
  return { deliveries: (await db.select().from(deliveries)).length, applications: (await db.select().from(applications)).length };
};
const greenhouseSecret = () => {
  const [webhook] = server().world.greenhouse.world.webhooks.list(() => true);
  if (!webhook) throw new Error('no webhook');
  return webhook.secret;
};

describe('a webhook that nobody sent whom we know', () => {
  test.each<[string, Record<string, string>, string]>([
    ['unsigned', {}, '{"action":"candidate_stage_change"}'],
    ['signed with another secret', { signature: `sha256 ${'ab'.repeat(32)}` }, '{"action":"candidate_stage_change"}'],
    ['with a signature that is none', { signature: 'sha256' }, '{}'],
    ['of another algorithm', { signature: `md5 ${'ab'.repeat(16)}` }, '{}'],
  ])('%s: 401, nothing is stored, the admin sees it', async (_how, headers, body) => {
    const before = await counts();
    const answer = await post(hookOf('greenhouse', 'candidate_stage_change'), body, headers);
    expect(answer.status).toBe(401);
    expect(await counts()).toEqual(before);
  });

  test.each(['nobody-knows-this-address-at-all', '%00', '..%2f..%2fetc', 'x'])('at the address %s: 404', async (token) => {
    expect((await post(`/hooks/${token}`, '{}')).status).toBe(404);
  });

  test('cut off in the middle: refused', async () => {
    const body = '{"action":"candidate_stage_change","payl';
    const signature = `sha256 ${createHmac('sha256', greenhouseSecret()).update(body).digest('hex')}`;
    const answer = await post(hookOf('greenhouse', 'candidate_stage_change'), body, { signature });
    expect(answer.status).toBe(401);
    expect(await answer.json()).toEqual({
      error: {
        code: 'unauthorised',
        message: 'Its content was not readable.',
        details: [{ path: 'because', message: 'not-json' }],
      },
    });
  });
});

describe('Greenhouse', () => {
  const signed = (payload: unknown, headers: Record<string, string> = {}) => {
    const body = JSON.stringify(payload);
    const signature = `sha256 ${createHmac('sha256', greenhouseSecret()).update(body).digest('hex')}`;
    return post(hookOf('greenhouse', 'candidate_stage_change'), body, { signature, ...headers });
  };
  const aboutNobody = (id: unknown) => ({ action: 'candidate_stage_change', payload: { application: { id } } });

  test('a body that comes in pieces, without its length said before, is taken', async () => {
    const body = JSON.stringify(aboutNobody(4_000_000_002));
    const signature = `sha256 ${createHmac('sha256', greenhouseSecret()).update(body).digest('hex')}`;
    const stream = new Blob([body]).stream();
    const init = { method: 'POST', body: stream, duplex: 'half', headers: { signature, 'content-type': 'application/json' } };
    expect((await server().fetch(hookOf('greenhouse', 'candidate_stage_change'), init as RequestInit)).status).toBe(200);
    await server().settle();
  });

  test('its ping gets 200 and has no effect', async () => {
    await server().settle();
    const before = await counts();
    const body = JSON.stringify({ action: 'ping', payload: {} });
    const signature = `sha256 ${createHmac('sha256', greenhouseSecret()).update(body).digest('hex')}`;
    expect((await post(hookOf('greenhouse', 'candidate_stage_change'), body, { signature })).status).toBe(200);
    await server().settle();
    expect((await counts()).applications).toBe(before.applications);
  });

  test('the same delivery again gets 200 and is stored once', async () => {
    const before = await counts();
    const headers = { 'greenhouse-event-id': 'event-1' };
    const answers = await Promise.all(Array.from({ length: 8 }, () => signed(aboutNobody(4_000_000_001), headers)));
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
    expect((await counts()).deliveries).toBe(before.deliveries + 1);
  });

  test('an application that we cannot see: said to be not visible, and nothing is sent', async () => {
    await signed(aboutNobody(4_999_999_999));
    await server().settle();
    const rows = await server().server.services.db.select().from(applications);
    expect(rows.find((row) => row.applicationId === '4999999999')?.state.vanished).toBe(true);
  });

  test.each<[string, unknown]>([
    ['an id that no database can store', 'a\u0000b'],
    ['half a character', '\ud800'],
    ['an id that is a novel', 'x'.repeat(5000)],
    ['no id', null],
    ['a list', []],
  ])('%s: taken, and those behind it go on', async (_what, id) => {
    expect((await signed(aboutNobody(id))).status).toBe(200);
    await server().settle();
  });
});

describe('Lever', () => {
  test('"Verify connection" gets 200 and has no effect', async () => {
    const before = await counts();
    const { lever } = server().world;
    const [webhook] = [...lever.account.webhooks.values()];
    expect(await lever.direct.verifyConnection({ webhookId: webhook?.id ?? '' })).toMatchObject({ state: 'delivered' });
    expect((await counts()).applications).toBe(before.applications);
  });

  test('data that was changed after signing moves nobody: only what Lever itself shows counts', async () => {
    const { lever, seeds } = server().world;
    const { opportunities, stages } = seeds.lever;
    lever.play.move({ opportunityId: opportunities.noor, stageId: stages.offer });
    await server().settle();
    const delivery = lever.deliveries().find((one) => one.event === 'candidateStageChange');
    const data = { opportunityId: opportunities.ada, toStageId: stages.assessment, fromStageId: stages.phoneScreen };
    await lever.direct.sendTampered({ deliveryId: delivery?.id ?? '', data });
    await server().settle();
    expect((await ben.open(leverPage(opportunities.ada))).invitations).toEqual([]);
  });

  test('a delivery that is replayed, and a rerun, send nothing twice', async () => {
    const { lever, seeds, coderbyte } = server().world;
    const { opportunities, stages } = seeds.lever;
    lever.play.move({ opportunityId: opportunities.ada, stageId: stages.assessment });
    await server().settle();
    const delivery = lever.deliveries().findLast((one) => one.event === 'candidateStageChange');
    for (let times = 0; times < 3; times += 1) await lever.direct.rerun({ deliveryId: delivery?.id ?? '' });
    await server().settle();
    const invites =
      coderbyte &&
      server()
        .world.journal.list({ simulator: 'coderbyte', kind: 'api' })
        .filter((row) => row.what.startsWith('POST'));
    expect(invites).toHaveLength(1);
  });

  test('webhooks out of order lead to the same end', async () => {
    const { lever, seeds } = server().world;
    const { opportunities, stages } = seeds.lever;
    const opportunityId = opportunities.chloe;
    lever.direct.configure({ deliver: 'hold' });
    lever.play.move({ opportunityId, stageId: stages.assessment });
    lever.play.move({ opportunityId, stageId: stages.onsite });
    await lever.direct.releaseHeld({ reversed: true });
    lever.direct.configure({ deliver: 'deliver' });
    await server().settle();
    const view = await ben.open(leverPage(opportunityId));
    expect(view.invitations).toEqual([]);
    expect(view.happenings.map(({ text }) => text)).toContain('Not sent: the candidate had already left the stage.');
    expect(view.outcome.nextStep).toBe('advanced');
  });

  test('while the connection is off webhooks are kept; switched on again, they count', async () => {
    const { lever, seeds } = server().world;
    const { opportunities, stages } = seeds.lever;
    const { api, connections } = server().company;
    const switchTo = (enabled: boolean) =>
      server().fetch(`/api/connections/${connections.lever.id}`, {
        method: 'PATCH',
        headers: { authorization: `Bearer ${server().company.token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ enabled }),
      });
    expect(api).toBeDefined();
    const shown = await ben.open(leverPage(opportunities.ben));
    expect((await switchTo(false)).status).toBe(200);
    expect(await ben.panel(leverPage(opportunities.ben))).toMatchObject({
      code: 'connection-off',
      mend: { kind: 'open-settings', section: 'lever' },
    });
    expect(await ben.refusal(PATHS.commands.send, shown, { assessmentId: shown.assessments[0]?.id })).toMatchObject({
      status: 409,
      code: 'connection-off',
    });
    lever.play.archive({ opportunityId: opportunities.chloe, reasonId: seeds.lever.reasons.withdrew });
    lever.play.move({ opportunityId: opportunities.ben, stageId: stages.onsite });
    await lever.settle();
    expect((await ben.panel(leverPage(opportunities.chloe))).kind).toBe('unavailable');
    expect((await switchTo(true)).status).toBe(200);
    await server().settle();
    const { status, outcome } = await ben.open(leverPage(opportunities.chloe));
    expect({ status, outcome }).toMatchObject({ status: 'archived', outcome: { nextStep: 'withdrew' } });
  });
});

describe('Coderbyte', () => {
  test('a token made with another key, or for another organisation: refused, and nothing moves', async () => {
    const { coderbyte, seeds } = server().world;
    const whom = { assessmentId: seeds.coderbyte.seniorSwe, email: 'ada.moreno@mail.example' };
    coderbyte.play.start(whom);
    await server().settle();
    const delivery = coderbyte.deliveries().at(-1);
    const deliveryId = delivery?.id ?? 0;
    for (const forgery of [{ apiKey: 'not-the-key-of-this-organisation' }, { organizationId: 'org-other' }]) {
      expect(await coderbyte.direct.sendForged({ deliveryId, ...forgery })).toBe(401);
    }
  });

  test('a score that only the webhook claims is not believed: its API is asked', async () => {
    const { coderbyte, seeds } = server().world;
    const deliveryId = coderbyte.deliveries().at(-1)?.id ?? 0;
    const body = {
      assessment_id: seeds.coderbyte.seniorSwe,
      email: 'ada.moreno@mail.example',
      final_score: 100,
      status: 'completed',
    };
    await coderbyte.direct.sendForged({ deliveryId, body });
    await server().settle();
    const { opportunities } = server().world.seeds.lever;
    expect((await ben.open(leverPage(opportunities.ada))).invitations).toMatchObject([{ state: 'started', result: null }]);
  });
});

test('what the server logged names no candidate and no secret', () => {
  const text = JSON.stringify(server().log);
  for (const word of ['ada.moreno@mail.example', 'Ada Moreno', greenhouseSecret(), server().company.token])
    expect(text).not.toContain(word);
});

// The last one, because the server cuts the connections on which somebody goes on sending.
test('a webhook larger than two megabytes: 413, also when it does not say how large', async () => {
  expect((await post(hookOf('lever'), 'x'.repeat(2 * 1024 * 1024 + 1))).status).toBe(413);
  const chunk = new TextEncoder().encode('x'.repeat(512 * 1024));
  let sent = 0;
  const body = new ReadableStream({
    pull(controller) {
      sent += 1;
      if (sent > 6) controller.close();
      else controller.enqueue(chunk);
    },
  });
  const init = { method: 'POST', body, duplex: 'half' } as RequestInit;
  expect((await server().fetch(hookOf('lever'), init)).status).toBe(413);
});
