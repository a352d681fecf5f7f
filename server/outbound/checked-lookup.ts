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
 */
export function createCheckedLookup(target: Target, resolve: Resolve): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname)
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

function checked(addresses: ResolvedAddress[], target: Target): ResolvedAddress[] {
  if (addresses.length === 0) throw Object.assign(new Error(`${target.host} has no address`), { code: 'ENOTFOUND' });
  const isFine = target.isTestHost || addresses.every(({ address }) => isPublicAddress(address));
  if (!isFine) throw new ForbiddenAddress(privateAddressDetail(target.host));
  return addresses;
}
