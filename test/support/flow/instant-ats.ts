import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { CANDIDATE_OFFSET } from './person-ids.ts';

/**
 * A Greenhouse that answers at once, as a process of its own: the lists of v3 that a re-read takes, the token and the note, over people who
 * are made up from their ids. Its allowance is so large that it never ends. Tells its parent the port first, then of each note when it came,
 * and when its application was first read. Other lists are empty. `node instant-ats.ts`.
 * https://harvestdocs.greenhouse.io/reference
 */
export interface NoteWritten {
  applicationId: string;
  /** Milliseconds since 1970, by this machine's clock. */
  at: number;
  /** When the application was first read. */
  readAt: number | null;
}

const JOB = { id: 7001, name: 'Backend Engineer', status: 'open' };
const STAGE = { id: 7101, job_id: JOB.id, name: 'Assessment', sort_order: 1, active: true };
const ENTERED_AT = '2026-06-01T09:00:00.000Z';

const firstRead = new Map<string, number>();
let notes = 0;

function listOf(path: string, query: URLSearchParams): unknown[] {
  const id = Number(query.get('ids') ?? query.get('application_ids'));
  switch (path) {
    case '/v3/applications':
      // What has changed since: nothing that no webhook told.
      if (!query.has('ids')) return [];
      if (!firstRead.has(`${id}`)) firstRead.set(`${id}`, Date.now());
      return [
        {
          id,
          ...{ candidate_id: id + CANDIDATE_OFFSET, job_id: JOB.id, status: 'in_process', prospect: false },
          ...{
            stage_id: id,
            stage_name: STAGE.name,
            job_interview_stage_id: STAGE.id,
            rejection_reason_id: null,
            rejected_at: null,
          },
          ...{ created_at: ENTERED_AT, updated_at: ENTERED_AT, last_activity_at: ENTERED_AT, custom_fields: {}, answers: [] },
        },
      ];
    case '/v3/application_stages':
      return [
        { id, application_id: id, job_interview_stage_id: STAGE.id, entered_at: ENTERED_AT, exited_at: null, current: true },
      ];
    case '/v3/candidates':
      return [
        {
          id,
          ...{
            first_name: 'Kim',
            last_name: `Number ${id - CANDIDATE_OFFSET}`,
            private: false,
            can_email: true,
            tags: ['Backend take-home'],
          },
          ...{ email_addresses: [{ value: `kim${id - CANDIDATE_OFFSET}@mail.example`, type: 'personal' }], phone_numbers: [] },
          ...{ created_at: ENTERED_AT, updated_at: ENTERED_AT },
        },
      ];
    case '/v3/jobs':
      return [JOB];
    case '/v3/job_interview_stages':
      return [STAGE];
    default:
      return [];
  }
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  const text = Buffer.from(JSON.stringify(body));
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': text.length,
    'x-ratelimit-limit': '1000000',
    'x-ratelimit-remaining': '999999',
    'x-ratelimit-reset': `${Math.floor(Date.now() / 1000) + 30}`,
  });
  response.end(text);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://ats.invalid');
  if (request.method === 'GET') return answer(response, 200, listOf(pathname, searchParams));
  const body = await bodyOf(request);
  if (pathname === '/token') return answer(response, 200, { access_token: 'instant', token_type: 'Bearer', expires_in: 3600 });
  if (pathname !== '/v3/notes') return answer(response, 404, { message: `no ${pathname}` });
  const note: { application_id?: unknown; body?: unknown } = JSON.parse(body);
  const at = Date.now();
  const applicationId = String(note.application_id);
  if (typeof note.body !== 'string' || note.body === '') return answer(response, 422, { message: 'a note without a body' });
  notes += 1;
  process.send?.({ applicationId, at, readAt: firstRead.get(applicationId) ?? null } satisfies NoteWritten);
  answer(response, 201, { id: notes, type: 'NOTE', created_at: new Date().toISOString() });
}

const server = createServer((request, response) => {
  serve(request, response).catch((error: unknown) => {
    process.stderr.write(`the instant ATS: ${String(error)}\n`);
    response.writeHead(500).end();
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.({ port: typeof address === 'object' ? address?.port : undefined });
});
process.once('disconnect', () => process.exit());
