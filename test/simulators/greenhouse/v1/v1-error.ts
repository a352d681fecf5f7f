export interface FieldError {
  message: string;
  field: string;
}

/** What v1 answers when it does not do as asked; thrown inside a call. */
export class V1Error extends Error {
  readonly status: 401 | 403 | 404 | 422;
  readonly errors: FieldError[];
  constructor(status: V1Error['status'], message: string, errors: FieldError[] = []) {
    super(message);
    this.name = 'V1Error';
    this.status = status;
    this.errors = errors;
  }

  /** 401 and 403 have the sentence alone. */
  get body(): Record<string, unknown> {
    const { message, errors } = this;
    return errors.length > 0 || this.status === 422 ? { message, errors } : { message };
  }
}

export function invalid(...errors: FieldError[]): V1Error {
  return new V1Error(422, 'Validation error', errors);
}

export function missing(): V1Error {
  return new V1Error(404, 'Resource not found');
}
