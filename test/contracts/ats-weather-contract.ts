/**
 * What an adapter makes of every status with every body, seen at either ATS or thrown in by what stands between (proxies, sign-in walls,
 * load balancers). The stand-in answers over a real socket, so that the HTTP client is part of what is tested. What it comes to for the
 * pipeline is asked of the pipeline itself: a read that fails is done later or shows nobody, and erases nothing; a write that may have
 * been done is looked for and never repeated blindly.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AtsKind } from '../../lib/domain/ats.ts';
import type { AtsAdapter } from '../../server/ats/port.ts';
import { afterFailure } from '../../server/effects/ats-write.ts';
import { readApplication } from '../../server/jobs/lane-gather.ts';
import { createHttpClient, type HttpClient } from '../../server/outbound/http.ts';
import type { CallFailure } from '../../server/outbound/outcome.ts';
import type { Case } from '../../server/storage/load-case.ts';

export interface AtsWeatherSubject {
  connect(at: { http: HttpClient; url: string }): AtsAdapter;
  target: { applicationId: string; candidateId: string };
  /** A call that gives a token and is answered as ever. */
  token: { path: string; answer: object } | null;
  /** What the list of the notes of somebody without any looks like: the one body that may mean "there is no such note". */
  noNotes: unknown;
  /** What may stand for "nobody is visible" in an answer of 200, if anything. */
  nobody: string | null;
}

type Kind = CallFailure['kind'];
interface Weather {
  status: number;
  headers?: Record<string, string>;
  body: Buffer;
}

interface WeatherRow {
  status: number;
  headers?: Record<string, string>;
  what?: string;
  read: Kind;
  write: Kind;
}

const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' };
const MEGABYTE = 1024 * 1024;

/** The error bodies that are documented or were seen, and what is put in their place by others. */
const BODIES: Record<string, { text: string | Buffer; type?: string }> = {
  // https://harvestdocs.greenhouse.io/reference
  'message and errors of Greenhouse': { text: '{"message":"Unauthorized","errors":["Token could not be decoded."]}' },
  'message of Greenhouse': { text: '{"message":"Resource not found"}' },
  'errors of both kinds of Greenhouse': {
    text: '{"message":"Unprocessable Content","errors":["Stage is gone",{"stage_id":"is not of this job"}]}',
  },
  // https://developers.greenhouse.io/harvest.html#validation
  'errors with fields of Greenhouse v1': {
    text: '{"message":"Validation error","errors":[{"message":"Must be one of: public","field":"visibility"}]}',
  },
  'errors alone': { text: '{"errors":[{"message":"Invalid","field":"body"}]}' },
  'error of a token host': { text: '{"error":"invalid_client"}' },
  'message and id of a token host': { text: '{"message":"Client is unknown","errorId":"a1-b2"}' },
  // https://hire.lever.co/developer/documentation
  'code and message of Lever': { text: '{"code":"ResourceNotFound","message":"stages a80 was not found"}' },
  'time-out of Lever': { text: '{"code":"RequestTimeout","message":"File took too long to upload."}' },
  'a web page': { text: '<!doctype html><title>Sign in</title><h1>Sign in to go on</h1>', type: 'text/html; charset=utf-8' },
  'a web page that says it is JSON': { text: '<html><body>502 Bad Gateway</body></html>' },
  'plain text': { text: 'Retry later\n', type: 'text/plain' },
  nothing: { text: '' },
  blanks: { text: ' \r\n\t ' },
  'JSON that is cut off': { text: '{"data":[{"id":"73' },
  null: { text: 'null' },
  'an empty list': { text: '[]' },
  'an empty object': { text: '{}' },
  'a string': { text: '"maintenance"' },
  'a number': { text: '0' },
  'an object behind a byte order mark': { text: '\uFEFF{"message":"Hello"}' },
  'bytes that are no text': { text: Buffer.from([0xff, 0xfe, 0x00, 0x80, 0xc3, 0x28]) },
  'five megabytes and more': { text: Buffer.alloc(5 * MEGABYTE + 1, 0x20) },
  'an empty page of Lever': { text: '{"data":[],"hasNext":false}' },
  'a page of Lever with more to come and no way to it': { text: '{"data":[],"hasNext":true}' },
  'a wrapped null': { text: '{"data":null}' },
};

