import { createRoute, z } from '@hono/zod-openapi';
import {
  DELIVERY_OUTCOMES,
  type DeliveryView,
  deliveriesQuerySchema,
  deliveriesViewSchema,
  type ReplayAnswer,
  replayAnswerSchema,
  replaySchema,
} from '../../lib/contract/failures.ts';
import { PATHS } from '../../lib/contract/paths.ts';
import { ATS_NAMES } from '../../lib/domain/ats.ts';
import type { Member } from '../../lib/domain/member.ts';
import { effectWords } from '../failures/failure-words.ts';
import { type About, type DeliveryRow, findAbout, listDeliveries, readBody } from '../failures/list-deliveries.ts';
import { redactBody } from '../failures/redact-body.ts';
import { type DryRun, type Foreseen, findReplayable, replayDry, replayForReal } from '../failures/replay.ts';
import type { LaneParts } from '../jobs/lane.ts';
import { standingTrouble } from '../jobs/read-trouble.ts';
import { withPriority } from '../outbound/call-priority.ts';
import { say } from '../say.ts';
import type { Services } from '../services.ts';
import { profileUrls } from '../storage/page-hosts.repository.ts';
import { json, jsonBody, refusals } from './answers.ts';
import { ApiError } from './api-error.ts';
import type { App } from './app-env.ts';
import { needs } from './needs.ts';
import { reasonWords } from './reason-words.ts';
import { createViewer, type Viewer } from './sight.ts';

const list = createRoute({
  method: 'get',
  path: PATHS.deliveries,
  summary: 'Webhooks as received, newest first, and what became of each',
  ...needs('admin'),
  request: { query: deliveriesQuerySchema },
  responses: { 200: json(deliveriesViewSchema, 'A page of them'), ...refusals },
});

const replay = createRoute({
  method: 'post',
  path: PATHS.deliveryReplay,
  summary: 'Run a stored webhook again: to see what it would lead to, or for real',
  ...needs('admin'),
  request: { params: z.object({ id: z.coerce.number().int().positive() }), body: jsonBody(replaySchema) },
  responses: { 200: json(replayAnswerSchema, 'What it would lead to, or that it was taken'), ...refusals },
});

/** Webhooks as they came in. */
export function addDeliveryRoutes(app: App, parts: LaneParts): void {
  const { services } = parts;
  app.openapi(list, async (c) => {
    const { body, ...query } = c.req.valid('query');
    const { rows, next } = await listDeliveries(services.db, query);
    const viewer = createViewer(services, c.get('member'));
    const about = await findAbout(services.db, rows);
    const items: DeliveryView[] = [];
    for (const row of rows) items.push(await toView(row, about.get(row.id) ?? [], viewer));
    const [only] = items;
    if (body === 'true' && query.id !== undefined && only)
      only.body = await bodyOf(services, only, about.get(only.id) ?? [], viewer);
    return c.json({ items, next }, 200);
  });
  app.openapi(replay, async (c) => {
    const found = await findReplayable(parts, c.req.valid('param').id);
    if (!found) throw new ApiError('not-found', { message: say('server.replay.not-there') });
    const member = c.get('member');
    if (c.req.valid('json').dryRun) {
      const run = await withPriority('person', () => replayDry(parts, found));
      return c.json(await toAnswer(services, run, member), 200);
    }
    const replayed = await replayForReal(parts, found, member);
    if (!replayed) throw new ApiError('not-found', { message: say('server.replay.not-there') });
    const message =
      replayed.kind === 'erased'
        ? say('server.replay.nothing-left')
        : `${say('server.replay.taken')} ${outcomeWords(replayed.row.outcome)}`;
    return c.json({ dryRun: false, message, candidates: [] }, 200);
  });
}

async function toView(row: DeliveryRow, about: readonly About[], viewer: Viewer): Promise<DeliveryView> {
  const names: string[] = [];
  for (const { connectionId, snapshot } of about) {
    const sight = await viewer.sightOf({ connectionId, ats: snapshot.ats, candidate: snapshot });
    if (sight !== 'nothing' && snapshot.name) names.push(snapshot.name);
  }
  return {
    id: row.id,
    connectionId: row.connectionId,
    connectionName: row.connectionName,
    event: row.event,
    receivedAt: row.receivedAt.toISOString(),
    repeats: row.repeats,
    outcome: outcomeOf(row.outcome),
    outcomeText: outcomeWords(row.outcome),
    candidates: [...new Set(names)],
    replays: row.replays,
  };
}

function outcomeOf(outcome: string | null): DeliveryView['outcome'] {
  return DELIVERY_OUTCOMES.find((known) => known === outcome) ?? 'waiting';
}

function outcomeWords(outcome: string | null): string {
  return say(`server.replay.outcome.${outcomeOf(outcome)}`);
}

/** What names somebody whom this admin may not see is not shown. */
async function bodyOf({ db }: Services, { id }: DeliveryView, about: readonly About[], viewer: Viewer): Promise<string | null> {
  for (const { connectionId, snapshot } of about)
    if ((await viewer.sightOf({ connectionId, ats: snapshot.ats, candidate: snapshot })) !== 'all') return null;
  const body = await readBody(db, id);
  return body && redactBody(body);
}

async function toAnswer(services: Services, run: DryRun, member: Member): Promise<ReplayAnswer> {
  if (run.kind !== 'rounds') return { dryRun: true, message: say(`server.replay.${run.kind}`), candidates: [] };
  const viewer = createViewer(services, member);
  const snapshots = run.rounds.map(({ current, round }) => round.snapshot ?? current.row.snapshot);
  const urls = await profileUrls(services.db, snapshots);
  const candidates: ReplayAnswer['candidates'] = [];
  let effects = 0;
  for (const [index, foreseen] of run.rounds.entries()) {
    const snapshot = snapshots[index];
    const sight = snapshot
      ? await viewer.sightOf({ connectionId: foreseen.current.row.connectionId, ats: snapshot.ats, candidate: snapshot })
      : 'all';
    effects += foreseen.round.effects.length;
    candidates.push({
      name: sight === 'nothing' ? null : (snapshot?.name ?? null),
      jobName: sight === 'nothing' ? null : (snapshot?.job?.name ?? null),
      url: sight === 'nothing' ? null : (urls[index] ?? null),
      because: sight === 'all' ? becauseOf(foreseen) : [say('server.replay.not-yours')],
      would: foreseen.round.effects.map(({ effect }) => capital(effectWords(effect, effect.kind))),
    });
  }
  return { dryRun: true, message: say(effects > 0 ? 'server.replay.would' : 'server.replay.would-nothing'), candidates };
}

function becauseOf({ current, round }: Foreseen): string[] {
  const reasons = round.decisions.flatMap(({ decision }) => decision.reasons.map(reasonWords));
  const { readTrouble } = round;
  const ats = current.row.snapshot ? ATS_NAMES[current.row.snapshot.ats] : say('server.replay.the-ats');
  if (readTrouble) reasons.push(standingTrouble(readTrouble, ats) ?? say('server.cannot-read', { ats }));
  return reasons.length > 0 ? [...new Set(reasons)] : [say('server.replay.known')];
}

function capital(text: string): string {
  return text.charAt(0).toLocaleUpperCase('en') + text.slice(1);
}
