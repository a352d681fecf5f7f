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
 * Who asks while a look-up of the name is under way gets the same answer or error, and checks it by its own target. Where it has not returned
 * for 120 s another is begun, unless some name has two already. `steadyMs`: milliseconds that only ever grow.
 */
export function createCheckedLookup(target: Target, resolve: Resolve, steadyMs = () => performance.now()): LookupFunction {
  return (hostname, options, callback) => {
    resolveTogether(hostname, resolve, steadyMs())
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

interface LookUp {
  startedAt: number;
  addresses: Promise<ResolvedAddress[]>;
}

/**
 * Under way, the latest last. By resolver, because the system's serves every client of the process; by name alone, because all its addresses are
 * always asked for.
 */
const underWay = new WeakMap<Resolve, Map<string, readonly LookUp[]>>();

/**
 * Longer than any look-up that ends: the system asks each of up to three name servers twice and waits 5 s for each, 30 s in all. One has no end
 * where its question went over a TCP connection that died.
 */
const JOINED_FOR_MS = 120_000;

/**
 * The system looks names up in few threads (libuv has four), and a zone that says nothing holds one for many seconds, also when the
 * asker has long given up. Asked for often, such a name alone would hold them all, and no other host would be reached. What never returns
 * keeps its thread for ever, so that of all names only one at a time is looked up a second time: with two each, two names would hold them
 * all. Nothing is kept of a look-up that has ended.
 */
async function resolveTogether(hostname: string, resolve: Resolve, now: number): Promise<ResolvedAddress[]> {
  const ofResolver = underWay.get(resolve) ?? new Map<string, readonly LookUp[]>();
  underWay.set(resolve, ofResolver);
  const running = ofResolver.get(hostname) ?? [];
  const latest = running.at(-1);
  const isSecondTaken = () => [...ofResolver.values()].some((ofName) => ofName.length > 1);
  const isJoined = latest && (now - latest.startedAt < JOINED_FOR_MS || isSecondTaken());
  const { addresses } = isJoined ? latest : begin();
  // Each its own: what one does to its list must not change what another has checked.
  return structuredClone(await addresses);

  function begin(): LookUp {
    const end = () => {
      const left = (ofResolver.get(hostname) ?? []).filter((other) => other !== mine);
      if (left.length > 0) ofResolver.set(hostname, left);
      else ofResolver.delete(hostname);
    };
    const mine = { startedAt: now, addresses: resolve(hostname).finally(end) };
    ofResolver.set(hostname, [...running, mine]);
    return mine;
  }
}

function checked(addresses: ResolvedAddress[], target: Target): ResolvedAddress[] {
  if (addresses.length === 0) throw Object.assign(new Error(`${target.host} has no address`), { code: 'ENOTFOUND' });
  const isFine = target.isTestHost || addresses.every(({ address }) => isPublicAddress(address));
  if (!isFine) throw new ForbiddenAddress(privateAddressDetail(target.host));
  return addresses;
}
