/** A refusal in Lever's form. Codes other than ResourceNotFound are inferred: Lever publishes no list. */
export class LeverApiError extends Error {
  readonly status: 400 | 401 | 403 | 404 | 405 | 429;
  readonly code: string;
  constructor(status: LeverApiError['status'], code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export const badRequest = (message: string) => new LeverApiError(400, 'BadRequestError', message);
export const forbidden = (message: string) => new LeverApiError(403, 'ForbiddenError', message);
/** "stages a80… was not found": the documented wording. */
export const notFound = (kind: string, id: string) => new LeverApiError(404, 'ResourceNotFound', `${kind} ${id} was not found`);
