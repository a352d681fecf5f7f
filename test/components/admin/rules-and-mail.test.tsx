import '../install-catalogue.ts';
import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { checkMail, EMPTY_MAIL_SERVER, toSmtpUrl } from '../../../components/admin/mail-values.ts';
import { createFakeServer, refuse } from './fake-server.ts';
import { openOptions } from './render-options.tsx';

describe('rules', () => {
  it('are saved together, as numbers with their switches', async () => {
    const server = createFakeServer();
    const { user } = await openOptions(server, { at: 'rules' });
    await user.click(await screen.findByRole('switch', { name: 'Cancel on leaving' }));
    await user.clear(screen.getByLabelText('Hold what recruiters send'));
    await user.type(screen.getByLabelText('Hold what recruiters send'), '20');
    expect(screen.getByText('Changed: Cancel on leaving, Hold what recruiters send')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Save' }));
    expect(await screen.findByText('Saved', { selector: 'p' })).toBeTruthy();
    expect(server.writes).toMatchObject([
      { method: 'PUT', path: '/api/rules', body: { cancelOnLeaving: false, holdSeconds: 20 } },
    ]);
    expect(screen.getByRole('switch', { name: 'Cancel on leaving' }).getAttribute('aria-checked')).toBe('false');
  });

  it('never fall back to their old values while what was saved is read anew', async () => {
    const server = createFakeServer();
    const { user } = await openOptions(server, { at: 'rules' });
    const cancel = await screen.findByRole('switch', { name: 'Cancel on leaving' });
    await user.click(cancel);
    const { promise, resolve } = Promise.withResolvers<null>();
    server.answer(
      'GET',
      '/api/rules',
      promise.then(() => ({ status: 200, body: server.setUp.rules })),
    );
    const shown: (string | null)[] = [];
    new MutationObserver(() => shown.push(cancel.getAttribute('aria-checked'))).observe(cancel, { attributes: true });
    await user.click(screen.getByRole('button', { name: 'Save' }));
    await waitFor(() => expect(server.reads.filter((path) => path === '/api/rules')).toHaveLength(2));
    resolve(null);
    expect(await screen.findByText('Saved', { selector: 'p' })).toBeTruthy();
    expect(shown).not.toContain('true');
  });

  it('move candidates by themselves only after it was said what that means', async () => {
    const server = createFakeServer();
    const { user } = await openOptions(server, { at: 'rules' });
    const advance = await screen.findByRole('switch', { name: 'Advance on pass' });
    await user.click(advance);
    expect(screen.getByText(/without anybody looking at it first/)).toBeTruthy();
    expect(advance.getAttribute('aria-checked')).toBe('false');
    await user.click(screen.getByRole('button', { name: 'Move candidates on a pass' }));
    expect(advance.getAttribute('aria-checked')).toBe('true');
    expect(server.writes).toEqual([]);
    await user.click(screen.getByRole('button', { name: 'Save' }));
    expect(await screen.findByText('Saved', { selector: 'p' })).toBeTruthy();
    expect(server.writes).toMatchObject([{ body: { advanceOnPass: true } }]);
  });

  it('about results are put together, read as a sentence, and saved', async () => {
    const server = createFakeServer();
    const { user } = await openOptions(server, { at: 'rules' });
    await user.click(await screen.findByRole('button', { name: 'Add a rule about results' }));
    const rule = within(screen.getByRole('group', { name: 'Rule 1' }));
    await user.selectOptions(rule.getByLabelText('Cheating'), 'no cheating detected');
    await user.type(rule.getByLabelText('Add the tag'), 'Qualified');
    await user.selectOptions(rule.getByLabelText('Move'), 'Move to the interviews after it');
    expect(
      rule.getByText(
        'When a result is qualified and no cheating is detected: add the tag "Qualified" and move to the stage with the role "Interviews after it".',
      ),
    ).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Save' }));
    expect(await screen.findByText('Saved', { selector: 'p' })).toBeTruthy();
    const onResult = [{ when: { qualified: true, cheating: false, match: 'all' }, does: { tag: 'Qualified', move: true } }];
    expect(server.writes).toMatchObject([{ method: 'PUT', path: '/api/rules', body: { onResult } }]);
    await user.click(screen.getByRole('button', { name: 'Remove rule 1' }));
    await user.click(screen.getByRole('button', { name: 'Save' }));
    await waitFor(() => expect(server.writes.at(-1)).toMatchObject({ body: { onResult: [] } }));
  });

  it('about results offer a move only where nobody unfit could be moved, and take it back with the condition', async () => {
    const { user } = await openOptions(createFakeServer(), { at: 'rules' });
    await user.click(await screen.findByRole('button', { name: 'Add a rule about results' }));
    const rule = within(screen.getByRole('group', { name: 'Rule 1' }));
    await user.selectOptions(rule.getByLabelText('Move'), 'Move to the interviews after it');
    for (const [field, choice] of [
      ['Cheating', 'cheating detected'],
      ['Qualified', 'not qualified'],
    ] as const) {
      await user.selectOptions(rule.getByLabelText(field), choice);
      expect(rule.queryByLabelText('Move')).toBeNull();
      expect(rule.getByText('Write a tag, or choose the move.')).toBeTruthy();
      await user.selectOptions(rule.getByLabelText(field), field === 'Cheating' ? 'Does not matter' : 'qualified');
      expect((rule.getByLabelText('Move') as HTMLSelectElement).value).toBe('no');
    }
    await user.selectOptions(rule.getByLabelText('Cheating'), 'no cheating detected');
    await user.selectOptions(rule.getByLabelText('Of both'), 'one is enough');
    expect(rule.queryByLabelText('Move')).toBeNull();
  });

  it('about results that are not complete are not saved', async () => {
    const server = createFakeServer();
    const { user } = await openOptions(server, { at: 'rules' });
    await user.click(await screen.findByRole('button', { name: 'Add a rule about results' }));
    await user.click(screen.getByRole('button', { name: 'Save' }));
    expect((await screen.findByRole('alert')).textContent).toBe('Write a tag, or choose the move.');
    const rule = within(screen.getByRole('group', { name: 'Rule 1' }));
    await user.type(rule.getByLabelText('Add the tag'), 'x');
    await user.selectOptions(rule.getByLabelText('Qualified'), 'Does not matter');
    expect(rule.getByText('Choose at least one condition.')).toBeTruthy();
    expect(server.writes).toEqual([]);
  });

  it('stay as they were when that is declined', async () => {
    const { user } = await openOptions(createFakeServer(), { at: 'rules' });
    await user.click(await screen.findByRole('switch', { name: 'Advance on pass' }));
    await user.click(screen.getByRole('button', { name: 'Cancel' }));
    expect(screen.getByRole('switch', { name: 'Advance on pass' }).getAttribute('aria-checked')).toBe('false');
    expect(screen.queryByRole('button', { name: 'Save' })).toBeNull();
  });

  it('say how long is too long', async () => {
    const server = createFakeServer();
    const { user } = await openOptions(server, { at: 'rules' });
    await user.type(await screen.findByLabelText('Hold what recruiters send'), '00');
    expect(screen.getByText('A whole number from 0 to 600.')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Save' }));
    expect(server.writes).toEqual([]);
  });

  it('keep the changes when saving fails, with the reason', async () => {
    const server = createFakeServer();
    server.answer('PUT', '/api/rules', refuse('store-unavailable', 'The server cannot reach its database just now.'));
    const { user } = await openOptions(server, { at: 'rules' });
    await user.click(await screen.findByRole('switch', { name: 'Send on stage entry' }));
    await user.click(screen.getByRole('button', { name: 'Save' }));
    expect((await screen.findByRole('alert')).textContent).toContain('cannot reach its database');
    expect(screen.getByText('Changed: Send on stage entry')).toBeTruthy();
  });
});

describe('mail', () => {
  it('writes the address of the server with every part made safe', () => {
    const values = {
      ...EMPTY_MAIL_SERVER,
      bounce: '',
      from: 'a@b.c',
      host: 'smtp.example.com',
      user: 'me@example.com',
      password: 'p:/@ss',
    };
    expect(toSmtpUrl(values)).toBe('smtp://me%40example.com:p%3A%2F%40ss@smtp.example.com:587');
    expect(toSmtpUrl({ ...values, encryption: 'tls', user: '' })).toBe('smtps://smtp.example.com:465');
  });

  it('asks for the server only when there is none or another one is wanted', () => {
    const values = { ...EMPTY_MAIL_SERVER, bounce: '', from: 'Acme <hiring@acme.example>' };
    expect(checkMail(values, false)).toEqual({});
    expect(Object.keys(checkMail(values, true))).toEqual(['host']);
    expect(Object.keys(checkMail({ ...values, from: 'Acme', host: 'smtp.example.com', port: '70000' }, true))).toEqual([
      'from',
      'port',
    ]);
  });

  it('sets up a server whose password is not shown again', async () => {
    const server = createFakeServer((setUp) => {
      setUp.mail = { configured: false, from: '', host: null, bounce: '', template: null };
    });
    const { user } = await openOptions(server, { at: 'mail' });
    await user.type(await screen.findByLabelText('Sender'), 'hiring@acme.example');
    await user.type(screen.getByLabelText('Host'), 'smtp.acme.example');
    await user.type(screen.getByLabelText('User'), 'hiring');
    await user.type(screen.getByLabelText('Password'), 'correct horse');
    await user.click(screen.getByRole('button', { name: 'Save' }));
    expect(await screen.findByText(/Mail goes out by smtp.acme.example/)).toBeTruthy();
    expect(server.writes).toEqual([
      {
        method: 'PUT',
        path: '/api/mail',
        body: { from: 'hiring@acme.example', smtpUrl: 'smtp://hiring:correct%20horse@smtp.acme.example:587' },
      },
    ]);
    expect(screen.queryByLabelText('Password')).toBeNull();
  });

  it('changes the sender without touching the stored server', async () => {
    const server = createFakeServer();
    const { user } = await openOptions(server, { at: 'mail' });
    const from = await screen.findByLabelText('Sender');
    await user.clear(from);
    await user.type(from, 'jobs@acme.example');
    await user.click(screen.getByRole('button', { name: 'Save' }));
    expect(await screen.findByText(/Mail goes out by smtp.acme.example/)).toBeTruthy();
    expect(server.writes).toEqual([{ method: 'PUT', path: '/api/mail', body: { from: 'jobs@acme.example' } }]);
  });

  it('has the company’s own words, which show as a candidate reads them and are checked', async () => {
    const server = createFakeServer();
    server.answer('POST', '/api/mail/test', { status: 200, body: { ok: true, message: 'A test went to ada@acme.example.' } });
    const { user } = await openOptions(server, { at: 'mail' });
    await user.click(await screen.findByRole('switch', { name: /Use our own words/ }));
    const text = screen.getByLabelText('Text');
    await user.clear(text);
    await user.type(text, 'Dear {{name}, begin soon.');
    expect(screen.getByRole('region', { name: 'Preview' }).textContent).toContain('Dear Ada, begin soon.');
    await user.click(screen.getByRole('button', { name: 'Save' }));
    expect(text.getAttribute('aria-invalid')).toBe('true');
    expect(server.writes).toEqual([]);
    await user.type(text, ' {{link}');
    await user.click(screen.getByRole('button', { name: 'Save' }));
    await vi.waitFor(() => expect(server.writes).toHaveLength(1));
    expect(server.writes[0]).toMatchObject({
      method: 'PUT',
      path: '/api/mail',
      body: { from: 'Acme Hiring <hiring@acme.example>', template: { text: 'Dear {name}, begin soon. {link}' } },
    });
    await user.click(screen.getByRole('button', { name: 'Send me a test' }));
    // Shown, and read out.
    expect(await screen.findAllByText('A test went to ada@acme.example.')).toHaveLength(2);
  });
});
