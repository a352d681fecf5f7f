import { createHmac, timingSafeEqual } from 'node:crypto';
import { closeSync, fsync, openSync, writev } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';

/**
 * The limit that the accept of webhooks is measured against, as a process of its own: node:http, an HMAC over the body, and an append
 * to a file whose fsync is shared by all requests that wait for it. `node control-server.ts FILE SECRET`; tells its port to its parent.
 */
const [file, secret] = process.argv.slice(2);
if (!file || !secret) throw new Error('node control-server.ts FILE SECRET');
const log = openSync(file, 'a');
let waiting: { body: Buffer[]; response: ServerResponse }[] = [];
let busy = false;
const ANSWER = '{"received":true}';

const server = createServer((request, response) => {
  const body: Buffer[] = [];
  request.on('data', (chunk: Buffer) => body.push(chunk));
  request.on('end', () => {
    const hmac = createHmac('sha256', secret);
    for (const chunk of body) hmac.update(chunk);
    const given = Buffer.from(String(request.headers.signature).slice('sha256 '.length), 'hex');
    if (given.length !== 32 || !timingSafeEqual(given, hmac.digest())) {
      response.writeHead(401).end();
      return;
    }
    waiting.push({ body, response });
    commit();
  });
});

function commit(): void {
  if (busy || waiting.length === 0) return;
  busy = true;
  const group = waiting;
  waiting = [];
  writev(
    log,
    group.flatMap(({ body }) => body),
    (failed) => {
      if (failed) throw failed;
      fsync(log, (unsynced) => {
        if (unsynced) throw unsynced;
        for (const { response } of group) {
          response.writeHead(200, { 'content-type': 'application/json', 'content-length': ANSWER.length });
          response.end(ANSWER);
        }
        busy = false;
        commit();
      });
    },
  );
}

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.({ port: typeof address === 'object' ? address?.port : undefined });
});
process.once('disconnect', () => {
  closeSync(log);
  process.exit();
});
