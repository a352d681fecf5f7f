import { createRoute, type z } from '@hono/zod-openapi';
import { PATHS } from '../../lib/contract/paths.ts';
import { mailSettingsSchema, mailViewSchema, testMailAnswerSchema, testMailSchema } from '../../lib/contract/settings.ts';
import { checkMailTemplate, type MailTemplate } from '../../lib/domain/mail-template.ts';
import { isMailAddress } from '../outbound/compose-mail.ts';
import { say } from '../say.ts';
import type { Services } from '../services.ts';
import { readMailSettings, saveMailSettings } from '../storage/mail-settings.repository.ts';
import { json, jsonBody, refusals } from './answers.ts';
import { ApiError } from './api-error.ts';
import type { App } from './app-env.ts';
import { auditAct, audited } from './audited.ts';
import { checkMailServer } from './check-mail-server.ts';
import { difference } from './difference.ts';
import { needs } from './needs.ts';
import { sendTestMail } from './send-test-mail.ts';

const read = createRoute({
  method: 'get',
  path: PATHS.mail,
  summary: 'Where invitations by e-mail go out',
  ...needs('admin'),
  responses: { 200: json(mailViewSchema, 'The mail settings without credentials'), ...refusals },
});

const replace = createRoute({
  method: 'put',
  path: PATHS.mail,
  summary: 'Set the mail server; without smtpUrl the stored one stays, an empty one forgets it',
  ...needs('admin'),
  request: { body: jsonBody(mailSettingsSchema) },
  responses: { 200: json(mailViewSchema, 'The mail settings after it'), ...refusals },
});

const test = createRoute({
  method: 'post',
  path: PATHS.mailTest,
  summary: 'Send the invitation as it is stored, with an example in its gaps',
  ...needs('admin'),
  request: { body: jsonBody(testMailSchema) },
  responses: { 200: json(testMailAnswerSchema, 'What came of it'), ...refusals },
});

/** The company's own mail server, for vendors that do not write to candidates themselves. */
export function addMailRoutes(app: App, services: Services): void {
  const { db, clock, sealer, config } = services;
  app.openapi(read, async (c) => c.json(await view(db), 200));
  app.openapi(replace, async (c) => {
    const { from, smtpUrl, bounce, template } = c.req.valid('json');
    checkSender(from);
    checkBounce(bounce?.trim() ?? '');
    if (template) checkTemplate(template);
    const server = smtpUrl ? checkMailServer(smtpUrl, config.testHosts) : smtpUrl === '' ? null : undefined;
    const words = { bounce: bounce?.trim(), template };
    await audited(services, c.get('member'), async (inside, note) => {
      const before = await readMailSettings(inside.db);
      await saveMailSettings(inside.db, { from: from.trim(), smtpUrl: server, ...words, now: clock.now() }, sealer);
      const detail = difference(
        { ...before },
        { ...(await readMailSettings(inside.db)), ...(server && { credentials: 'replaced' }) },
      );
      if (detail) note({ action: 'mail.changed', detail });
    });
    return c.json(await view(db), 200);
  });
  app.openapi(test, async (c) => {
    const member = c.get('member');
    const { to } = c.req.valid('json');
    const came = await sendTestMail(services, { to, by: member.id });
    await auditAct(services, member, { action: 'mail.tested', detail: { after: { to: to || 'self', taken: came.ok } } });
    return c.json(came, 200);
  });
}

async function view(db: Services['db']): Promise<z.infer<typeof mailViewSchema>> {
  const settings = await readMailSettings(db);
  return { configured: settings.host !== null && settings.from !== '', ...settings };
}

function checkBounce(bounce: string): void {
  if (bounce === '' || isMailAddress(bounce)) return;
  const message = say('server.mail-bounce-wrong');
  throw new ApiError('invalid', { message, details: [{ path: 'bounce', message }] });
}

function checkTemplate(template: MailTemplate): void {
  const problem = checkMailTemplate(template);
  if (!problem) return;
  const message = say(`server.mail-template.${problem.kind}`, { gap: 'gap' in problem ? problem.gap : '{link}' });
  throw new ApiError('invalid', { message, details: [{ path: `template.${problem.field}`, message }] });
}

/** `name@host` or `Name <name@host>`; a line break would let a setting write headers. */
function checkSender(from: string): void {
  if (/^([^<>\r\n]*<[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/.test(from.trim())) return;
  const message = say('server.mail-from-wrong');
  throw new ApiError('invalid', { message, details: [{ path: 'from', message }] });
}
