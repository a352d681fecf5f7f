import '../install-catalogue.ts';
import { cleanup, screen, within } from '@testing-library/react';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { checkEndpointMap } from '../../../components/admin/check-endpoint-map.ts';
import { readDraft, writeDraft } from '../../../components/admin/endpoint-map-draft.ts';
import { createFakeServer, ok, refuse } from './fake-server.ts';
import { findCard, openOptions } from './render-options.tsx';

describe('an endpoint map', () => {
  it.each([
    ['is nothing at all', ''],
    ['has no endpoints', '{ "endpoints": {} }'],
    ['names a path', '{ "baseUrl": "https://api.example.com", "endpoints": { "list": { "method": "GET", "path": "/a" } } }'],
  ])('is right when it %s', (_, text) => {
    expect(checkEndpointMap(text)).toBeNull();
  });

  it.each([
    ['{\n  "endpoints": {,}\n}', 'This is not readable JSON: look at line 2.'],
    ['[]', 'The map is an object in braces.'],
    ['{ "endponts": {} }', '"endponts" is not known here. Known are: baseUrl, authHeader, endpoints.'],
    [
      '{ "endpoints": { "invites": {} } }',
      '"endpoints.invites" is not known here. Known are: list, invite, cancel, resend, extend, extraTime, report, interview.',
    ],
    ['{ "baseUrl": "api" }', 'baseUrl: An address such as https://api.example.com.'],
    [
      '{ "endpoints": { "list": { "method": "FETCH", "path": "/a" } } }',
      'endpoints.list.method: one of GET, POST, PUT, PATCH, DELETE.',
    ],
    ['{ "endpoints": { "list": { "method": "GET", "path": "a" } } }', 'endpoints.list.path: A path starts with a slash.'],
    ['{ "endpoints": { "list": { "method": "GET" } } }', 'endpoints.list.path: This kind of value does not fit here.'],
  ])('%s is answered with: %s', (text, sentence) => {
    expect(checkEndpointMap(text)).toBe(sentence);
  });
});

describe('an endpoint map, field by field', () => {
  const open = async (change?: Parameters<typeof createFakeServer>[0]) => {
    const server = createFakeServer(change);
    const { user } = await openOptions(server, { at: 'vendors' });
    return { server, user, card: within(await findCard('Coderbyte')) };
  };
  const saved = (server: ReturnType<typeof createFakeServer>) =>
    (server.writes.at(-1)?.body as { settings: { map: unknown } } | undefined)?.settings.map;

  it('is edited and extended, and is saved as the same map', async () => {
    const { server, user, card } = await open();
    const invite = within(card.getByRole('group', { name: 'Invite' }));
    await user.clear(invite.getByLabelText('Path'));
    await user.click(invite.getByLabelText('Path'));
    await user.paste('/tests/{assessmentId}');
    await user.click(invite.getByLabelText('Body'));
    await user.paste('{ "to":  "{email}" }');
    expect((invite.getByLabelText('Body') as HTMLTextAreaElement).value).toBe('{ "to":  "{email}" }');
    await user.click(invite.getByRole('button', { name: 'Answer fields: Invite' }));
    await user.type(invite.getByLabelText('link'), 'data.url');
    await user.click(card.getByRole('button', { name: 'Add: report' }));
    const report = within(card.getByRole('group', { name: 'Report' }));
    await user.click(report.getByLabelText('Path'));
    await user.paste('/report/{email}');
    await user.click(card.getByRole('button', { name: 'Save' }));
    expect(await card.findByText('Saved')).toBeTruthy();
    expect(saved(server)).toEqual({
      baseUrl: 'https://api.vendor.example',
      endpoints: {
        invite: {
          method: 'POST',
          path: '/tests/{assessmentId}',
          body: { to: '{email}' },
          fields: { id: 'data.id', link: 'data.url' },
        },
        report: { method: 'GET', path: '/report/{email}', fields: {} },
      },
    });
  });

  it('says at each field what is wrong with it, and saves nothing until it is right', async () => {
    const { server, user, card } = await open();
    const invite = within(card.getByRole('group', { name: 'Invite' }));
    await user.clear(invite.getByLabelText('Path'));
    await user.click(invite.getByLabelText('Path'));
    await user.paste('/tests/{phone}');
    expect(invite.getByText(/Nothing fills \{phone\} here\. Known are: .*\{email\}/)).toBeTruthy();
    await user.click(invite.getByLabelText('Body'));
    await user.paste('{ "to": ');
    expect(invite.getByLabelText('Body').getAttribute('aria-invalid')).toBe('true');
    await user.clear(card.getByLabelText('Base URL'));
    await user.click(card.getByRole('button', { name: 'Save' }));
    expect(server.writes).toEqual([]);
  });

  it('names what is not in it, and takes out what is', async () => {
    const { server, user, card } = await open();
    expect(card.getByText('Without it, results are told by webhooks, not verified, or entered by hand.')).toBeTruthy();
    await user.click(card.getByRole('button', { name: 'Remove: Invite' }));
    expect(card.queryByRole('group', { name: 'Invite' })).toBeNull();
    await user.click(card.getByRole('button', { name: 'Save' }));
    expect(await card.findByText('Saved')).toBeTruthy();
    expect(saved(server)).toEqual({ baseUrl: 'https://api.vendor.example', endpoints: {} });
  });

  it('survives every map there is, in text and in fields', () => {
    const path = fc.constantFrom('/a', '/a/{email}', 'no slash', '');
    const endpoint = fc.record(
      {
        method: fc.constantFrom('GET', 'POST', 'FETCH'),
        path,
        body: fc.constantFrom({ a: '{email}' }, {}, { deep: [1, null] }),
        fields: fc.dictionary(fc.constantFrom('id', 'link', 'final_score'), fc.constantFrom('data.id', 'rows.0')),
      },
      { requiredKeys: ['method', 'path', 'fields'] },
    );
    const map = fc.record(
      {
        baseUrl: fc.constantFrom('https://a.example', 'x'),
        endpoints: fc.dictionary(fc.constantFrom('list', 'invite', 'report'), endpoint),
      },
      { requiredKeys: ['endpoints'] },
    );
    fc.assert(
      fc.property(map, (given) => {
        const draft = readDraft(JSON.stringify(given));
        const written = draft && writeDraft(draft);
        expect(written === '' ? { endpoints: {} } : JSON.parse(written ?? 'null')).toEqual({ ...given });
      }),
    );
    fc.assert(fc.property(fc.string(), (text) => void readDraft(text)));
  });
});

