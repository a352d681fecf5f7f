import pino from 'pino';
import { expect, test } from 'vitest';
import { keepAlive } from '../../../../server/storage/embedded/keep-alive.ts';

/** Of a PostgreSQL that is dead, or as `look` says; tells what was done with it and what was logged. */
function watchDead(look: Partial<Parameters<typeof keepAlive>[0]>) {
  const done: string[] = [];
  const log = pino({ base: null, timestamp: false }, { write: (line: string) => void done.push(JSON.parse(line).msg) });
  const watch = keepAlive({
    isAlive: async () => false,
    isStuck: async () => false,
    end: async () => void done.push('end'),
    revive: async () => void done.push('revive'),
    everyMs: 1,
    log,
    ...look,
  });
  return { watch, done };
}

test('a PostgreSQL that is found dead after the end was asked for is not started again, and nothing is said', async () => {
  const looked = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<boolean>();
  const { watch, done } = watchDead({
    isAlive: () => {
      looked.resolve();
      return answer.promise;
    },
  });
  await looked.promise;
  const ended = watch.end();
  answer.resolve(false);
  await ended;
  expect(done).toEqual([]);
});

test('nor is one that was stuck and is being ended just then', async () => {
  const ending = Promise.withResolvers<AbortSignal>();
  const isEnded = Promise.withResolvers<void>();
  const { watch, done } = watchDead({
    isAlive: async () => true,
    isStuck: async () => true,
    end: (over) => {
      ending.resolve(over);
      return isEnded.promise;
    },
  });
  const over = await ending.promise;
  const ended = watch.end();
  expect(over.aborted).toBe(true);
  isEnded.resolve();
  await ended;
  expect(done).toEqual([expect.stringMatching(/no process that does; ending it/)]);
});

test('a revival that is broken off is no fault, and one whose process could not be stopped is told', async () => {
  const during = async (fail: (over: AbortSignal) => unknown) => {
    const reviving = Promise.withResolvers<void>();
    const { watch, done } = watchDead({
      revive: (over) => {
        reviving.resolve();
        return new Promise((_, reject) => over.addEventListener('abort', () => reject(fail(over))));
      },
    });
    await reviving.promise;
    await watch.end();
    return done;
  };
  const begun = 'PostgreSQL ended unasked; starting it again';
  expect(await during((over) => over.reason)).toEqual([begun]);
  expect(await during(() => new Error('could not be ended'))).toEqual([begun, 'PostgreSQL could not be started again']);
});
