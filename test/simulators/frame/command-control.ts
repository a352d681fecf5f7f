import { Hono } from 'hono';
import { z } from 'zod';
import type { Commands } from './command.ts';
import type { Journal } from './journal.ts';

interface CommandControl {
  /** Whose rows `/journal` shows. */
  name: string;
  journal: Journal;
  commands: Commands;
  toState(): unknown;
  /** The page for a person: forms that post to the commands by name. */
  toPage(): string | Promise<string>;
}

/**
 * `GET /` a page for a person, `GET /state`, `GET /journal`, and `POST /<command>` with its argument as JSON or as a form (which leads
 * back to the page). 400 says what was wrong with the order, 404 that there is no such command.
 */
export function createCommandControl({ name, journal, commands, toState, toPage }: CommandControl): Hono {
  const app = new Hono();
  app.onError((error, c) => c.json({ error: error instanceof z.ZodError ? z.prettifyError(error) : error.message }, 400));
  app.get('/', async (c) => c.html(await toPage()));
  app.get('/state', (c) => c.json(toState()));
  app.get('/journal', (c) => c.json(journal.list().filter((row) => row.simulator === name)));
  app.post('/:command', async (c) => {
    const wanted = c.req.param('command');
    const found = Object.hasOwn(commands, wanted) ? commands[wanted] : undefined;
    if (!found) return c.json({ error: `No command ${wanted}`, commands: Object.keys(commands) }, 404);
    const isForm = c.req.header('content-type')?.startsWith('application/x-www-form-urlencoded') ?? false;
    const input = isForm ? toInput(await c.req.formData()) : JSON.parse((await c.req.text()) || '{}');
    const result = (await found.runUnparsed(input)) ?? null;
    return isForm ? c.redirect('./', 303) : c.json(result);
  });
  return app;
}

/** A form's fields that were filled in. "true" and "false" are truth values; numbers are for the commands to read. */
function toInput(form: FormData): Record<string, unknown> {
  const fields = [...form.entries()].map(([key, value]) => [key, String(value)] as const).filter(([, text]) => text !== '');
  return Object.fromEntries(fields.map(([key, text]) => [key, text === 'true' ? true : text === 'false' ? false : text]));
}
