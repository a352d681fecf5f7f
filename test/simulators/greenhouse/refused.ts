/** The world says no: the API answers 422 with it, the control page shows it. */
export class Refused extends Error {
  /** The key of the body that is wrong, where there is one: 422 answers know both kinds of entry. */
  readonly field: string | null;
  constructor(message: string, field: string | null = null) {
    super(message);
    this.name = 'Refused';
    this.field = field;
  }
}

/** No such row, or not visible to the caller: the API answers 404. */
export class NotThere extends Error {
  constructor(what: string) {
    super(`${what} does not exist`);
    this.name = 'NotThere';
  }
}
