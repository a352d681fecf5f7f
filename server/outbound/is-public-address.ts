import { BlockList, isIPv4, isIPv6 } from 'node:net';

/** Everything IANA does not hand out to the public: https://www.iana.org/assignments/iana-ipv4-special-registry */
const NOT_PUBLIC_V4 = toBlockList('ipv4', [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
]);

/**
 * For version 6 the other way round: only global unicast is public, so that mapped (::ffff:127.0.0.1), compatible, NAT64,
 * link-local, unique-local, multicast and unspecified addresses are refused without listing their spellings.
 */
const GLOBAL_V6 = toBlockList('ipv6', ['2000::/3']);
/** Parts of it that lead elsewhere: protocol assignments with Teredo, documentation, 6to4 (carries any v4 address). */
const NOT_PUBLIC_V6 = toBlockList('ipv6', ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20']);

function toBlockList(family: 'ipv4' | 'ipv6', subnets: readonly string[]): BlockList {
  const list = new BlockList();
  for (const subnet of subnets) {
    const [address = '', prefix] = subnet.split('/');
    list.addSubnet(address, Number(prefix), family);
  }
  return list;
}

/** True for an IP address (as resolved, without brackets) that anybody on the internet could be meant by. Names give false. */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !NOT_PUBLIC_V4.check(address, 'ipv4');
  if (!isIPv6(address) || address.includes('%')) return false;
  return GLOBAL_V6.check(address, 'ipv6') && !NOT_PUBLIC_V6.check(address, 'ipv6');
}