describe('trying an endpoint', () => {
  const TRY = '/api/connections/cb/try-endpoint';
  const answer = {
    sent: false,
    ok: true,
    message: 'Nothing was sent. This is the request that would go out.',
    request: {
      method: 'POST',
      url: 'https://api.vendor.example/x',
      header: 'Authorization: Bearer ••••',
      body: { to: 'ada@example.com' },
    },
    status: null,
    fields: [],
    count: null,
  };
  const open = async () => {
    const server = createFakeServer();
    const { user } = await openOptions(server, { at: 'vendors' });
    return { server, user, card: within(await findCard('Try an endpoint')) };
  };

  it('asks with what was typed and shows what came of it', async () => {
    const { server, user, card } = await open();
    server.answer(
      'POST',
      TRY,
      ok({
        ...answer,
        fields: [
          { field: 'score', value: '80', from: 'final_score' },
          { field: 'link', value: null, from: null },
        ],
        status: 200,
      }),
    );
    await user.type(card.getByLabelText('Assessment ID'), 'swe-1');
    await user.type(card.getByLabelText('E-mail of a candidate'), 'ada@example.com');
    await user.click(card.getByRole('button', { name: 'Try it' }));
    const result = within(await card.findByRole('region', { name: 'What came of it' }));
    expect(result.getByText(/Bearer ••••/)).toBeTruthy();
    expect(result.getByText('Status 200')).toBeTruthy();
    expect(result.getAllByRole('listitem').map(({ textContent }) => textContent)).toEqual([
      'score: 80 from final_score',
      'link: not found',
    ]);
    expect(server.writes).toEqual([
      { method: 'POST', path: TRY, body: { endpoint: 'invite', values: { assessmentId: 'swe-1', email: 'ada@example.com' } } },
    ]);
  });

  it('is busy while it asks, and says what went wrong', async () => {
    const { server, user, card } = await open();
    const { promise, resolve } = Promise.withResolvers<ReturnType<typeof refuse>>();
    server.answer('POST', TRY, promise);
    await user.click(card.getByRole('button', { name: 'Try it' }));
    expect(await card.findByRole('button', { name: 'Asking' })).toBeTruthy();
    resolve(refuse('vendor-unavailable', 'Coderbyte cannot be reached just now.'));
    expect(await card.findByText('Coderbyte cannot be reached just now.')).toBeTruthy();
    expect(card.queryByRole('region', { name: 'What came of it' })).toBeNull();
  });

  it('says that unsaved changes are not tried, and is not there without a map', async () => {
    const { user, card } = await open();
    const form = within(await findCard('Coderbyte'));
    await user.click(form.getByRole('button', { name: 'Add: cancel' }));
    expect(card.getByText(/Save your changes first/)).toBeTruthy();
    const bare = createFakeServer(({ connections }) => {
      for (const one of connections) if (one.settings.kind === 'coderbyte') one.settings.map = { endpoints: {} };
    });
    cleanup();
    await openOptions(bare, { at: 'vendors' });
    await findCard('Coderbyte');
    expect(screen.queryByRole('button', { name: 'Try it' })).toBeNull();
  });
});

