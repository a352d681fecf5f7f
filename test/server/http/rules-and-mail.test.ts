import { describe, expect, it } from 'vitest';
import { mailViewSchema, rulesSchema, testMailAnswerSchema } from '../../../lib/contract/settings.ts';
import { openMailSettings } from '../../../server/storage/mail-settings.repository.ts';
import { ensureRules, readRules } from '../../../server/storage/rules.repository.ts';
import { useSetUp } from '../../support/admin-set-up.ts';

describe('rules and mail', () => {
  const at = useSetUp({ environment: { TEST_HOSTS: '127.0.0.1:2525' } });

  it('start with sending on and advancing off, and get a new version with every change', async () => {
    const { read, services } = at.current();
    await ensureRules(services.db, services.clock.now());
    await ensureRules(services.db, services.clock.now());
    const first = await read(rulesSchema, 'GET', '/api/rules');
    expect(first).toMatchObject({
      sendOnStageEntry: true,
      cancelOnLeaving: true,
      advanceOnPass: false,
      holdSeconds: 10,
      leavingGraceMinutes: 5,
    });
    const { version } = await readRules(services.db);
    await read(rulesSchema, 'PUT', '/api/rules', first);
    expect((await readRules(services.db)).version).toBe(version);
    await read(rulesSchema, 'PUT', '/api/rules', { ...first, advanceOnPass: true });
    expect(await readRules(services.db)).toEqual({ version: version + 1, rules: { ...first, advanceOnPass: true } });
  });

  it('keep the credentials of the mail server sealed, and stay when only the sender changes', async () => {
    const { read, services } = at.current();
    const smtpUrl = 'smtp://tagalong:very-secret@127.0.0.1:2525';
    const set = await read(mailViewSchema, 'PUT', '/api/mail', { smtpUrl, from: 'Jobs <jobs@example.com>' });
    expect(set).toEqual({
      configured: true,
      from: 'Jobs <jobs@example.com>',
      host: '127.0.0.1:2525',
      bounce: '',
      template: null,
    });
    await read(mailViewSchema, 'PUT', '/api/mail', { from: 'people@example.com' });
    expect(await openMailSettings(services.db, services.sealer)).toEqual({ smtpUrl, from: 'people@example.com' });
    expect(await read(mailViewSchema, 'PUT', '/api/mail', { smtpUrl: '', from: 'people@example.com' })).toMatchObject({
      configured: false,
      host: null,
    });
    expect(await openMailSettings(services.db, services.sealer)).toBeNull();
  });

  it.each(['http://mail.example.com', 'smtp://', 'mail.example.com'])('refuse %s, which is no mail server', async (smtpUrl) => {
    expect((await at.current().refusal('PUT', '/api/mail', { smtpUrl, from: 'a@b.example' })).code).toBe('invalid');
  });

  it.each([
    'smtp://127.0.0.1',
    'smtp://localhost:25',
    'smtp://2130706433',
    'smtp://0x7f000001',
    'smtp://[::1]',
    'smtp://10.1.2.3:2525',
  ])('refuse %s, which is private', async (smtpUrl) => {
    expect((await at.current().refusal('PUT', '/api/mail', { smtpUrl, from: 'a@b.example' })).code).toBe('host-not-allowed');
  });

  it('keep the company’s own words and the address for bounces until they are changed', async () => {
    const { read, refusal, services } = at.current();
    const from = 'people@example.com';
    const template = { subject: 'Hello {name}', text: 'Begin: {link}' };
    const set = await read(mailViewSchema, 'PUT', '/api/mail', { from, bounce: 'bounces@example.com', template });
    expect(set).toMatchObject({ bounce: 'bounces@example.com', template });
    expect(await read(mailViewSchema, 'PUT', '/api/mail', { from, smtpUrl: 'smtp://127.0.0.1:2525' })).toMatchObject({
      bounce: 'bounces@example.com',
      template,
    });
    expect(await openMailSettings(services.db, services.sealer)).toMatchObject({ bounce: 'bounces@example.com' });
    for (const [wrong, path] of [
      [{ template: { subject: 'Hi', text: 'no link' } }, 'template.text'],
      [{ template: { subject: 'Hi {link}', text: '{link}' } }, 'template.subject'],
      [{ bounce: 'a@b.example, c@d.example' }, 'bounce'],
      [{ bounce: 'a@b.example\r\nRCPT TO:<c@d.example>' }, 'bounce'],
    ] as const) {
      expect(await refusal('PUT', '/api/mail', { from, ...wrong })).toMatchObject({ code: 'invalid', details: [{ path }] });
    }
    expect(await read(mailViewSchema, 'PUT', '/api/mail', { from, smtpUrl: '', bounce: '', template: null })).toMatchObject({
      bounce: '',
      template: null,
    });
  });

  it('send a test that says what came of it', async () => {
    const { read, refusal } = at.current();
    await read(mailViewSchema, 'PUT', '/api/mail', { from: 'people@example.com', smtpUrl: '' });
    const unset = await read(testMailAnswerSchema, 'POST', '/api/mail/test', { to: 'me@example.com' });
    expect(unset).toMatchObject({ ok: false, message: expect.stringContaining('no mail server is set up') });
    expect(await refusal('POST', '/api/mail/test', {})).toMatchObject({ code: 'invalid', details: [{ path: 'to' }] });
    expect(await refusal('POST', '/api/mail/test', { to: 'nobody' })).toMatchObject({ details: [{ path: 'to' }] });
  });

  it('refuse a sender that could write headers', async () => {
    const error = await at.current().refusal('PUT', '/api/mail', { from: 'a@b.example\r\nBcc: c@d.example' });
    expect(error).toMatchObject({ code: 'invalid', details: [{ path: 'from' }] });
  });
});
