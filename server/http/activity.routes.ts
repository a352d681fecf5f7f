import { createRoute, z } from '@hono/zod-openapi';
import {
  type ActivityEntry,
  activityExportQuerySchema,
  activityPartSchema,
  activityQuerySchema,
  activityViewSchema,
} from '../../lib/contract/activity.ts';
import { PATHS } from '../../lib/contract/paths.ts';
import { GENESIS } from '../audit/chain.ts';
import { readEnd } from '../audit/head.ts';
import type { Database, Services } from '../services.ts';
import type { ActivityFilter } from '../storage/activity.repository.ts';
import { ACTIVITY_FILES } from './activity-file.ts';
import { readActivityPage } from './activity-page.ts';
import { actionsWith, actionWords, KNOWN_ACTIONS, reasonsWith } from './activity-words.ts';
import { json, refusals } from './answers.ts';
import type { App } from './app-env.ts';
import { auditAct } from './audited.ts';
import { needs } from './needs.ts';
import { sendText } from './send-text.ts';
import { createViewer, type Viewer } from './sight.ts';

const read = createRoute({
  method: 'get',
  path: PATHS.activity,
  summary: 'What was done, by whom, on whom and why; newest first',
  ...needs('admin'),
  request: { query: activityQuerySchema },
  responses: { 200: json(activityViewSchema, 'One page'), ...refusals },
});

const exportAll = createRoute({
  method: 'get',
  path: PATHS.activityExport,
  summary: 'The same as a file: all that is found, at once or in parts',
  ...needs('admin'),
  request: { query: activityExportQuerySchema },
  responses: {
    200: {
      description: 'CSV, or one JSON object a line; with `limit` a part of that, and where the next one begins',
      content: {
        'text/csv': { schema: z.string() },
        'application/x-ndjson': { schema: z.string() },
        'application/json': { schema: activityPartSchema },
      },
    },
    ...refusals,
  },
});

/** Sorted when asked for: the order of a language brings some megabytes of tables into memory. */
const actionsByWords = () =>
  KNOWN_ACTIONS.map((action) => ({ action, what: actionWords(action) })).toSorted((a, b) => a.what.localeCompare(b.what, 'en'));

/** Who did what. Entries themselves are only ever added to, by whatever does something. */
export function addActivityRoutes(app: App, services: Services): void {
  const { db } = services;
  app.openapi(read, async (c) => {
    const { before, limit, ...asked } = c.req.valid('query');
    const viewer = createViewer(services, c.get('member'));
    const { entries, next } = await readActivityPage(db, viewer, withWords(asked), { before, limit });
    const { seq, hash } = await readEnd(db);
    const head = seq === GENESIS.seq ? null : `${seq}:${hash}`;
    return c.json({ entries, next, actions: actionsByWords(), head }, 200);
  });
  app.openapi(exportAll, async (c) => {
    const { format, before, limit, ...asked } = c.req.valid('query');
    // Before it is read: who takes a copy is known also when it breaks off. It stands in the copy itself. Once for all parts: a part that
    // is not the first shows no more than a page of the list does, which is not written down either.
    if (limit === undefined || before === undefined)
      await auditAct(services, c.get('member'), {
        action: 'activity.exported',
        detail: { after: { format, ...withoutText(asked) } },
      });
    const { type, head, line } = ACTIVITY_FILES[format];
    const viewer = createViewer(services, c.get('member'));
    if (limit !== undefined) {
      const { entries, next } = await readActivityPage(db, viewer, withWords(asked), { before, limit });
      return c.json({ text: `${before === undefined ? head : ''}${entries.map(line).join('')}`, next }, 200);
    }
    c.header('Content-Type', type);
    c.header('Content-Disposition', `attachment; filename="tagalong-activity.${format}"`);
    return await sendText(c, allText(db, viewer, withWords(asked), { before, head, line }), services.log);
  });
}

const PAGE = 500;

/**
 * The first piece comes with the first page, so that nothing is begun which cannot be read. A piece is empty where all of a page is hidden:
 * a reader who is gone is noticed between two pieces only.
 */
async function* allText(
  db: Database,
  viewer: Viewer,
  filter: ActivityFilter,
  { before, head, line }: { before: string | undefined; head: string; line: (entry: ActivityEntry) => string },
): AsyncGenerator<string> {
  for (let start = head, from: string | null | undefined = before; from !== null; start = '') {
    const { entries, next } = await readActivityPage(db, viewer, filter, { before: from, limit: PAGE });
    yield start + entries.map(line).join('');
    from = next;
  }
}

/** What was searched for is mostly a name, which would outlive its erasure here. */
function withoutText({ text, ...rest }: ActivityFilter): Record<string, unknown> {
  return { ...rest, ...(text && { searched: true }) };
}

function withWords(asked: ActivityFilter): ActivityFilter {
  if (!asked.text) return asked;
  return { ...asked, actionsOfText: actionsWith(asked.text), codesOfText: reasonsWith(asked.text) };
}
