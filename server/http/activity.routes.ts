import { createRoute, z } from '@hono/zod-openapi';
import { stream } from 'hono/streaming';
import {
  type ActivityEntry,
  activityExportQuerySchema,
  activityQuerySchema,
  activityViewSchema,
} from '../../lib/contract/activity.ts';
import { PATHS } from '../../lib/contract/paths.ts';
import { GENESIS } from '../audit/chain.ts';
import { readEnd } from '../audit/head.ts';
import type { Services } from '../services.ts';
import { type ActivityFilter, listActivity } from '../storage/activity.repository.ts';
import { toActivityEntry } from './activity-view.ts';
import { actionsWith, actionWords, KNOWN_ACTIONS, reasonsWith } from './activity-words.ts';
import { json, refusals } from './answers.ts';
import type { App } from './app-env.ts';
import { auditAct } from './audited.ts';
import { needs } from './needs.ts';
import { toCsvLine } from './to-csv.ts';

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
  summary: 'The same as a file: all that is found',
  ...needs('admin'),
  request: { query: activityExportQuerySchema },
  responses: {
    200: {
      description: 'CSV, or one JSON object a line',
      content: { 'text/csv': { schema: z.string() }, 'application/x-ndjson': { schema: z.string() } },
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
    const rows = await listActivity(db, withWords(asked), { before, limit: limit + 1 });
    const shown = rows.slice(0, limit);
    const { seq, hash } = await readEnd(db);
    const next = rows.length > limit ? (shown.at(-1)?.id ?? null) : null;
    const head = seq === GENESIS.seq ? null : `${seq}:${hash}`;
    return c.json({ entries: shown.map(toActivityEntry), next, actions: actionsByWords(), head }, 200);
  });
  app.openapi(exportAll, async (c) => {
    const { format, ...asked } = c.req.valid('query');
    // Before it is read: who takes a copy is known also when it breaks off. It stands in the copy itself.
    await auditAct(services, c.get('member'), {
      action: 'activity.exported',
      detail: { after: { format, ...withoutText(asked) } },
    });
    const { type, head, line } = FORMATS[format];
    c.header('Content-Type', type);
    c.header('Content-Disposition', `attachment; filename="tagalong-activity.${format}"`);
    return stream(c, async (out) => {
      await out.write(head);
      for await (const entries of allPages(services, withWords(asked))) {
        if (out.aborted) return;
        await out.write(entries.map(line).join(''));
      }
    });
  });
}

const PAGE = 500;

async function* allPages({ db }: Services, filter: ActivityFilter): AsyncGenerator<ActivityEntry[]> {
  for (let before: string | undefined; ; ) {
    const rows = await listActivity(db, filter, { before, limit: PAGE });
    yield rows.map(toActivityEntry);
    before = rows.at(-1)?.id;
    if (rows.length < PAGE) return;
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

const COLUMNS = [
  'seq',
  'at',
  'who',
  'who kind',
  'what',
  'action',
  'candidate',
  'job',
  'application',
  'connection',
  'why',
  'before',
  'after',
  'hash',
];

const FORMATS = {
  // With the mark by which spreadsheets tell UTF-8.
  csv: { type: 'text/csv; charset=utf-8', head: `\uFEFF${toCsvLine(COLUMNS)}`, line: toLine },
  ndjson: { type: 'application/x-ndjson', head: '', line: (entry: ActivityEntry) => `${JSON.stringify(entry)}\n` },
} as const;

function toLine({ seq, at, who, what, action, candidate, connection, why, changes, hash }: ActivityEntry): string {
  const side = (name: 'before' | 'after') =>
    changes.flatMap((change) => (change[name] === null ? [] : [`${change.field}: ${change[name]}`])).join('; ');
  return toCsvLine([
    seq === null ? '' : String(seq),
    at,
    who.name,
    who.kind,
    what,
    action,
    candidate?.name ?? '',
    candidate?.job ?? '',
    candidate?.applicationKey ?? '',
    connection?.name ?? '',
    why.join(' '),
    side('before'),
    side('after'),
    hash ?? '',
  ]);
}
