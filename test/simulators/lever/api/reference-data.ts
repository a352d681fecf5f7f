import { Hono } from 'hono';
import { z } from 'zod';
import type { LeverApi, LeverApiEnv, LeverContext } from './api-env.ts';
import { badRequest, notFound } from './api-error.ts';
import { permit } from './authenticate.ts';
import { getContact } from './find-visible.ts';
import { readBody } from './read-body.ts';
import { LeverQuery } from './read-query.ts';
import { toChannels, toContact, toPosting } from './to-answer.ts';
import { PAGE_PARAMETERS, toPage } from './to-page.ts';

/** What rarely changes: stages, archive reasons, tags, users, postings, contacts. */
export function referenceDataRoutes(api: LeverApi): Hono<LeverApiEnv> {
  const { account, acts } = api;
  const app = new Hono<LeverApiEnv>();
  const { acceptDoubleEncodedOffset } = api.settings;

  /** In the order given. */
  const listed = <T>(c: LeverContext, query: LeverQuery, rows: T[], idOf: (row: T) => string) => {
    const ranked = rows.map((row, rank) => ({ row, rank }));
    const keyOf = ({ row, rank }: { row: T; rank: number }) => [rank, idOf(row)];
    const { rows: page, ...next } = toPage({ rows: ranked, query, keyOf, acceptDoubleEncodedOffset });
    return c.json({ data: page.map(({ row }) => row), ...next });
  };
  const byId = ({ id }: { id: string }) => id;
  const found = <T>(kind: string, id: string, row: T | undefined): T => {
    if (row === undefined) throw notFound(kind, id);
    return row;
  };

  app.get('/stages', permit('stages:read'), (c) => {
    return listed(c, new LeverQuery(c, { once: PAGE_PARAMETERS }), account.stages, byId);
  });
  app.get('/stages/:id', permit('stages:read'), (c) => {
    const id = c.req.param('id');
    return c.json({
      data: found(
        'stages',
        id,
        account.stages.find((stage) => stage.id === id),
      ),
    });
  });

  // Not publicly documented, but seen. Inferred: with the right to read stages.
  app.get('/disposition_stages', permit('stages:read'), (c) => {
    new LeverQuery(c, {});
    const stages = account.stages.map((stage, rank) => ({ ...stage, pipeline: toPipeline(stage.id), rank, hasInterview: false }));
    return c.json({ data: { stages, archiveReasons: [...account.archiveReasons.values()] } });
  });

  app.get('/archive_reasons', permit('archive_reasons:read'), (c) => {
    const query = new LeverQuery(c, { once: ['type', ...PAGE_PARAMETERS] });
    const type = query.oneOf('type', ['hired', 'non-hired']);
    const reasons = [...account.archiveReasons.values()].filter((reason) => type === undefined || reason.type === type);
    // The documented answer to `type=hired` is an object, not a list of one.
    if (type === 'hired' && reasons.length === 1) return c.json({ data: reasons[0] });
    return listed(c, query, reasons, byId);
  });
  app.get('/archive_reasons/:id', permit('archive_reasons:read'), (c) => {
    const id = c.req.param('id');
    return c.json({ data: found('archive_reasons', id, account.archiveReasons.get(id)) });
  });

  app.get('/tags', permit('tags:read'), (c) => {
    const counts = new Map<string, number>();
    for (const tag of account.opportunities.values().flatMap(({ tags }) => tags)) counts.set(tag, (counts.get(tag) ?? 0) + 1);
    const tags = [...counts].map(([text, count]) => ({ text, count }));
    return listed(c, new LeverQuery(c, { once: PAGE_PARAMETERS }), tags, ({ text }) => text);
  });

  app.get('/users', permit('users:read'), (c) => {
    const once = ['email', 'includeDeactivated', 'external_directory_id', ...PAGE_PARAMETERS];
    const query = new LeverQuery(c, { once, repeated: ['accessRole', 'accessRole[]'] });
    const email = query.text('email')?.trim().toLowerCase();
    const roles = [...query.all('accessRole'), ...query.all('accessRole[]')];
    const external = query.text('external_directory_id');
    const users = [...account.users.values()].filter(
      (user) =>
        (query.boolean('includeDeactivated') || user.deactivatedAt === null) &&
        (email === undefined || user.email.toLowerCase() === email) &&
        (external === undefined || user.externalDirectoryId === external) &&
        (roles.length === 0 || roles.includes(user.accessRole)),
    );
    return listed(c, query, users, byId);
  });
  app.get('/users/:id', permit('users:read'), (c) => {
    const id = c.req.param('id');
    return c.json({ data: found('users', id, account.users.get(id)) });
  });

  app.get('/postings', permit('postings:read'), (c) => {
    const categories = ['team', 'department', 'location', 'commitment'] as const;
    const once = ['confidentiality', 'updated_at_start', 'updated_at_end', ...PAGE_PARAMETERS];
    const query = new LeverQuery(c, { once, repeated: ['state', 'distributionChannel', 'tag', 'expand', ...categories] });
    const wanted = query.oneOf('confidentiality', ['confidential', 'non-confidential', 'all']) ?? 'non-confidential';
    const [start, end] = [query.integer('updated_at_start'), query.integer('updated_at_end')];
    const narrowed = ['state', 'distributionChannel', 'tag', ...categories].filter((name) => query.all(name).length > 0);
    if ((start ?? end) !== undefined && narrowed.length > 0)
      throw badRequest(`updated_at_* can be combined with confidentiality only, not with ${narrowed.join(', ')}`);
    const states = query.all('state');
    const unknown = states.find((state) => !POSTING_STATES.some((known) => known === state));
    if (unknown !== undefined) throw badRequest(`state must be one of ${POSTING_STATES.join(', ')}`);
    const channels = query.all('distributionChannel');
    const expand = readPostingExpand(query);
    const postings = [...account.postings.values()].filter(
      (posting) =>
        (c.get('key').confidential || posting.confidentiality === 'non-confidential') &&
        (wanted === 'all' || posting.confidentiality === wanted) &&
        (states.length === 0 || states.includes(posting.state)) &&
        (channels.length === 0 || toChannels(posting).some((channel) => channels.includes(channel))) &&
        query.all('tag').length === 0 &&
        posting.updatedAt >= (start ?? 0) &&
        posting.updatedAt <= (end ?? Number.MAX_SAFE_INTEGER) &&
        categories.every((name) => query.all(name).length === 0 || query.all(name).includes(posting[name] ?? '')),
    );
    const answers = postings.map((posting) => toPosting(api, posting, expand));
    return listed(c, query, answers, byId);
  });
  app.get('/postings/:id', permit('postings:read'), (c) => {
    const id = c.req.param('id');
    const posting = account.postings.get(id);
    const isHidden = posting?.confidentiality === 'confidential' && !c.get('key').confidential;
    const expand = readPostingExpand(new LeverQuery(c, { repeated: ['expand'] }));
    return c.json({ data: toPosting(api, found('postings', id, isHidden ? undefined : posting), expand) });
  });

  app.get('/contacts/:contact', permit('contacts:read'), (c) => c.json({ data: toContact(getContact(api, c)) }));
  app.put('/contacts/:contact', permit('contacts:write'), async (c) => {
    const contact = getContact(api, c);
    acts.changeContact(contact, await readBody(c, contactSchema));
    return c.json({ data: toContact(contact) });
  });
  return app;
}

const POSTING_STATES = ['published', 'internal', 'closed', 'draft', 'pending', 'rejected'] as const;

/** Built-in stages say where they belong; those of the company stand between applicants and offers. */
function toPipeline(stageId: string): string {
  return /^(lead|applicant|offer)\b/.exec(stageId)?.[1] ?? 'screen';
}

function readPostingExpand(query: LeverQuery): string[] {
  const expand = query.all('expand');
  const unknown = expand.find((name) => !['user', 'owner', 'hiringManager', 'followers'].includes(name));
  if (unknown !== undefined) throw badRequest(`expand: unknown field ${unknown}`);
  return expand;
}

const contactSchema = z.strictObject({
  name: z.string().optional(),
  headline: z.string().optional(),
  location: z.string().optional(),
  emails: z.array(z.string()).optional(),
  phones: z.array(z.strictObject({ type: z.string().optional(), value: z.string() })).optional(),
});
