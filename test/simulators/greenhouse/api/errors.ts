/** What the API answers when it does not do as asked; thrown inside a call. */
export class ApiError extends Error {
  readonly status: 400 | 401 | 403 | 404 | 422 | 429;
  readonly body: Record<string, unknown>;
  constructor(status: ApiError['status'], body: Record<string, unknown>) {
    super(JSON.stringify(body));
    this.name = 'ApiError';
    this.status = status;
    this.body = body;
  }
}

export function unauthorized(why = ''): ApiError {
  return new ApiError(401, { message: 'Unauthorized', errors: [`Token could not be decoded. ${why}`.trim()] });
}

/** Inferred: the body of a 403 is not documented. */
export function forbidden(why: string): ApiError {
  return new ApiError(403, { message: 'Forbidden', errors: [why] });
}

export function notFound(): ApiError {
  return new ApiError(404, { message: 'Resource not found' });
}

/** Entries are sentences, or name the field: both occur. */
export function unprocessable(...errors: (string | Record<string, string>)[]): ApiError {
  return new ApiError(422, { message: 'Unprocessable Content', errors });
}
