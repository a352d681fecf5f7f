import { describe, expect, it } from 'vitest';
import { isStoreDown } from '../../../server/storage/is-store-down.ts';

const system = (code: string) => Object.assign(new Error('connect'), { code, syscall: 'connect' });
const fromDatabase = (code: string) => Object.assign(new Error('refused'), { code, severity: 'FATAL' });

describe('the store counts as away', () => {
  it.each([
    system('ECONNREFUSED'),
    system('ENOENT'),
    fromDatabase('57P01'),
    fromDatabase('53300'),
    ...['53100', '57014', '58030', '25006', '40001', '40P01', 'XX001', 'XX002'].map(fromDatabase),
    fromDatabase('57014'),
    new Error('Connection terminated unexpectedly'),
    new Error('Query read timeout'),
    new Error('Client was closed and is not queryable'),
    new Error('Failed query', { cause: system('ECONNRESET') }),
  ])('when it says %o', (error) => {
    expect(isStoreDown(error)).toBe(true);
  });

  it.each([
    fromDatabase('23505'),
    fromDatabase('22P02'),
    new TypeError('x is undefined'),
    Object.assign(new Error('no file'), { code: 'ENOENT' }),
    'ECONNREFUSED',
  ])('but not when our own code is wrong: %o', (error) => {
    expect(isStoreDown(error)).toBe(false);
  });
});
