import type { z } from 'zod';

/** Something a person or a test may order: callable in a test with a typed argument, and over HTTP with the same as JSON. */
export interface Command<S extends z.ZodType, R> {
  (...input: undefined extends z.input<S> ? [input?: z.input<S>] : [input: z.input<S>]): R;
  /** Parses what came over HTTP, then does the same. */
  runUnparsed(input: unknown): R;
}

export function command<S extends z.ZodType, R>(schema: S, run: (input: z.output<S>) => R): Command<S, R> {
  const runUnparsed = (input: unknown) => run(schema.parse(input));
  return Object.assign((input?: z.input<S>) => runUnparsed(input), { runUnparsed });
}
