import { randomBytes, randomUUID } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type ApplicationView, panelViewSchema } from '../../../lib/contract/panel.ts';
import { PATHS } from '../../../lib/contract/paths.ts';
import type { CandidateReference } from '../../../lib/domain/candidate-reference.ts';
import type { Check, CheckRow, CheckRun } from '../../checks/check-report.ts';
import { type Stage, startStage } from '../../support/stage.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { retryFailed } from '../people-at-work.ts';
import { createStoreReader } from '../read-store.ts';

const WHAT =
  'the main job on both ATSs at LOG_LEVEL=debug, with failures, hostile requests, kill -9; then every log and /metrics';
const ROUNDS = { small: 1, full: 4 };
const LOG = '.output/logs/s22.log';
/** Fewer lines than this would be a log in which nothing could be found. */
const LINES_LEAST = 200;

/** S22: what names a person or lets somebody in is looked for in everything that an operator, or a metrics system, gets to see. */
export const logs: Check = {
  id: 'S22',
  what: 'personal data and tokens in logs',
  budgetMs: { full: 90_000 },
  async run({ size, say }: CheckRun): Promise<CheckRow[]> {
    await rm(LOG, { force: true });
    const metricsToken = `zqmetrics${randomBytes(12).toString('hex')}`;
    const masterKey = randomBytes(32).toString('hex');
    const stage = await startStage({
      name: 's22',
      setUp: { adminName: 'Zqadmin Ibarra', rules: { holdSeconds: 0, automaticHoldSeconds: 0 } },
      world: { greenhouse: { rateLimit: 100_000, tokenRateLimit: 100_000 }, lever: { rateLimit: null } },
      environment: { LOG_LEVEL: 'debug', METRICS_TOKEN: metricsToken, MASTER_KEY: masterKey },
    });
    try {
      const secrets = [metricsToken, masterKey, ...(await secretsOf(stage))];
      const people: Person[] = [];
      for (let round = 0; round < ROUNDS[size]; round += 1) {
        for (const ats of ['greenhouse', 'lever'] as const) {
          people.push(await livePerson(stage, { ats, canary: `zqgood${ats}${round}`, secrets }));
          people.push(await livePerson(stage, { ats, canary: `zqbad${ats}${round}`, secrets, isUnlucky: true }));
        }
        await beHostile(stage, people);
        stage.world.coderbyte.direct.failNext({ path: 'invitation$', kind: 'reset', when: 'after' });
        people.push(await applyAs(stage, 'lever', `zqkilled${round}`));
        await stage.restart('SIGKILL');
        await comeToRest(stage);
      }
      const scraped = await fetch(new URL(PATHS.metrics, stage.server.address), {
        headers: { authorization: `Bearer ${metricsToken}` },
      });
      const metrics = await scraped.text();
      await stage.server.stop();
      const texts = { ...(await databaseLogs(stage)), metrics, log: await readFile(LOG, 'utf8') };
      const words = [...new Set([...wordsOf(people), ...secrets])];
      const hits = Object.entries(texts).flatMap(([name, text]) => findIn(name, text, words));
      for (const hit of hits.slice(0, 20)) say(hit);
      const lines = texts.log.split('\n').length;
      const failed = texts.log.split('"call failed"').length - 1;
      return [
        {
          ...{ id: 'S22', what: WHAT, asked: `${ROUNDS.full * 5} people`, target: 'hits 0' },
          reached: `${people.length} people, ${words.length} words, ${lines} lines, ${failed} failed calls, ${Object.keys(texts).length} texts`,
          figure: `hits ${hits.length}`,
          met:
            hits.length === 0 && lines >= LINES_LEAST && failed > 3 && scraped.ok && metrics.includes('tagalong_effects_total{'),
        },
      ];
    } finally {
      await stage.close();
    }
  },
};

interface Person {
  /** Stands in everything that is theirs. */
  canary: string;
  /** Under which the ATS knows them: whoever has an old log must not find whom it was about. */
  ids: string[];
  page: CandidateReference;
}

interface Life {
  ats: 'greenhouse' | 'lever';
  canary: string;
  /** Collects what lets somebody in. */
  secrets: string[];
  /** Meets every kind of failure. */
  isUnlucky?: boolean;
}

