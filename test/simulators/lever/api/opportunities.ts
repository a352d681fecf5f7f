import { Hono } from 'hono';
import { z } from 'zod';
import type { LeverApi, LeverApiEnv, LeverContext } from './api-env.ts';
import { badRequest, LeverApiError, notFound } from './api-error.ts';
import { permit } from './authenticate.ts';
import { findOpportunities, OPPORTUNITY_FILTERS } from './find-opportunities.ts';
import { getOpportunity, isVisible, readActor } from './find-visible.ts';
import { readBody } from './read-body.ts';
import { LeverQuery } from './read-query.ts';
import { OPPORTUNITY_EXPANDS, toEmptiedOpportunity, toOpportunity } from './to-answer.ts';
import { PAGE_PARAMETERS, toPage } from './to-page.ts';

/** `include` is accepted and changes nothing: what it leaves out is not publicly documented. */
const SHAPE = ['expand', 'include'];
const texts = z.array(z.string().min(1)).min(1);

/** `/opportunities`: read, list, stage, archive, tags, links, sources. */
export function opportunityRoutes(api: LeverApi): Hono<LeverApiEnv> {
  const { account, acts, settings } = api;
  const read = permit('opportunities:read');
  const write = permit('opportunities:write');
  const app = new Hono<LeverApiEnv>();

  app.get('/', read, (c) => c.json(listOpportunities(api, c)));
  app.get('/deleted', read, (c) => c.json(listDeleted(api, c)));
  app.get('/:opportunity', read, (c) => {
    const query = new LeverQuery(c, { repeated: SHAPE });
    return c.json({ data: toOpportunity(api, getOpportunity(api, c), readExpand(query)) });
  });

  app.put('/:opportunity/stage', write, async (c) => {
    const opportunity = getOpportunity(api, c);
    const userId = readActor(api, c);
    const { stage } = await readBody(c, z.strictObject({ stage: z.string() }));
    // Inferred: the documented message with the status of a bad body.
    if (!account.stages.some(({ id }) => id === stage)) throw badRequest(`stages ${stage} was not found`);
    acts.changeStage(opportunity, stage, userId);
    return c.json({ data: toEmptiedOpportunity(api, opportunity) });
  });

  app.put('/:opportunity/archived', write, async (c) => {
    const opportunity = getOpportunity(api, c);
    readActor(api, c);
    const { reason } = await readBody(c, archivedSchema);
    // Inferred: an inactive reason cannot be chosen any more.
    const isKnown = reason === null || account.archiveReasons.get(reason)?.status === 'active';
    if (!isKnown) throw badRequest(`archive_reasons ${reason} was not found`);
    acts.changeArchived(opportunity, reason);
    return c.json({ data: toEmptiedOpportunity(api, opportunity) });
  });

  for (const [path, field, change] of TEXT_CHANGES) {
    app.post(`/:opportunity/${path}`, write, async (c) => {
      const opportunity = getOpportunity(api, c);
      readActor(api, c);
      const body = await readBody(c, z.strictObject({ [field]: texts }));
      acts.changeTexts(opportunity, field, { [change]: body[field] });
      return c.json({ data: toEmptiedOpportunity(api, opportunity) });
    });
  }

  for (const [path, change] of [
    ['addLinks', 'add'],
    ['removeLinks', 'remove'],
  ] as const) {
    app.post(`/:opportunity/${path}`, write, async (c) => {
      const opportunity = getOpportunity(api, c);
      readActor(api, c);
      const { links } = await readBody(c, z.strictObject({ links: texts }));
      const contact = account.contacts.get(opportunity.contact);
      if (!contact) throw notFound('contacts', opportunity.contact);
      acts.changeLinks(contact, { [change]: links });
      // Unlike the other writes this one was seen to answer filled.
      return c.json({ data: toOpportunity(api, opportunity) });
    });
  }

  for (const path of WRITE_PATHS) {
    app.all(path, () => {
      throw new LeverApiError(405, 'MethodNotAllowedError', 'Method not allowed');
    });
  }
  return app;

  function listOpportunities(api: LeverApi, c: LeverContext) {
    const repeated = [...OPPORTUNITY_FILTERS.repeated, ...SHAPE];
    const query = new LeverQuery(c, { once: [...OPPORTUNITY_FILTERS.once, ...PAGE_PARAMETERS], repeated });
    const expand = readExpand(query);
    const found = findOpportunities(api, query, c.get('key'));
    const bySync = query.text('updated_at_start') !== undefined || query.text('updated_at_end') !== undefined;
    const rankOf = (stageId: string) => account.stages.findIndex(({ id }) => id === stageId);
    const { rows, ...next } = toPage({
      rows: found,
      query,
      acceptDoubleEncodedOffset: settings.acceptDoubleEncodedOffset,
      // Stage rank, then the last interaction downwards: so rows move while somebody pages.
      keyOf: (row) => (bySync ? [row.updatedAt ?? 0, row.id] : [rankOf(row.stage), row.lastInteractionAt, row.id]),
      descending: bySync ? [true] : [false, true],
    });
    return { data: rows.map((row) => toOpportunity(api, row, expand)), ...next };
  }

  function listDeleted(api: LeverApi, c: LeverContext) {
    const query = new LeverQuery(c, { once: ['deleted_at_start', 'deleted_at_end', ...PAGE_PARAMETERS] });
    const start = query.integer('deleted_at_start') ?? 0;
    const end = query.integer('deleted_at_end') ?? Number.MAX_SAFE_INTEGER;
    const found = account.deleted.filter((row) => {
      return row.deletedAt >= start && row.deletedAt <= end && isVisible(c.get('key'), row.opportunity);
    });
    const { rows, ...next } = toPage({
      rows: found,
      query,
      acceptDoubleEncodedOffset: settings.acceptDoubleEncodedOffset,
      keyOf: (row) => [row.deletedAt, row.opportunity.id],
      descending: [true],
    });
    const data = rows.map(({ opportunity, deletedBy, deletedAt }) => ({
      ...toOpportunity(api, opportunity),
      deletedBy,
      deletedAt,
    }));
    return { data, ...next };
  }
}

const archivedSchema = z.strictObject({
  reason: z.string().nullable(),
  cleanInterviews: z.boolean().optional(),
  requisitionId: z.string().optional(),
});

const TEXT_CHANGES = [
  ['addTags', 'tags', 'add'],
  ['removeTags', 'tags', 'remove'],
  ['addSources', 'sources', 'add'],
  ['removeSources', 'sources', 'remove'],
] as const;

const WRITE_PATHS = ['stage', 'archived', 'addTags', 'removeTags', 'addSources', 'removeSources', 'addLinks', 'removeLinks'].map(
  (path) => `/:opportunity/${path}`,
);

function readExpand(query: LeverQuery): string[] {
  const expand = query.all('expand');
  const unknown = expand.find((name) => !OPPORTUNITY_EXPANDS.some((known) => known === name));
  if (unknown !== undefined) throw badRequest(`expand: unknown field ${unknown}`);
  return expand;
}
