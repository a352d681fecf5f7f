import type { Refusal } from '../../lib/contract/messages.ts';

export interface FailureDetail {
  path: string;
  message: string;
}

/** A call that did not work, with a sentence for the admin and, for a form, what is wrong with which field. */
export class ApiFailure extends Error {
  readonly code: Refusal['refused'] | 'no-answer' | 'server-outdated';
  readonly details: FailureDetail[];

  constructor(code: ApiFailure['code'], message: string, details: FailureDetail[] = []) {
    super(message);
    this.name = 'ApiFailure';
    this.code = code;
    this.details = details;
  }
}

/** The browser is not connected any more: nothing on this page works until it is again. */
export function isCutOff(error: unknown): boolean {
  return error instanceof ApiFailure && ['revoked', 'not-connected', 'unauthorised'].includes(error.code);
}

/** What is wrong with each field, by its path in the request ("settings.apiUrl"). */
export function problemsByPath(error: unknown): Record<string, string> {
  if (!(error instanceof ApiFailure)) return {};
  return Object.fromEntries(error.details.map(({ path, message }) => [path, message]));
}
