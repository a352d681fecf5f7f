import type { AdminBackend } from '../../../components/admin/backend.ts';
import type { Refusal } from '../../../lib/contract/messages.ts';
import type { OutgoingHookView } from '../../../lib/contract/settings.ts';
import type { Member } from '../../../lib/domain/member.ts';
import { createSetUp, type SetUp } from './set-up.ts';

export interface ApiCall {
  method: string;
  path: string;
  body?: unknown;
}

type Answer = Awaited<ReturnType<AdminBackend['callApi']>>;

export interface FakeServer {
  backend: AdminBackend;
  /** Everything but reads, in order. */
  writes: ApiCall[];
  reads: string[];
  setUp: SetUp;
  /** From now on this call answers otherwise; `null` answers as before. */
  answer(method: string, path: string, answer: Answer | Promise<Answer> | null): void;
}

export const ADA: Member = { id: 'm1', name: 'Ada Lovelace', role: 'admin' };
export const SERVER_URL = 'https://tagalong.example.com';

export const ok = (body: unknown, status = 200): Answer => ({ status, body });
export const refuse = (code: string, message: string, details?: { path: string; message: string }[]): Answer => ({
  status: 400,
  body: { error: { code, message, details } },
});

type Status = Awaited<ReturnType<AdminBackend['getStatus']>>;

/** A server with an admin's set-up in memory, behind the messages of the background. */
export function createFakeServer(change: (setUp: SetUp) => void = () => {}, first: Partial<Status> = {}): FakeServer {
  const setUp = createSetUp();
  change(setUp);
  let status: Status = { link: 'live', serverUrl: SERVER_URL, member: ADA, pageHosts: [], ...first };
  const writes: ApiCall[] = [];
  const reads: string[] = [];
  const answers = new Map<string, Answer | Promise<Answer>>();
  return {
    setUp,
    writes,
    reads,
    answer: (method, path, answer) => {
      if (answer) answers.set(`${method} ${path}`, answer);
      else answers.delete(`${method} ${path}`);
    },
    backend: {
      getStatus: async () => status,
      pair: async ({ serverUrl, code, name }) => {
        writes.push({ method: 'pair', path: serverUrl, body: { code, name } });
        if (code !== setUp.pairingCode) {
          return { refused: 'code-wrong', message: 'This code is not right. Check it, or ask an admin for a new one.' };
        }
        const member = { ...ADA, name };
        status = { link: 'live', serverUrl, member, pageHosts: [] };
        return { member };
      },
      unpair: async () => {
        status = { link: 'not-connected', serverUrl: null, member: null, pageHosts: [] };
      },
      callApi: async (call) => {
        if (call.method === 'GET') reads.push(call.path);
        else writes.push(call);
        const answer = await answers.get(`${call.method} ${call.path}`);
        return answer ?? handle(setUp, call);
      },
    },
  };
}

export const OFFLINE: Refusal = { refused: 'offline', message: 'The Tagalong server cannot be reached.' };

const SIMPLE: Record<string, (setUp: SetUp) => unknown> = {
  '/api/overview': ({ overview }) => overview,
  '/api/connections': ({ connections }) => ({ connections }),
  '/api/assessments': ({ assessments }) => ({ assessments }),
  '/api/rules': ({ rules }) => rules,
  '/api/mail': ({ mail }) => mail,
  '/api/members': ({ members }) => ({ members }),
  '/api/codes': ({ codes }) => ({ codes }),
  '/api/outgoing-hooks': ({ hooks }) => ({ hooks }),
  '/api/erasures': () => ({ erasures: [] }),
};

/** The routes as far as the page uses them; writes change the set-up, so that what is read next shows them. */
function handle(setUp: SetUp, { method, path, body }: ApiCall): Answer {
  if (path.startsWith('/api/activity')) return handleActivity(setUp, new URL(path, SERVER_URL));
  const [, , section, id, part, secretId] = path.split('/');
  const simple = SIMPLE[path];
  if (method === 'GET' && simple) return ok(structuredClone(simple(setUp)));
  if (section === 'connections' && id) return handleConnection(setUp, { method, id, part, body });
  if (section === 'webhooks' && id) return handleWebhook(setUp, { method, id, secretId, body });
  if (method === 'PUT' && section === 'rules') {
    setUp.rules = body as SetUp['rules'];
    return ok(setUp.rules);
  }
  if (method === 'PUT' && section === 'mail') {
    const { from, smtpUrl } = body as { from: string; smtpUrl?: string };
    const host = smtpUrl === undefined ? setUp.mail.host : smtpUrl && new URL(smtpUrl).hostname;
    setUp.mail = { ...setUp.mail, ...(body as Partial<typeof setUp.mail>), from, host: host || null, configured: Boolean(host) };
    return ok(setUp.mail);
  }
  if (section === 'connections') return ok(addConnection(setUp, body), 201);
  if (section === 'assessments') return handleAssessment(setUp, { method, id, body });
  if (section === 'outgoing-hooks') return handleHook(setUp, { method, id, part, body });
  if (section === 'codes') return handleCode(setUp, { method, id, body });
  if (section === 'members' && part === 'ats-users')
    return mapMember(setUp, { method, memberId: id, connectionId: secretId, body });
  if (section === 'members' && method === 'PATCH') return ok(Object.assign(setUp.members.find((it) => it.id === id) ?? {}, body));
  if (section === 'members') {
    for (const member of setUp.members) if (member.id === id) member.revokedAt = '2026-11-21T14:00:00.000Z';
    return { status: 204, body: null };
  }
  return { status: 404, body: { error: { code: 'not-found', message: 'That is not there, or not any more.' } } };
}

