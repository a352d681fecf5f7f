import type { LeverContext } from './api-env.ts';
import { badRequest } from './api-error.ts';

/**
 * The query as said. Stricter than Lever is known to be: a parameter that the endpoint does not know, or one given twice that
 * may be given once, is refused, because a misspelt filter would otherwise quietly answer with everything.
 */
export class LeverQuery {
  private readonly values: Record<string, string[]>;

  constructor(c: LeverContext, allowed: { once?: readonly string[]; repeated?: readonly string[] }) {
    this.values = c.req.queries();
    for (const [name, given] of Object.entries(this.values)) {
      const isOnce = allowed.once?.includes(name);
      if (!isOnce && !allowed.repeated?.includes(name)) throw badRequest(`Unknown query parameter ${name}`);
      if (isOnce && given.length > 1) throw badRequest(`Query parameter ${name} may be given only once`);
    }
  }

  text(name: string): string | undefined {
    return this.values[name]?.[0];
  }

  all(name: string): string[] {
    return this.values[name] ?? [];
  }

  /** Milliseconds since 1970, or another whole number. */
  integer(name: string): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    if (!/^\d+$/.test(text)) throw badRequest(`${name} must be an integer`);
    return Number(text);
  }

  boolean(name: string): boolean | undefined {
    const text = this.text(name);
    if (text !== undefined && text !== 'true' && text !== 'false') throw badRequest(`${name} must be true or false`);
    return text === undefined ? undefined : text === 'true';
  }

  oneOf<T extends string>(name: string, values: readonly T[]): T | undefined {
    const text = this.text(name);
    const found = values.find((value) => value === text);
    if (text !== undefined && found === undefined) throw badRequest(`${name} must be one of ${values.join(', ')}`);
    return found;
  }
}
