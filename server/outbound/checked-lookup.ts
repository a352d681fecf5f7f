import { lookup as systemLookup } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';
import { isPublicAddress } from './is-public-address.ts';
import { privateAddressDetail, type Target } from './target.ts';

export interface ResolvedAddress {
  address: string;
  family: number;
}

/** Resolves a name to all its addresses; rejects as node:dns does. */
export type Resolve = (hostname: string) => Promise<ResolvedAddress[]>;

export const systemResolve: Resolve = (hostname) => systemLookup(hostname, { all: true });

/** A name that resolved to an address we do not call. */
export class ForbiddenAddress extends Error {}

/**
 * The resolver for one connection. The socket connects to exactly the addresses that were checked here, so a name that
 * changes between check and connect (DNS rebinding) gains nothing. One private address among public ones refuses all.
 * At most one look-up of a name is under way: who asks meanwhile gets the same answer or error, and checks it by its own target.
 */
export function createCheckedLookup(target: Target, resolve: Resolve): LookupFunction {
  return (hostname, options, callback) => {
    resolveTogether(hostname, resolve)
      .then((addresses) => checked(addresses, target))
      .then(
        (addresses) => {
          const [first] = addresses;
          if (options.all) callback(null, addresses);
          else callback(null, first?.address ?? '', first?.family);
        },
        (error: NodeJS.ErrnoException) => callback(error, []),
      );
  };
}

/** By resolver, because the system's serves every client of the process; by name alone, because all its addresses are always asked for. */
const underWay = new WeakMap<Resolve, Map<string, Promise<ResolvedAddress[]>>>();

/**
 * The system looks names up in few threads (libuv has four), and a zone that says nothing holds one for many seconds, also when the
 * asker has long given up. Asked for often, such a name alone would hold them all, and no other host would be reached. Nothing is kept
 * of a look-up that has ended.
 */
async function resolveTogether(hostname: string, resolve: Resolve): Promise<ResolvedAddress[]> {
  const ofResolver = underWay.get(resolve) ?? new Map<string, Promise<ResolvedAddress[]>>();
  underWay.set(resolve, ofResolver);
  const running = ofResolver.get(hostname) ?? resolve(hostname).finally(() => ofResolver.delete(hostname));
  ofResolver.set(hostname, running);
  // Each its own: what one does to its list must not change what another has checked.
  return structuredClone(await running);
}

function checked(addresses: ResolvedAddress[], target: Target): ResolvedAddress[] {
  if (addresses.length === 0) throw Object.assign(new Error(`${target.host} has no address`), { code: 'ENOTFOUND' });
  const isFine = target.isTestHost || addresses.every(({ address }) => isPublicAddress(address));
  if (!isFine) throw new ForbiddenAddress(privateAddressDetail(target.host));
  return addresses;
}