/** Three entries a page, found by text and kind of deed, as far as the tests ask. */
function handleActivity({ activity }: SetUp, { pathname, searchParams }: URL): Answer {
  const wanted = (name: string) => searchParams.get(name) ?? '';
  const found = activity.filter(
    (entry) =>
      JSON.stringify(entry).toLowerCase().includes(wanted('text').toLowerCase()) &&
      entry.action.includes(wanted('action')) &&
      (entry.candidate?.applicationKey ?? '').includes(wanted('application')) &&
      (wanted('before') === '' || Number(entry.id) < Number(wanted('before'))),
  );
  if (pathname.endsWith('/export')) return ok({ text: found.map(({ what }) => `${what}\r\n`).join(''), next: null });
  const entries = structuredClone(found.slice(0, 3));
  const next = found.length > 3 ? (entries.at(-1)?.id ?? null) : null;
  const actions = activity.map(({ action, what }) => ({ action, what }));
  return ok({ entries, next, actions, head: `3:${'f'.repeat(64)}` });
}

function handleHook(
  setUp: SetUp,
  { method, id, part, body }: { method: string; id: string | undefined; part: string | undefined; body: unknown },
): Answer {
  const hook = setUp.hooks.find((one) => one.id === id);
  if (part === 'test') return ok({ ok: true, message: 'It took the test.' });
  if (method === 'POST') {
    const given = body as Pick<OutgoingHookView, 'name' | 'url' | 'events'>;
    const last = { lastOkAt: null, lastFailedAt: null, lastFailedBecause: null };
    const made = { ...given, ...last, id: 'h1', enabled: true, lastFour: 'wxyz', createdAt: '2026-11-21T14:00:00.000Z' };
    setUp.hooks.push(made);
    return ok({ hook: structuredClone(made), secret: 'whsec_made-once' }, 201);
  }
  if (method === 'PATCH') return ok(structuredClone(Object.assign(hook ?? {}, body)));
  setUp.hooks = setUp.hooks.filter((one) => one !== hook);
  return { status: 204, body: null };
}

function mapMember(
  setUp: SetUp,
  given: { method: string; memberId: string | undefined; connectionId: string | undefined; body: unknown },
): Answer {
  const member = setUp.members.find((it) => it.id === given.memberId);
  const mapped = member?.atsUsers.find((it) => it.connectionId === given.connectionId);
  if (!member || !mapped)
    return { status: 404, body: { error: { code: 'not-found', message: 'That is not there, or not any more.' } } };
  const userId = given.method === 'PUT' ? (given.body as { userId: string | null }).userId : null;
  const user = setUp.atsUsers[mapped.connectionId]?.users.find((it) => it.userId === userId) ?? null;
  Object.assign(mapped, { user, how: given.method === 'PUT' ? 'by-hand' : 'none', isMissing: user === null });
  return ok(structuredClone(member));
}

interface Part {
  method: string;
  id: string | undefined;
  part?: string;
  secretId?: string;
  body: unknown;
}

function addConnection(setUp: SetUp, body: unknown): unknown {
  const given = body as { name: string; settings: { kind: string }; secrets: Record<string, string> };
  const all = createSetUp().connections;
  const { kind } = given.settings as SetUp['connections'][number]['settings'];
  // Of a kind that the set-up has none of: as a link vendor, and without webhooks.
  const like = all.find((it) => it.kind === kind) ?? { ...all.find((it) => it.kind === 'byteboard'), kind, webhooks: [] };
  const made = {
    ...structuredClone(like),
    id: `new-${given.settings.kind}`,
    name: given.name,
    settings: given.settings,
    secrets: Object.entries(given.secrets).map(([name, secret]) => ({ name, lastFour: secret.slice(-4) })),
  } as SetUp['connections'][number];
  setUp.connections.push(made);
  return made;
}