/** Invited by the stage entry, tested, and then a take-home by our e-mail with a result by hand. */
async function livePerson(stage: Stage, { ats, canary, secrets, isUnlucky = false }: Life): Promise<Person> {
  const { world, company } = stage;
  if (isUnlucky) planFailures(stage, canary);
  const person = await applyAs(stage, ats, canary);
  const invited = await until(stage, person, (view) => view.invitations.length > 0 && view.invitations[0]?.state !== 'held');
  const command = (path: string, more: object) => give(stage, person, invited.key, path, more);
  await command(PATHS.commands.extraTime, { invitationId: null, percent: 25 });
  await command(PATHS.commands.copyLink, { invitationId: invited.invitations[0]?.id }).then(
    ({ link }) => typeof link === 'string' && secrets.push(link),
  );
  const { seniorSwe } = world.seeds.coderbyte;
  const email = `${canary}@mail.example`;
  if (world.coderbyte.invitations().some((one) => one.email === email)) {
    world.coderbyte.play.start({ assessmentId: seniorSwe, email });
    world.coderbyte.play.submit({ assessmentId: seniorSwe, email, finalScore: 84 });
  }
  if (isUnlucky) world.mail.refuse({ address: email });
  await command(PATHS.commands.send, {
    assessmentId: company.assessments.backendTakeHome.id,
    options: { message: `Dear ${canary}` },
  });
  const both = await until(stage, person, (view) =>
    view.invitations.some(({ tag, state }) => tag === 'Backend take-home' && state !== 'held' && state !== 'sending'),
  );
  const takeHome = both.invitations.find(({ tag }) => tag === 'Backend take-home')?.id;
  await command(PATHS.commands.enterResult, { invitationId: takeHome, rating: 'Strong', notes: `${canary} wrote clean code` });
  for (const { links } of world.mail.mails()) secrets.push(...links.filter((link) => link.includes('byteboard')));
  return person;
}

async function applyAs({ world }: Stage, ats: Life['ats'], canary: string): Promise<Person> {
  const { greenhouse, lever, seeds } = world;
  const email = `${canary}@mail.example`;
  const tags = ['Senior SWE', `${canary} tag`];
  if (ats === 'greenhouse') {
    const { stages, jobs } = seeds.greenhouse;
    const { id: candidateId } = greenhouse.createCandidate({ firstName: canary, lastName: `${canary}son`, email, tags });
    const { id } = greenhouse.createApplication({
      ...{ candidateId, jobId: jobs.backend, stageId: stages.backend['Phone Screen'] },
    });
    greenhouse.move({ applicationId: id, stageId: stages.backend.Assessment });
    const [applicationId, candidate] = [String(id), String(candidateId)];
    const page = {
      ...({ ats: 'greenhouse', host: 'app.greenhouse.io', kind: 'application' } as const),
      ...{ applicationId, candidateId: candidate },
    };
    return { canary, ids: [applicationId, candidate], page };
  }
  const contactId = lever.play.createContact({ name: `${canary} ${canary}son`, emails: [email] }).id;
  const { postings, stages } = seeds.lever;
  const { id } = lever.play.createOpportunity({ contactId, postingId: postings.backend, stageId: stages.phoneScreen, tags });
  lever.play.move({ opportunityId: id, stageId: stages.assessment });
  const page = { ats: 'lever', host: 'hire.lever.co', kind: 'application', applicationId: id } as const;
  return { canary, ids: [id, contactId], page };
}

/** Answers that quote the candidate, as real systems do, and answers that never come. */
function planFailures({ world }: Stage, canary: string): void {
  const { coderbyte, lever, greenhouse } = world;
  const quoting = { error: `${canary}@mail.example is not welcome`, errors: [{ message: `No ${canary}` }] };
  coderbyte.direct.failNext({ method: 'POST', path: 'invitation', kind: 'status', status: 422, body: quoting });
  lever.direct.failNext({ method: 'GET', path: 'opportunities/', answer: { kind: 'status', status: 500, body: quoting } });
  lever.direct.failNext({ method: 'POST', path: 'notes$', answer: { kind: 'status', status: 400, body: quoting } });
  lever.direct.failNext({ method: 'POST', path: 'addTags', when: 'after', answer: { kind: 'reset' } });
  greenhouse.failNext({ method: 'GET', path: '/v3/applications', kind: 'status', status: 503, body: quoting });
  greenhouse.failNext({ method: 'GET', path: '/v3/candidates', kind: 'html' });
  greenhouse.failNext({ method: 'POST', path: '/v3/notes', kind: 'status', status: 422, body: quoting });
}

