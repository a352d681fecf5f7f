import { z } from 'zod';

/**
 * What the next mails meet. `greylist`: 451 at the recipient, come again. `reject`: 554 after the text. `drop`: the mail is taken and the
 * connection breaks before the answer. `hang`: the text is read and nothing is ever answered.
 */
export const mailFailureSchema = z.strictObject({
  kind: z.enum(['greylist', 'reject', 'drop', 'hang']),
  times: z.coerce.number().int().positive().default(1),
});
type Failure = z.output<typeof mailFailureSchema>;

/** Failures planned for the next mails, each used up by the mails that meet it. */
export function createMailFailures() {
  let planned: Failure[] = [];
  return {
    plan: (failure: Failure) => void planned.push({ ...failure }),
    clear: () => {
      planned = [];
    },
    /** The next failure, if it is of one of these kinds. */
    take(...kinds: Failure['kind'][]): Failure['kind'] | undefined {
      const [next] = planned;
      if (!next || !kinds.includes(next.kind)) return undefined;
      next.times -= 1;
      planned = planned.filter(({ times }) => times > 0);
      return next.kind;
    },
  };
}
