import { DrizzleQueryError } from 'drizzle-orm/errors';

/**
 * An error as it may stand in the log. A failed query carries its parameters in message and stack, and PostgreSQL's `detail` quotes
 * the row: both can be a candidate's data, so only the database's own sentence and code are kept, and of a sentence that quotes what it
 * was given ("invalid input syntax", "is not valid JSON") not the quotation.
 */
export function loggableError(error: Error): { type: string; message: string; code?: string; stack?: string } {
  if (error instanceof DrizzleQueryError && error.cause) {
    const { cause } = error;
    return { type: cause.name, message: sentenceOf(cause), code: codeOf(cause) };
  }
  const message = sentenceOf(error);
  return { type: error.name, message, code: codeOf(error), stack: error.stack?.replace(error.message, () => message) };
}

const QUOTATION = /"[\s\S]*"/g;

function sentenceOf(error: Error): string {
  return quotesInput(error) ? error.message.replace(QUOTATION, '"..."') : error.message;
}

/** Class 22, data exceptions: https://www.postgresql.org/docs/18/errcodes-appendix.html. JSON.parse quotes the place where it stopped. */
function quotesInput(error: Error): boolean {
  return error instanceof SyntaxError || codeOf(error)?.startsWith('22') === true;
}

function codeOf(error: Error): string | undefined {
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