/** Requests that say names where none belong: in paths, queries, bodies that cannot be read or stored, and as a bearer. */
async function beHostile({ server, company }: Stage, people: readonly Person[]): Promise<void> {
  const webhooks = Object.values(company.connections).flatMap((connection) => connection.webhooks);
  for (const { canary, page } of people) {
    const knock = async (path: string, init: RequestInit = {}, bearer = company.token) => {
      const headers = { authorization: `Bearer ${bearer}`, 'content-type': 'application/json', ...init.headers };
      await (await fetch(new URL(path, server.address), { ...init, headers })).text();
    };
    const email = `${canary}@mail.example`;
    await knock(`/api/${email}`);
    await knock(`/${email}`);
    await knock(`${PATHS.panel}?email=${email}&ats=${canary}`);
    await knock(`${PATHS.activity}?search=${canary}`);
    await knock(PATHS.me, {}, `${canary}${canary}${canary}`);
    await knock(PATHS.commands.send, { method: 'POST', body: `{"email": "${email}"` });
    const unstorable = { ...page, actionId: randomUUID(), page, applicationKey: randomUUID(), clickedAt: `${canary}` };
    await knock(PATHS.commands.send, { method: 'POST', body: JSON.stringify(unstorable) });
    await knock(PATHS.pair, { method: 'POST', body: JSON.stringify({ code: canary, name: `${canary}\u0000`, device: email }) });
    for (const { url } of webhooks) {
      if (!url) continue;
      const body = JSON.stringify({ email, name: `${canary}\u0000`, payload: { candidate: { name: canary } } });
      for (const text of [body, `{"name": "${canary}`, email]) {
        const headers = { signature: `sha256 ${canary}`, 'webhook-id': canary };
        await knock(new URL(url).pathname, { method: 'POST', body: text, headers });
      }
    }
  }
}

async function give({ server, company }: Stage, { page }: Person, key: string, path: string, more: object) {
  const answer = await fetch(new URL(path, server.address), {
    method: 'POST',
    headers: { authorization: `Bearer ${company.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ actionId: randomUUID(), page, applicationKey: key, clickedAt: new Date().toISOString(), ...more }),
  });
  return (await answer.json()) as { link?: unknown };
}

/** The panel of this person, as soon as it shows that. */
async function until(
  { api }: Stage,
  { page, canary }: Person,
  isThere: (view: ApplicationView) => boolean,
): Promise<ApplicationView> {
  const { kind: _kind, ...query } = page;
  let found: ApplicationView | undefined;
  const look = async () => {
    const view = panelViewSchema.parse(await api('GET', `${PATHS.panel}?${new URLSearchParams({ ...query })}`));
    if (view.kind === 'application' && isThere(view)) found = view;
    return found !== undefined;
  };
  await waitUntil(look, { withinMs: 30_000, everyMs: 100, describe: () => `the panel of ${canary} did not come so far` });
  if (!found) throw new Error('not found');
  return found;
}

/** What is tried again after a pause of minutes may wait; what could go on now is done. */
async function comeToRest({ world, dataDir }: Stage): Promise<void> {
  const reader = createStoreReader(dataDir);
  const isAtRest = async () => {
    await retryFailed(world);
    await world.settle();
    const { deliveries, lanes, inputs } = await reader.pending();
    return deliveries + lanes + inputs === 0;
  };
  await waitUntil(isAtRest, { withinMs: 60_000, everyMs: 250, describe: () => 'webhooks wait for their decision' });
}

/** Whatever lets somebody in, of this company and its systems. */
async function secretsOf({ world, company, server, api }: Stage): Promise<string[]> {
  const { clientSecret } = world.greenhouse.credential;
  const tokens = Object.values(company.connections).flatMap(({ webhooks }) =>
    webhooks.flatMap(({ url }) => (url ? [new URL(url).pathname.split('/').at(-1) ?? ''] : [])),
  );
  const generic = company.connections.byteboard.webhooks[0]?.id ?? '';
  const { secret } = await api<{ secret: string }>('POST', PATHS.webhookSecrets.replace('{id}', generic), {});
  const all = [
    secret,
    clientSecret,
    world.seeds.lever.key.secret,
    world.coderbyte.apiKey(),
    company.token,
    server.pairingCode ?? '',
  ];
  return [...all, ...tokens].filter((word) => word.length >= 8);
}

/** Names and addresses by the canary; ids only where they are too long to stand somewhere by chance. */
function wordsOf(people: readonly Person[]): string[] {
  return people.flatMap(({ canary, ids }) => [canary, ...ids.filter((id) => id.length >= 9)]);
}

async function databaseLogs({ dataDir }: Stage): Promise<Record<string, string>> {
  const folder = join(dataDir, 'postgres');
  const names = (await readdir(folder)).filter((name) => name.endsWith('.log'));
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name), 'utf8')])));
}

function findIn(name: string, text: string, words: readonly string[]): string[] {
  return text.split('\n').flatMap((line) => {
    const lower = line.toLowerCase();
    const found = words.filter((word) => lower.includes(word.toLowerCase()));
    return found.length === 0 ? [] : [`${name} holds ${found.join(', ')}: ${line.slice(0, 300)}`];
  });
}
