import { createRoute } from '@hono/zod-openapi';
import type { SQL } from 'drizzle-orm';
import {
  type CloseFailures,
  closeFailuresSchema,
  type FailuresClosed,
  type FailureView,
  failuresClosedSchema,
  failuresQuerySchema,
  failuresViewSchema,
} from '../../lib/contract/failures.ts';
import { PATHS } from '../../lib/contract/paths.ts';
import type { Member } from '../../lib/domain/member.ts';
import { CAN_TRY_UNSEEN, canTryUnseen } from '../failures/can-try.ts';
import { failureWords } from '../failures/failure-words.ts';
import { countFailures, type FailureRow, findOpen, listFailures } from '../failures/list-failures.ts';
import { discardFailure, type RetryParts, retryFailure, whyKept } from '../failures/retry-failure.ts';
import { say } from '../say.ts';
import type { Services } from '../services.ts';
import { countOpenFailures } from '../storage/failures.repository.ts';
import { profileUrls } from '../storage/page-hosts.repository.ts';
import { json, jsonBody, refusals } from './answers.ts';
import { ApiError } from './api-error.ts';
import type { App } from './app-env.ts';
import { needs } from './needs.ts';
import { reasonWords } from './reason-words.ts';
import { createViewer } from './sight.ts';

const list = createRoute({
  method: 'get',
  path: PATHS.failures,
  summary: 'What failed and waits for a person, newest first',
  ...needs('admin'),
  request: { query: failuresQuerySchema },
  responses: { 200: json(failuresViewSchema, 'A page of them, and how many there are of each state'), ...refusals },
});

const retry = createRoute({
  method: 'post',
  path: PATHS.failuresRetry,
  summary: 'Try again what failed: some, or all that are open',
  ...needs('admin'),
  request: { body: jsonBody(closeFailuresSchema) },
  responses: { 200: json(failuresClosedSchema, 'How many are tried again, and which are not'), ...refusals },
});

const discard = createRoute({
  method: 'post',
  path: PATHS.failuresDiscard,
  summary: 'Take off the list what nobody will mend, with a comment',
  ...needs('admin'),
  request: { body: jsonBody(closeFailuresSchema) },
  responses: { 200: json(failuresClosedSchema, 'How many are discarded'), ...refusals },
});

/** In one request; the page asks again for the rest. */
const AT_ONCE = 500;

/** The failures list, and what a person can do about it. */
export function addFailureRoutes(app: App, parts: RetryParts): void {
  const { services } = parts;
  app.openapi(list, async (c) => {
    const { state, kind, before, limit } = c.req.valid('query');
    const { rows, next } = await listFailures(services.db, { state, kind, before, limit }, reasonWords);
    const items = await toViews(services, rows, c.get('member'));
    return c.json({ items, next, counts: await countFailures(services.db) }, 200);
  });
  app.openapi(retry, async (c) => {
    const wanted = c.req.valid('json');
    const member = c.get('member');
    // Each that may have been done wants a look of its own.
    const checked = wanted.checked && wanted.all === undefined;
    return c.json(
      await closeEach(parts, wanted, RETRY, async (failure) => {
        const answer = await retryFailure(parts, { failure, member, checked });
        return answer === 'retried' ? null : whyKept(answer);
      }),
      200,
    );
  });
  app.openapi(discard, async (c) => {
    const wanted = c.req.valid('json');
    const { comment } = wanted;
    if (!comment)
      throw new ApiError('invalid', { details: [{ path: 'comment', message: say('server.failure.comment-missing') }] });
    const member = c.get('member');
    return c.json(
      await closeEach(parts, wanted, DISCARD, async (failure) =>
        (await discardFailure(parts, { failure, member, comment })) ? null : whyKept('gone'),
      ),
      200,
    );
  });
}

type Open = Awaited<ReturnType<typeof findOpen>>[number];

interface How {
  said: 'server.failure.retried' | 'server.failure.discarded';
  /** What of all is to be taken off the list at all. The rest comes last, so that no number of it keeps anything else from its turn. */
  isMeant: (failure: Open) => boolean;
  meant?: SQL;
}
const RETRY: How = { said: 'server.failure.retried', isMeant: canTryUnseen, meant: CAN_TRY_UNSEEN };
const DISCARD: How = { said: 'server.failure.discarded', isMeant: () => true };

/** `close` answers why it stays on the list, or null. */
async function closeEach(
  { services }: RetryParts,
  { ids, all }: CloseFailures,
  { said, isMeant, meant }: How,
  close: (failure: Open) => Promise<string | null>,
): Promise<FailuresClosed> {
  const open = await findOpen(services.db, all ? null : (ids ?? []), AT_ONCE + 1, meant);
  const kept: FailuresClosed['kept'] = [];
  let closed = 0;
  for (const failure of open.slice(0, AT_ONCE)) {
    const why = await close(failure);
    if (why === null) closed += 1;
    else kept.push({ id: failure.id, why });
  }
  const known = new Set(open.map(({ id }) => id));
  for (const id of ids ?? []) if (!known.has(id)) kept.push({ id, why: whyKept('gone') });
  const [first] = kept;
  const left = all ? await countOpenFailures(services.db) : kept.length;
  const message = closed === 0 && first ? first.why : say(said, { count: closed, kept: left });
  return { closed, kept, more: open.slice(AT_ONCE).some(isMeant), message };
}

async function toViews(services: Services, rows: readonly FailureRow[], member: Member): Promise<FailureView[]> {
  const viewer = createViewer(services, member);
  const urls = await profileUrls(
    services.db,
    rows.map(({ snapshot }) => snapshot),
  );
  const views: FailureView[] = [];
  for (const [index, row] of rows.entries()) {
    const { failure, snapshot, connectionId } = row;
    const isSeen =
      snapshot !== null &&
      connectionId !== null &&
      (await viewer.sightOf({ connectionId, ats: snapshot.ats, candidate: snapshot })) !== 'nothing';
    views.push({
      id: failure.id,
      kind: failure.kind,
      state: failure.state,
      ...failureWords(row),
      candidateName: isSeen ? snapshot.name : null,
      jobName: isSeen ? (snapshot.job?.name ?? null) : null,
      url: isSeen ? (urls[index] ?? null) : null,
      connectionName: row.connectionName,
      firstAt: failure.firstAt.toISOString(),
      lastAt: failure.lastAt.toISOString(),
      times: failure.times,
      closedAt: failure.closedAt?.toISOString() ?? null,
      closedBy: row.closedBy,
      comment: failure.comment,
      needsCheck: failure.kind === 'unconfirmed',
    });
  }
  return views;
}
