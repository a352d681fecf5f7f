import type { z } from 'zod';

/** Something a person or a test may order of a simulator: a typed method, and the same over HTTP with its argument as JSON. */
interface Command<S extends z.ZodType, R> {
  (...input: undefined extends z.input<S> ? [input?: z.input<S>] : [input: z.input<S>]): R;
  /** Parses what came over HTTP, then does the same. @throws ZodError */
  runUnparsed(input: unknown): R;
}

/** The commands by name, as HTTP sees them. */
export type Commands = Record<string, { runUnparsed(input: unknown): unknown }>;

export function command<S extends z.ZodType, R>(schema: S, run: (input: z.output<S>) => R): Command<S, R> {
  const runUnparsed = (input: unknown) => run(schema.parse(input));
  return Object.assign((input?: z.input<S>) => runUnparsed(input), { runUnparsed });
}
