import { Hono } from 'hono';
import { z } from 'zod';
import type { LeverOutbox } from '../webhooks/outbox.ts';
import type { LeverWorld } from '../world.ts';
import { toControlPage } from './to-control-page.ts';
import { toState } from './to-state.ts';

/** The commands by name, as HTTP sees them. */
export type Commands = Record<string, { runUnparsed(input: unknown): unknown }>;

/**
 * `GET /` a page for a person, `GET /state`, `GET /journal`, `GET /deliveries`, and `POST /<command>` with its argument as JSON:
 * the same commands that tests call as methods. 400 says what was wrong with the order.
 */
export function createControl(world: LeverWorld, outbox: LeverOutbox, commands: Commands): Hono {
  const app = new Hono();
  app.onError((error, c) => {
    const message = error instanceof z.ZodError ? z.prettifyError(error) : error.message;
    return c.json({ error: message }, 400);
  });
  app.get('/', (c) => c.html(toControlPage(toState(world, outbox.deliveries()), new URL(c.req.url).pathname)));
  app.get('/state', (c) => c.json(toState(world, outbox.deliveries())));
  app.get('/journal', (c) => c.json(world.journal.list()));
  app.get('/deliveries', (c) => c.json(outbox.deliveries()));
  app.post('/:command', async (c) => {
    const name = c.req.param('command');
    const found = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (!found) return c.json({ error: `No command ${name}`, commands: Object.keys(commands) }, 404);
    const isForm = c.req.header('content-type')?.startsWith('application/x-www-form-urlencoded') ?? false;
    const input = isForm ? toInput(await c.req.formData()) : JSON.parse((await c.req.text()) || '{}');
    const result = (await found.runUnparsed(input)) ?? null;
    return isForm ? c.redirect('./', 303) : c.json(result);
  });
  return app;
}

/** A form's fields; `tags` is a list separated by commas. */
function toInput(form: FormData): Record<string, unknown> {
  const fields = [...form.entries()].map(([name, value]): [string, unknown] => {
    const text = String(value);
    return [name, name === 'tags' ? text.split(',').map((tag) => tag.trim()) : text];
  });
  return Object.fromEntries(fields);
}