describe('the vendors', () => {
  it('let Coderbyte be called Growhire, and keep comments out of notes unless that is wanted', async () => {
    const server = createFakeServer();
    const { user } = await openOptions(server, { at: 'vendors' });
    const card = within(await findCard('Coderbyte'));
    await user.selectOptions(card.getByLabelText('Shown as'), 'Growhire');
    await user.selectOptions(card.getByLabelText('Reviewers’ comments in notes'), 'Yes');
    await user.click(card.getByRole('button', { name: 'Save' }));
    expect(await card.findByText('Saved')).toBeTruthy();
    expect(server.writes).toMatchObject([{ body: { settings: { brand: 'growhire', commentsInNotes: true } } }]);
  });

  it('are chosen by either name: Growhire is one that is connected like Coderbyte', async () => {
    const server = createFakeServer();
    const { user } = await openOptions(server, { at: 'vendors' });
    await user.click(await screen.findByRole('button', { name: 'Connect Growhire' }));
    const card = within(await findCard('Connect Growhire'));
    expect((card.getByLabelText('Name') as HTMLInputElement).value).toBe('Growhire');
    await user.type(card.getByLabelText('API key'), 'key-of-growhire-0123456789');
    await user.click(card.getByRole('button', { name: 'Connect Growhire' }));
    expect(await findCard('Growhire')).toBeTruthy();
    expect(server.writes).toMatchObject([{ body: { name: 'Growhire', settings: { kind: 'coderbyte', brand: 'growhire' } } }]);
  });

  it('say until when the previous key is accepted, and stop that on a click', async () => {
    const acceptedUntil = new Date(Date.now() + 3 * 24 * 3_600_000).toISOString();
    const server = createFakeServer(({ connections }) => {
      const webhook = connections.find(({ id }) => id === 'cb')?.webhooks[0];
      webhook?.previous.push({ id: 'p1', lastFour: '1a2b', acceptedUntil });
      webhook?.previous.push({ id: 'p0', lastFour: '0000', acceptedUntil: '2020-01-01T00:00:00.000Z' });
    });
    const { user } = await openOptions(server, { at: 'vendors' });
    expect(await screen.findByText(/The previous key, ending in 1a2b, is accepted until/)).toBeTruthy();
    expect(screen.queryByText(/0000/)).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Stop accepting it' }));
    await vi.waitFor(() => expect(server.writes).toMatchObject([{ method: 'DELETE', path: '/api/webhooks/w6/secrets/p1' }]));
  });

  it('take an endpoint map only when it is right', async () => {
    const server = createFakeServer();
    const { user } = await openOptions(server, { at: 'vendors' });
    const card = within(await findCard('Coderbyte'));
    await user.click(card.getByRole('button', { name: 'As JSON, to copy or paste' }));
    const map = card.getByLabelText('Endpoint map');
    await user.clear(map);
    await user.click(map);
    await user.paste('{ "endponts": {} }');
    expect(card.getByText(/"endponts" is not known here/)).toBeTruthy();
    await user.click(card.getByRole('button', { name: 'Save' }));
    expect(server.writes).toEqual([]);
    await user.clear(map);
    expect(card.getByText('Changed: Endpoint map')).toBeTruthy();
    await user.click(card.getByRole('button', { name: 'Save' }));
    expect(await card.findByText('Saved')).toBeTruthy();
    expect(server.writes).toMatchObject([{ path: '/api/connections/cb', body: { settings: { map: { endpoints: {} } } } }]);
  });

  it('are all on one page, and Byteboard needs nothing but a name', async () => {
    const server = createFakeServer((setUp) => {
      setUp.connections = [];
    });
    const { user } = await openOptions(server, { at: 'vendors' });
    await user.click(await screen.findByRole('button', { name: 'Connect Byteboard' }));
    const card = within(await findCard('Connect Byteboard'));
    await user.click(card.getByRole('button', { name: 'Connect Byteboard' }));
    expect(await findCard('Byteboard')).toBeTruthy();
    expect(server.writes).toMatchObject([{ body: { name: 'Byteboard', settings: { kind: 'byteboard' }, secrets: {} } }]);
  });

  it('connect Adaface, whose address is begun, by partner id and key', async () => {
    const server = createFakeServer((setUp) => {
      setUp.connections = [];
    });
    const { user } = await openOptions(server, { at: 'vendors' });
    await user.click(await screen.findByRole('button', { name: 'Connect Adaface' }));
    const card = within(await findCard('Connect Adaface'));
    expect(card.getByLabelText<HTMLInputElement>('Base address').value).toBe('https://app.adaface.com/app/api/integrations/');
    await user.type(card.getByLabelText('Base address'), 'northwind');
    await user.type(card.getByLabelText('API key'), 'key-of-northwind');
    await user.click(card.getByRole('button', { name: 'Connect Adaface' }));
    expect(await findCard('Adaface')).toBeTruthy();
    expect(screen.queryByText(/Webhooks from Adaface/)).toBeNull();
    expect(server.writes).toMatchObject([
      {
        body: {
          name: 'Adaface',
          settings: {
            kind: 'partner',
            preset: 'adaface',
            baseUrl: 'https://app.adaface.com/app/api/integrations/northwind',
            paths: { listTests: '/list_tests', sendTest: '/send_test', testStatus: '/test_status' },
            ...{ displayName: '', callbackUrl: '', reportHosts: [] },
          },
          secrets: { apiKey: 'key-of-northwind' },
        },
      },
    ]);
  });

  it('connect CodeSignal by its key, with live interviews where they are in the plan', async () => {
    const server = createFakeServer((setUp) => {
      setUp.connections = [];
    });
    const { user } = await openOptions(server, { at: 'vendors' });
    await user.click(await screen.findByRole('button', { name: 'Connect CodeSignal' }));
    const card = within(await findCard('Connect CodeSignal'));
    await user.type(card.getByLabelText('API key'), 'key-of-northwind');
    await user.selectOptions(card.getByLabelText('Live interviews'), 'Yes');
    await user.click(card.getByRole('button', { name: 'Connect CodeSignal' }));
    expect(await findCard('CodeSignal')).toBeTruthy();
    expect(server.writes).toMatchObject([
      {
        body: {
          name: 'CodeSignal',
          settings: {
            kind: 'codesignal',
            apiUrl: 'https://app.codesignal.com/graphql',
            liveInterviews: true,
            tellCancelled: false,
          },
          secrets: { apiKey: 'key-of-northwind' },
        },
      },
    ]);
  });

  it('connect another service under its own name and paths, once they are such', async () => {
    const server = createFakeServer((setUp) => {
      setUp.connections = [];
    });
    const { user } = await openOptions(server, { at: 'vendors' });
    await user.click(await screen.findByRole('button', { name: 'Connect Assessment partner' }));
    const card = within(await findCard('Connect Assessment partner'));
    await user.type(card.getByLabelText('Shown as'), 'House tests');
    await user.type(card.getByLabelText('API key'), 'key');
    await user.click(card.getByRole('button', { name: 'Advanced' }));
    await user.clear(card.getByLabelText('Path to send a test'));
    await user.type(card.getByLabelText('Path to send a test'), 'orders');
    await user.click(card.getByRole('button', { name: 'Connect Assessment partner' }));
    expect(card.getByText('A path such as /list_tests.')).toBeTruthy();
    expect(card.getByText('An address such as https://api.example.com.')).toBeTruthy();
    expect(server.writes).toEqual([]);
    await user.clear(card.getByLabelText('Path to send a test'));
    await user.type(card.getByLabelText('Path to send a test'), '/orders');
    await user.type(card.getByLabelText('Base address'), 'https://tests.northwind.example');
    await user.click(card.getByRole('button', { name: 'Connect Assessment partner' }));
    await vi.waitFor(() => expect(server.writes).toHaveLength(1));
    expect(server.writes).toMatchObject([
      { body: { settings: { preset: 'own', displayName: 'House tests', paths: { sendTest: '/orders' } } } },
    ]);
  });
});