const RETRY_HEADERS: Record<string, { value: string; ms: number }> = {
  seconds: { value: '90', ms: 90_000 },
  'a date': { value: 'Mon, 05 Oct 2026 09:00:30 GMT', ms: 30_000 },
  'a date gone by, of a clock that is behind': { value: 'Mon, 05 Oct 2026 08:40:00 GMT', ms: 2_000 },
  'a negative number': { value: '-5', ms: 2_000 },
  nonsense: { value: 'soon', ms: 2_000 },
  'three weeks': { value: '1814400', ms: 3_600_000 },
};

/** What each status means, whatever stands in its body. */
const ROWS: WeatherRow[] = [
  { status: 400, read: 'refused', write: 'refused' },
  { status: 401, read: 'unauthorised', write: 'unauthorised' },
  { status: 403, read: 'forbidden', write: 'forbidden' },
  { status: 404, read: 'not-found', write: 'not-found' },
  { status: 408, read: 'unreachable', write: 'ambiguous' },
  { status: 409, read: 'refused', write: 'refused' },
  { status: 410, read: 'not-found', write: 'not-found' },
  { status: 413, read: 'refused', write: 'refused' },
  { status: 422, read: 'refused', write: 'refused' },
  { status: 429, read: 'rate-limited', write: 'rate-limited' },
  { status: 500, read: 'unreachable', write: 'ambiguous' },
  { status: 502, read: 'unreachable', write: 'ambiguous' },
  { status: 503, read: 'unreachable', write: 'ambiguous' },
  { status: 503, headers: { 'retry-after': '5' }, what: ' and a time to come back', read: 'unreachable', write: 'unreachable' },
  { status: 504, read: 'unreachable', write: 'ambiguous' },
  { status: 599, read: 'unreachable', write: 'ambiguous' },
  { status: 301, read: 'refused', write: 'refused' },
  { status: 302, read: 'unreachable', write: 'ambiguous' },
  { status: 304, read: 'unreachable', write: 'ambiguous' },
  { status: 307, read: 'refused', write: 'refused' },
];
const STATUSES = ROWS.map((row) => ({ what: '', ...row }));

/** Bodies that are no JSON at all: whether a write with them was done, only looking can tell. */
const ILLEGIBLE = new Set([
  'a web page',
  'a web page that says it is JSON',
  'plain text',
  'JSON that is cut off',
  'bytes that are no text',
  'five megabytes and more',
]);

const NOW = new Date('2026-10-05T09:00:00.000Z');
const NOTE = { text: 'Senior SWE was sent. (TA-7Q2M)', reference: 'TA-7Q2M' };

