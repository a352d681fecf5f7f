import { defineConfig } from 'drizzle-kit';

/**
 * For `drizzle-kit generate --config server/storage/drizzle.config.ts`, run in the top folder after a change of schema.ts.
 * (The first migration says `create schema if not exists` by hand: drizzle's migrator makes the schema for its own table first.)
 */
export default defineConfig({
  dialect: 'postgresql',
  schema: './server/storage/schema.ts',
  out: './server/storage/migrations',
  schemaFilter: ['tagalong'],
  migrations: { schema: 'tagalong', table: 'migrations' },
});
