import { createHmac, timingSafeEqual } from 'node:crypto';
import { fsync, openSync, write } from 'node:fs';
import { Agent, createServer, request as httpRequest, type IncomingMessage } from 'node:http';
import { CANDIDATE_OFFSET } from './person-ids.ts';

/**
 * What Tagalong's way from a webhook to a note is measured against, as a process of its own: the same HMAC, the same five calls of the ATS
 * and two shared waits for the disk, with no database, no queue and no decision. `node flow-control.ts FILE SECRET ATS-PORT`; the sender
 * names the application in a header. Tells its port to its parent.
 */
const [file, secret, atsPort] = process.argv.slice(2);
if (!file || !secret || !atsPort) throw new Error('node flow-control.ts FILE SECRET ATS-PORT');
const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
const log = openSync(file, 'a');
const agent = new Agent({ keepAlive: true, maxSockets: 64 });

let waiting: { bytes: Buffer; done: () => void }[] = [];
let busy = false;

function keep(bytes: Buffer): Promise<void> {
  return new Promise((done) => {
    waiting.push({ bytes, done });
    commit();
  });
}

function commit(): void {
  if (busy || waiting.length === 0) return;
  busy = true;
  const group = waiting;
  waiting = [];
  write(log, Buffer.concat(group.map(({ bytes }) => bytes)), (failed) => {
    if (failed) throw failed;
    fsync(log, (unsynced) => {
      if (unsynced) throw unsynced;
      for (const { done } of group) done();
      busy = false;
      commit();
    });
  });
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function call(method: 'GET' | 'POST', path: string, json?: unknown): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: 'Bearer instant', 'content-type': 'application/json' };
    const sent = httpRequest({ agent, host: '127.0.0.1', port: Number(atsPort), method, path, headers }, (answer) => {
      bodyOf(answer).then((body) => resolve(JSON.parse(body.toString())), reject);
    });
    sent.on('error', reject);
    sent.end(json === undefined ? undefined : JSON.stringify(json));
  });
}

async function flow(id: string): Promise<void> {
  await call('GET', `/v3/applications?per_page=500&ids=${id}`);
  const read = await Promise.all([
    call('GET', `/v3/application_stages?per_page=500&application_ids=${id}`),
    call('GET', `/v3/candidates?per_page=500&ids=${Number(id) + CANDIDATE_OFFSET}`),
    call('GET', '/v3/jobs?per_page=500&ids=7001'),
  ]);
  await keep(Buffer.from(JSON.stringify(read)));
  const note = { body: 'The result is here. '.repeat(12), visibility: 'public', note_type: 'NOTE' };
  await call('POST', '/v3/notes', { candidate_id: Number(id) + CANDIDATE_OFFSET, application_id: Number(id), ...note });
}

const server = createServer((request, response) => {
  const receive = async () => {
    const body = await bodyOf(request);
    const { headers } = request;
    const given = Buffer.from(`${headers['webhook-signature']}`.slice('v1,'.length), 'base64');
    const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.`;
    const expected = createHmac('sha256', key).update(signed).update(body).digest();
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return void response.writeHead(401).end();
    await keep(body);
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"received":true}');
    await flow(`${headers['x-application']}`);
  };
  receive().catch((error: unknown) => {
    throw error;
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.({ port: typeof address === 'object' ? address?.port : undefined });
});
process.once('disconnect', () => process.exit());
