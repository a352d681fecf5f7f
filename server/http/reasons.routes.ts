import { createRoute, type z } from '@hono/zod-openapi';
import { PATHS } from '../../lib/contract/paths.ts';
import { reasonMeaningsSchema, reasonsViewSchema } from '../../lib/contract/settings.ts';
import { suggestDispositionMeaning } from '../../lib/domain/suggest-disposition-meaning.ts';
import type { AtsDispositionReason } from '../ats/port.ts';
import { findGoneReasons, listsAllReasons } from '../jobs/find-gone-names.ts';
import { say } from '../say.ts';
import type { Services } from '../services.ts';
import { keepNames } from '../storage/kept-names.repository.ts';
import { listReasonMeanings, type ReasonMeaningSetting, replaceReasonMeanings } from '../storage/reason-meanings.repository.ts';
import { changeSweepState } from '../storage/sweep-state.ts';
import { json, jsonBody, refusals } from './answers.ts';
import { ApiError } from './api-error.ts';
import type { App } from './app-env.ts';
import { audited } from './audited.ts';
import { failureToError } from './describe-failure.ts';
import { difference } from './difference.ts';
import type { HttpParts } from './http-parts.ts';
import { idParams } from './id-params.ts';
import { kindName } from './kind-name.ts';
import { needs } from './needs.ts';
import { getConnection } from './read-connections.ts';
import { unknownToAts } from './unknown-to-ats.ts';

const read = createRoute({
  method: 'get',
  path: PATHS.reasons,
  summary: 'The disposition reasons of an ATS, what they mean, and what their words suggest',
  ...needs('admin'),
  request: { params: idParams },
  responses: { 200: json(reasonsViewSchema, 'Reasons as the ATS has them now'), ...refusals },
});

const replace = createRoute({
  method: 'put',
  path: PATHS.reasonMeanings,
  summary: 'Say what each disposition reason means',
  ...needs('admin'),
  request: { params: idParams, body: jsonBody(reasonMeaningsSchema) },
  responses: { 200: json(reasonsViewSchema, 'The reasons after it'), ...refusals },
});

/** What an archive or rejection reason says about the candidate. */
export function addReasonRoutes(app: App, services: Services, parts: HttpParts): void {
  const { db } = services;
  app.openapi(read, async (c) => {
    const { id } = c.req.valid('param');
    const { reasons, isWhole } = await listReasons(id, { services, parts });
    const meanings = await listReasonMeanings(db, id);
    if (isWhole && meanings.length > 0) await changeSweepState(db, id, { goneReasons: findGoneReasons(meanings, reasons) });
    return c.json(toView(reasons, meanings), 200);
  });
  app.openapi(replace, async (c) => {
    const { id } = c.req.valid('param');
    const { meanings } = c.req.valid('json');
    checkOnce(meanings);
    const { reasons, name, isWhole } = await listReasons(id, { services, parts });
    if (isWhole) checkKnown(meanings, reasons, name);
    await audited(services, c.get('member'), async (inside, note) => {
      const before = await listReasonMeanings(inside.db, id);
      await replaceReasonMeanings(inside.db, { connectionId: id, meanings });
      await changeSweepState(inside.db, id, { goneReasons: [] });
      const detail = difference({ meanings: before }, { meanings: await listReasonMeanings(inside.db, id) });
      if (detail) note({ action: 'reason-meanings.changed', connectionId: id, detail });
    });
    return c.json(toView(reasons, meanings), 200);
  });
}

async function listReasons(id: string, { services, parts }: { services: Services; parts: HttpParts }) {
  const row = await getConnection(services.db, id, 'ats');
  const result = await (await parts.connectSetUp(id)).listDispositionReasons();
  const name = kindName(row.kind);
  if (!result.ok) throw failureToError(result, { name, side: 'ats' });
  await keepNames(services.db, { connectionId: id, reasons: result.value, now: services.clock.now() });
  return { reasons: result.value, name, isWhole: listsAllReasons(row.settings) };
}

/** An empty list was not shown to us, and says nothing. */
function checkKnown(meanings: ReasonMeaningSetting[], reasons: AtsDispositionReason[], name: string): void {
  if (reasons.length === 0) return;
  const ids = new Set(reasons.map(({ reasonId }) => reasonId));
  const unknown = meanings.flatMap(({ reasonId, reasonName }, index) =>
    ids.has(reasonId) ? [] : [{ path: `meanings.${index}.reasonId`, label: reasonName || reasonId }],
  );
  if (unknown.length > 0) throw unknownToAts('server.reasons-unknown', unknown, name);
}

function toView(reasons: AtsDispositionReason[], meanings: ReasonMeaningSetting[]): z.infer<typeof reasonsViewSchema> {
  return {
    reasons: reasons.map((reason) => ({
      reasonId: reason.reasonId,
      name: reason.name,
      active: reason.active,
      meaning: meanings.find((meaning) => meaning.reasonId === reason.reasonId)?.meaning ?? null,
      suggested: suggest(reason),
    })),
  };
}

/** The ATS's own word comes first: a reason that it counts as a hire means that the offer was accepted. */
function suggest({ kind, name }: AtsDispositionReason) {
  return kind === 'hired' ? 'accepted' : (suggestDispositionMeaning(name) ?? null);
}

function checkOnce(meanings: ReasonMeaningSetting[]): void {
  const seen = new Set<string>();
  const twice = meanings.flatMap(({ reasonId }, index) => {
    const isTwice = seen.has(reasonId);
    seen.add(reasonId);
    return isTwice ? [{ path: `meanings.${index}.reasonId`, message: say('server.reason-twice') }] : [];
  });
  if (twice.length > 0) throw new ApiError('invalid', { message: say('server.reason-twice'), details: twice });
}
