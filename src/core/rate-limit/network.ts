import { isIP, SocketAddress } from 'node:net';

/**
 * An address as a connection or a proxy names it, in its one form: without a port, brackets or a zone, and an IPv4 address that is
 * written as IPv6 as IPv4. Undefined for what is no address.
 */
export function plainAddress(text: string): string | undefined {
  const bare =
    /^\[([\da-fA-F:.]{2,45})(?:%[^\]]{0,64})?\](?::\d{1,5})?$/.exec(text)?.[1] ??
    /^(\d{1,3}(?:\.\d{1,3}){3}):\d{1,5}$/.exec(text)?.[1] ??
    text.split('%', 1)[0] ??
    '';
  const version = isIP(bare);
  if (version === 0) return undefined;
  if (version === 4) return bare;
  const { address } = new SocketAddress({ address: bare, family: 'ipv6' });
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(address)?.[1] ?? address;
}

/**
 * What counts as one client where clients are counted: an IPv4 address, or a network of 64 bits of IPv6, of which each client has
 * a whole one to come from. What is no address is one client too, by its first 64 characters.
 */
export function networkOf(text: string): string {
  const address = plainAddress(text);
  if (address === undefined) return text.slice(0, 64);
  if (!address.includes(':')) return address;
  const [head = [], tail] = address
    .split('::')
    .map((part) => part.split(':').filter((group) => group !== ''));
  const zeros = tail ? Array<string>(8 - head.length - tail.length).fill('0') : [];
  return `${[...head, ...zeros, ...(tail ?? [])].slice(0, 4).join(':')}::/64`;
}