function handleConnection(setUp: SetUp, { method, id, part, body }: Part): Answer {
  if (part === 'try-endpoint') {
    const { endpoint } = body as { endpoint: string };
    const request = {
      method: 'POST',
      url: 'https://api.vendor.example/given/by/the/vendor',
      header: 'Authorization: Bearer ••••',
    };
    const message = 'Nothing was sent. This is the request that would go out.';
    return ok({ sent: false, ok: endpoint !== '', message, request, status: null, fields: [], count: null });
  }
  const connection = setUp.connections.find((it) => it.id === id);
  if (!connection) return { status: 404, body: { error: { code: 'not-found', message: 'That is not there, or not any more.' } } };
  if (part === 'check') return ok({ ok: true, message: `${connection.name} answers as Acme.`, account: 'Acme' });
  if (part === 'access') return handleAccess(setUp, { method, id: connection.id, body });
  if (part === 'catalogue') return ok(setUp.catalogue);
  if (part === 'fields') return ok(setUp.fields[connection.id]);
  if (part === 'feedback-forms') return ok(setUp.feedbackForms[connection.id]);
  if (part === 'users') return ok(setUp.atsUsers[connection.id]);
  if (part === 'stages') return ok(structuredClone(setUp.stages[connection.id]));
  if (part === 'reasons') return ok(structuredClone(setUp.reasons[connection.id]));
  if (part === 'stage-roles') {
    const view = setUp.stages[connection.id];
    if (view) view.roles = (body as { roles: typeof view.roles }).roles;
    return ok(view);
  }
  if (part === 'reason-meanings') {
    const view = setUp.reasons[connection.id];
    const { meanings } = body as { meanings: { reasonId: string; meaning: 'rejected' }[] };
    for (const reason of view?.reasons ?? []) {
      reason.meaning = meanings.find(({ reasonId }) => reasonId === reason.reasonId)?.meaning ?? null;
    }
    return ok(view);
  }
  if (method === 'DELETE') {
    setUp.connections = setUp.connections.filter((it) => it !== connection);
    return { status: 204, body: null };
  }
  const change = body as Pick<Partial<typeof connection>, 'name' | 'settings' | 'enabled'> & { secrets?: Record<string, string> };
  const { name, settings, secrets = {}, enabled } = change;
  if (name) connection.name = name;
  if (settings) connection.settings = settings;
  if (enabled !== undefined) {
    connection.enabled = enabled;
    connection.state = enabled ? 'ready' : 'off';
  }
  for (const secret of connection.secrets) secret.lastFour = secrets[secret.name]?.slice(-4) ?? secret.lastFour;
  return ok(connection);
}

/** A look finds what the set-up says; a trial makes the unknown known. */
function handleAccess(setUp: SetUp, { method, id, body }: Part): Answer {
  const report = setUp.access[id ?? ''] ?? null;
  if (method === 'GET') return ok({ report: setUp.looked.has(id ?? '') ? report : null });
  setUp.looked.add(id ?? '');
  const { testCandidate } = body as { testCandidate?: string };
  for (const right of report?.rights ?? []) if (testCandidate && right.state === 'unknown') right.state = 'granted';
  return ok(structuredClone(report));
}

export const MADE_SECRET = 'made-by-the-server-0000-wxyz';

function handleWebhook(setUp: SetUp, { method, id, secretId, body }: Part): Answer {
  const webhook = setUp.connections.flatMap(({ webhooks }) => webhooks).find((it) => it.id === id);
  if (!webhook) return { status: 404, body: { error: { code: 'not-found', message: 'That is not there, or not any more.' } } };
  if (method === 'DELETE') {
    webhook.secrets = webhook.secrets.filter((secret) => secret.id !== secretId);
    return ok(webhook);
  }
  const { secret } = body as { secret?: string };
  const lastFour = (secret ?? MADE_SECRET).slice(-4);
  webhook.secrets.push({ id: `${id}-${webhook.secrets.length}`, lastFour, addedAt: '2026-11-21T14:00:00.000Z' });
  return ok({ webhook, secret: secret === undefined ? MADE_SECRET : null });
}

function handleAssessment(setUp: SetUp, { method, id, body }: Part): Answer {
  const current = setUp.assessments.find((it) => it.id === id);
  if (method === 'DELETE') {
    if (current) current.archived = true;
    return { status: 204, body: null };
  }
  const input = body as SetUp['assessments'][number];
  if (current) return ok(Object.assign(current, input));
  const vendorName = setUp.connections.find((it) => it.id === input.vendorConnectionId)?.name ?? '';
  const made = { ...input, id: 'a-new', vendorName, archived: false, troubles: [] };
  setUp.assessments.push(made);
  return ok(made, 201);
}

function handleCode(setUp: SetUp, { method, id, body }: Part): Answer {
  if (method === 'DELETE') {
    for (const code of setUp.codes) if (code.id === id) code.state = 'revoked';
    return { status: 204, body: null };
  }
  const made: SetUp['codes'][number] = {
    ...(body as { role: 'recruiter'; note: string; email: string | null }),
    id: 'c-new',
    createdAt: '2026-11-21T14:00:00.000Z',
    expiresAt: '2026-11-22T14:00:00.000Z',
    state: 'waiting',
    usedBy: null,
  };
  setUp.codes.unshift(made);
  return ok({ ...made, code: 'K7QF-2M9X-WT4C' }, 201);
}
