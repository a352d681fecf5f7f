import { expect, test } from 'vitest';
import { findBinaries } from '../../../../server/storage/embedded/find-binaries.ts';

test('systems without a build are told so, and what to do instead', async () => {
  const musl = findBinaries({ os: 'linux', cpu: 'x64', libc: 'musl' });
  await expect(musl).rejects.toThrow(/musl.*DATABASE_URL/);
  await expect(findBinaries({ os: 'win32', cpu: 'x64', libc: 'other' })).rejects.toThrow(/Windows.*DATABASE_URL/);
  await expect(findBinaries({ os: 'freebsd', cpu: 'x64', libc: 'other' })).rejects.toThrow(/freebsd on x64.*DATABASE_URL/);
});

test('an install that left the binaries out is told so', async () => {
  const notHere = process.arch === 'arm64' ? 'x64' : 'arm64';
  await expect(findBinaries({ os: 'linux', cpu: notHere, libc: 'glibc' })).rejects.toThrow(/not installed.*DATABASE_URL/);
});
