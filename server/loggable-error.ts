import { DrizzleQueryError } from 'drizzle-orm/errors';

/**
 * An error as it may stand in the log. A failed query carries its parameters in message and stack, and PostgreSQL's `detail` quotes
 * the row: both can be a candidate's data, so only the database's own sentence and code are kept.
 */
export function loggableError(error: Error): { type: string; message: string; code?: string; stack?: string } {
  if (error instanceof DrizzleQueryError && error.cause) {
    return { type: error.cause.name, message: error.cause.message, code: codeOf(error.cause) };
  }
  return { type: error.name, message: error.message, code: codeOf(error), stack: error.stack };
}

function codeOf(error: Error): string | undefined {
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
