import { type QueryKey, useMutation, useQueryClient } from '@tanstack/react-query';
import { useAdmin } from './admin-context.ts';
import { SETTINGS_KEY } from './query-client.ts';

export interface SaveInput<Input, Answer> {
  save(input: Input): Promise<Answer>;
  /** Read out and shown when it worked. */
  said: string | ((answer: Answer) => string);
  /** Asked anew besides our own settings. */
  refresh?: QueryKey;
}

export interface Save<Input, Answer> {
  /** False when it did not work; `failure` then says why. */
  run(input: Input): Promise<boolean>;
  isBusy: boolean;
  failure: Error | null;
  /** Of the last one that worked. */
  answer: Answer | undefined;
  /** True from the answer on until the next try. */
  isDone: boolean;
  forget(): void;
}

/** One save: busy, failed with a sentence, or done with the settings read anew, so that a form never shows its old values again. */
export function useSave<Input, Answer>({ save, said, refresh }: SaveInput<Input, Answer>): Save<Input, Answer> {
  const { announce } = useAdmin();
  const client = useQueryClient();
  const mutation = useMutation({
    mutationFn: save,
    // Also after a failure: the first half of it may have been done.
    onSettled: async () => {
      const keys = refresh ? [SETTINGS_KEY, refresh] : [SETTINGS_KEY];
      await Promise.all(keys.map((queryKey) => client.invalidateQueries({ queryKey })));
    },
  });
  return {
    async run(input) {
      try {
        const answer = await mutation.mutateAsync(input);
        announce(typeof said === 'string' ? said : said(answer));
        return true;
      } catch {
        // The mutation keeps the error; the form shows it.
        return false;
      }
    },
    isBusy: mutation.isPending,
    failure: mutation.error,
    answer: mutation.data,
    isDone: mutation.isSuccess,
    forget: mutation.reset,
  };
}
