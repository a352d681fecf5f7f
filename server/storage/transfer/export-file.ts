import { z } from 'zod';

/**
 * An export: gzipped lines. `H` header, then for each table `T name` and its rows as `R json` (as PostgreSQL writes them, so that no
 * number and no time goes through JavaScript), `S` the counters, and `E` with what there was: a file without its end is no export.
 */
export const headerSchema = z.object({
  tagalong: z.literal('export'),
  version: z.literal(1),
  /** The newest migration of the database it was taken from. */
  migration: z.string(),
  /** Tells which master key sealed its credentials, without telling the key. */
  keyMark: z.string(),
  /** Earlier keys under which some of it still is: the master key was just being changed. */
  otherKeyMarks: z.array(z.string()).default([]),
  takenAt: z.string(),
  /** Servers were at work on that database. Earlier versions did not say. */
  atWork: z.boolean().exactOptional(),
});
export type ExportHeader = z.infer<typeof headerSchema>;

export const sequenceSchema = z.object({ name: z.string(), value: z.string().nullable() });

export const endSchema = z.object({
  /** Rows by table. */
  rows: z.record(z.string(), z.number()),
  /** SHA-256, hex, over all lines before this one. */
  sha256: z.string(),
});
export type ExportEnd = z.infer<typeof endSchema>;
