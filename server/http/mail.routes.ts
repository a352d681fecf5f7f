import { createRoute, type z } from '@hono/zod-openapi';
import { PATHS } from '../../lib/contract/paths.ts';
import { mailSettingsSchema, mailViewSchema } from '../../lib/contract/settings.ts';
import { say } from '../say.ts';
import type { Services } from '../services.ts';
import { readMailSettings, saveMailSettings } from '../storage/mail-settings.repository.ts';
import { json, jsonBody, refusals } from './answers.ts';
import { ApiError } from './api-error.ts';
import type { App } from './app-env.ts';
import { checkMailServer } from './check-mail-server.ts';
import { needs } from './needs.ts';

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

/** The company's own mail server, for vendors that do not write to candidates themselves. */
export function addMailRoutes(app: App, { db, clock, sealer, config }: Services): void {
  app.openapi(read, async (c) => c.json(await view(db), 200));
  app.openapi(replace, async (c) => {
    const { from, smtpUrl } = c.req.valid('json');
    checkSender(from);
    const server = smtpUrl ? checkMailServer(smtpUrl, config.testHosts) : smtpUrl === '' ? null : undefined;
    await saveMailSettings(db, { from: from.trim(), smtpUrl: server, now: clock.now() }, sealer);
    return c.json(await view(db), 200);
  });
}

async function view(db: Services['db']): Promise<z.infer<typeof mailViewSchema>> {
  const { from, host } = await readMailSettings(db);
  return { configured: host !== null && from !== '', from, host };
}

/** `name@host` or `Name <name@host>`; a line break would let a setting write headers. */
function checkSender(from: string): void {
  if (/^([^<>\r\n]*<[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/.test(from.trim())) return;
  const message = say('server.mail-from-wrong');
  throw new ApiError('invalid', { message, details: [{ path: 'from', message }] });
}