/** `makeSubject` is called once: the adapters keep nothing of failures. */
export function describeAtsWeather(name: string, kind: AtsKind, makeSubject: () => Promise<AtsWeatherSubject>): void {
  let subject: AtsWeatherSubject;
  let stand: Awaited<ReturnType<typeof standIn>>;
  beforeAll(async () => {
    subject = await makeSubject();
    stand = await standIn(subject.token);
  });
  afterAll(() => stand.close());

  /** A fresh adapter, because names and tokens are kept for a while, in this weather. */
  const under = (weather: Weather) => {
    stand.turnTo(weather);
    const host = new URL(stand.url).host;
    const log = { debug: () => undefined, warn: () => undefined };
    const clock = { now: () => NOW };
    const http = createHttpClient({ testHosts: [host], allowedHosts: [host], log, clock, defaultTimeoutMs: 5_000 });
    return subject.connect({ http, url: stand.url });
  };
  const weatherOf = (status: number, body: string, headers: Record<string, string> = {}): Weather => {
    const { text = '', type } = BODIES[body] ?? {};
    return { status, headers: { ...(type ? { 'content-type': type } : JSON_TYPE), ...headers }, body: Buffer.from(text) };
  };
  const everyBody = Object.keys(BODIES);

  describe(`${name}: a reading that fails`, () => {
    it.each(STATUSES)(
      'with $status$what is the same for every body, comes later or shows nobody, and erases nothing',
      async (given) => {
        for (const body of everyBody) {
          const adapter = under(weatherOf(given.status, body, given.headers));
          const read = await adapter.readSnapshot(subject.target.applicationId);
          const isTooLarge = body === 'five megabytes and more' && given.status !== 304;
          expect({ body, ok: read.ok, kind: read.ok ? null : read.kind }).toEqual({
            body,
            ok: false,
            kind: isTooLarge ? 'unreadable' : given.read,
          });
          const outcome = await readApplication(
            { ...NO_VENDOR, ats: async () => ({ ok: true, value: adapter }) },
            caseOf(subject),
          );
          const isAbsent = !isTooLarge && (given.read === 'not-found' || given.read === 'forbidden');
          expect({ body, kind: outcome.kind }).toEqual({ body, kind: isAbsent ? 'absent' : 'later' });
          if (outcome.kind === 'absent') expect(outcome.deleted).toBe(false);
          if (outcome.kind === 'later') expect(outcome.retryAfterMs).toBeGreaterThanOrEqual(1_000);
        }
      },
    );

    it('with 200 and what is no application is not taken for one', async () => {
      for (const body of everyBody) {
        const read = await under(weatherOf(200, body)).readSnapshot(subject.target.applicationId);
        expect({ body, ok: read.ok, kind: read.ok ? null : read.kind }).toEqual({
          body,
          ok: false,
          kind: body === subject.nobody ? 'not-found' : 'unreadable',
        });
      }
    });

    it.each([201, 202, 204])('with %i and no body makes no sense', async (status) => {
      const read = await under(weatherOf(status, 'nothing')).readSnapshot(subject.target.applicationId);
      expect(read).toMatchObject({ ok: false, kind: 'unreadable' });
    });

    it('is never an empty list of stages, reasons or applications, unless the list itself is empty', async () => {
      const isEmptyList = (body: string) => body === 'an empty list' || body === 'an empty page of Lever';
      for (const body of everyBody.filter((one) => !isEmptyList(one))) {
        const { listStages, listDispositionReasons, findApplications } = under(weatherOf(200, body));
        const lists = [await listStages(), await listDispositionReasons(), await findApplications(subject.target.candidateId)];
        expect({ body, ok: lists.map(({ ok }) => ok) }).toEqual({ body, ok: [false, false, false] });
      }
    });
  });

  describe(`${name}: looking for a note`, () => {
    it('finds none only where the answer is a list of notes: else it would be written twice', async () => {
      const right = Buffer.from(JSON.stringify(subject.noNotes));
      for (const body of everyBody.filter((one) => BODIES[one]?.text.toString() !== right.toString())) {
        if (kind === 'lever' && LISTS_OF_LEVER.has(body)) continue;
        const found = await under(weatherOf(200, body)).findNote(subject.target, NOTE.reference);
        const isEmptyFeed = body === subject.nobody;
        if (!isEmptyFeed) expect({ body, ok: found.ok }).toEqual({ body, ok: false });
      }
      for (const { status, headers } of STATUSES) {
        const found = await under(weatherOf(status, 'message of Greenhouse', headers)).findNote(subject.target, NOTE.reference);
        expect({ status, found: found.ok ? found.value : false }).toEqual({
          status,
          found: status === 403 ? 'cannot-look' : false,
        });
      }
    });

    it.each([
      ['another content type', { 'content-type': 'text/html' }, ''],
      ['no content type', {}, ''],
      ['another character set in its name', { 'content-type': 'application/json; charset=iso-8859-1' }, ''],
      ['a byte order mark', JSON_TYPE, '\uFEFF'],
      ['line breaks before it', JSON_TYPE, '\r\n\r\n'],
    ])('reads a list with %s', async (_what, headers, before) => {
      const adapter = under({ status: 200, headers, body: Buffer.from(before + JSON.stringify(subject.noNotes)) });
      expect(await adapter.findNote(subject.target, NOTE.reference)).toEqual({ ok: true, value: 'absent' });
    });
  });

  describe(`${name}: a write that fails`, () => {
    it.each(STATUSES)('with $status$what is the same for every body and goes out once', async (given) => {
      for (const body of everyBody) {
        const adapter = under(weatherOf(given.status, body, given.headers));
        const written = await adapter.writeNote(subject.target, NOTE);
        const isTooLarge = body === 'five megabytes and more' && given.status !== 304;
        const expected = isTooLarge ? 'ambiguous' : given.write;
        expect({ body, kind: written.ok ? null : written.kind }).toEqual({ body, kind: expected });
        // A token that was refused is renewed once: 401 comes before anything is done.
        const mayGoTwice = expected === 'unauthorised' && subject.token !== null;
        expect({ body, writes: stand.writes() }).toEqual({ body, writes: mayGoTwice ? 2 : 1 });
        if (!written.ok) expect(pipelineDoes(written, kind)).toEqual(AFTER[expected]);
      }
    });

    it('but was answered with 200 is done, except where the answer cannot be read at all', async () => {
      for (const status of [200, 201, 202])
        for (const body of everyBody) {
          const written = await under(weatherOf(status, body)).writeNote(subject.target, NOTE);
          expect({ body, came: written.ok ? 'done' : written.kind }).toEqual({
            body,
            came: ILLEGIBLE.has(body) ? 'ambiguous' : 'done',
          });
          expect(stand.writes()).toBe(1);
        }
    });

    it('and is sent elsewhere goes nowhere else', async () => {
      for (const status of [301, 302, 303, 307, 308]) {
        const written = await under(weatherOf(status, 'nothing', { location: 'https://elsewhere.example/v1' })).writeNote(
          subject.target,
          NOTE,
        );
        expect(written.ok).toBe(false);
        expect(stand.writes()).toBe(1);
      }
    });
  });

  describe(`${name}: being asked to wait`, () => {
    it.each(Object.entries(RETRY_HEADERS))('by %s', async (_what, { value, ms }) => {
      for (const body of ['nothing', 'a web page', 'code and message of Lever']) {
        const adapter = under(weatherOf(429, body, { 'retry-after': value }));
        expect(await adapter.readSnapshot(subject.target.applicationId)).toMatchObject({
          kind: 'rate-limited',
          retryAfterMs: ms,
        });
        expect(await adapter.writeNote(subject.target, NOTE)).toMatchObject({ kind: 'rate-limited', retryAfterMs: ms });
      }
    });
  });
}

