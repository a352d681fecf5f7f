import { z } from 'zod';

const MAX_LENGTH = 300;
const EMAIL = /[^\s@"'<>(),;:]+@[^\s@"'<>(),;:]+/g;

const messageShape = z.union([z.string(), z.object({ message: z.string() }).transform((error) => error.message)]);

/** Where APIs put their sentence: message (Lever, Greenhouse), errors (Greenhouse), error / error_description (OAuth), detail (RFC 9457). */
const errorBodyShape = z.object({
  message: messageShape.optional().catch(undefined),
  error_description: messageShape.optional().catch(undefined),
  error: messageShape.optional().catch(undefined),
  errors: z.array(messageShape).optional().catch(undefined),
  detail: messageShape.optional().catch(undefined),
  title: messageShape.optional().catch(undefined),
});

/** Harvest v1 says beside "Validation error" which field it means. https://developers.greenhouse.io/harvest.html#validation */
const fieldErrorsShape = z.object({ errors: z.array(z.object({ message: z.string(), field: z.string() })).min(1) });

/**
 * Harvest v3 puts sentences and objects that name a field into one list, beside a message that says nothing.
 * https://harvestdocs.greenhouse.io/reference
 */
const entriesShape = z.object({ errors: z.array(z.union([z.string(), z.record(z.string(), z.string())])).min(1) });

function sayEntry(entry: string | Record<string, string>): string {
  if (typeof entry === 'string') return entry;
  const said = Object.entries(entry).map(([field, wrong]) => `${field} ${wrong}`);
  return said.join(', ');
}

/** The other side's own sentence, short, on one line and without e-mail addresses; empty when it gave none. */
export function errorDetail(body: unknown): string {
  const parsed = errorBodyShape.safeParse(body);
  if (!parsed.success) return '';
  const { message, error_description, error, errors, detail, title } = parsed.data;
  const fields = fieldErrorsShape
    .safeParse(body)
    .data?.errors.map(({ field, message: wrong }) => `${field} ${wrong}`)
    .join('; ');
  const entries = fields ?? entriesShape.safeParse(body).data?.errors.map(sayEntry).join('; ');
  const said = message && entries ? `${message}: ${entries}` : message;
  const sentence = said ?? error_description ?? detail ?? errors?.join('; ') ?? error ?? title ?? '';
  return sentence.replace(EMAIL, '[e-mail]').replace(/\s+/g, ' ').trim().slice(0, MAX_LENGTH).toWellFormed();
}