/** Some lists of Lever come without their wrapper: https://hire.lever.co/developer/documentation */
const LISTS_OF_LEVER = new Set(['an empty list', 'an empty page of Lever']);

const NO_VENDOR = {
  vendor: async () => ({ ok: false as const, kind: 'misconfigured' as const, detail: 'there is none' }),
};

/** What comes of a failed write: tried again, and whether that begins with looking; or over, and said. */
const AFTER: Record<Kind, { comes: 'again' | 'failed'; looksFirst: boolean }> = {
  unauthorised: { comes: 'again', looksFirst: false },
  misconfigured: { comes: 'again', looksFirst: false },
  'rate-limited': { comes: 'again', looksFirst: false },
  unreachable: { comes: 'again', looksFirst: false },
  unreadable: { comes: 'again', looksFirst: false },
  ambiguous: { comes: 'again', looksFirst: true },
  forbidden: { comes: 'failed', looksFirst: false },
  'not-found': { comes: 'failed', looksFirst: false },
  refused: { comes: 'failed', looksFirst: false },
};

function pipelineDoes(failure: CallFailure, kind: AtsKind): (typeof AFTER)[Kind] {
  const given = { effect: 'write-note' as const, effectKey: 'k', system: kind, values: {}, mayHaveHappened: false };
  const outcome = afterFailure(failure, given);
  if (outcome.kind !== 'again' && outcome.kind !== 'failed') throw new Error(`It became ${outcome.kind}`);
  return { comes: outcome.kind, looksFirst: outcome.kind === 'again' && outcome.mayHaveHappened };
}

/** As much of a case as reading looks at: somebody who was there until now. */
function caseOf({ target }: AtsWeatherSubject): Case {
  const row = {
    key: 'a1b2',
    connectionId: 'connection-1',
    applicationId: target.applicationId,
    readTrouble: null,
    snapshotAt: NOW,
  };
  return { row, state: { vanished: false, deleted: false }, inputs: [], ownMoves: [] } as unknown as Case;
}

/** Answers every call but those for a token with the weather of the moment. */
async function standIn(token: AtsWeatherSubject['token']) {
  let weather: Weather = { status: 500, body: Buffer.alloc(0) };
  let writes = 0;
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    request.resume();
    request.once('end', () => {
      if (token && request.url?.startsWith(token.path)) {
        response.writeHead(200, JSON_TYPE).end(JSON.stringify(token.answer));
        return;
      }
      if (request.method !== 'GET') writes += 1;
      response.writeHead(weather.status, weather.headers).end(weather.body);
    });
  };
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    turnTo: (next: Weather) => {
      weather = next;
      writes = 0;
    },
    /** Since the weather turned. */
    writes: () => writes,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
