import { BlockList } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { plainAddress } from '../core/rate-limit/network.ts';

/** Whether an address is that of a proxy whose word on addresses counts. */
export type IsTrusted = (address: string | undefined) => boolean;

/** `proxies`: addresses and networks, as config.ts has checked them. */
export function trustIn(proxies: readonly string[]): IsTrusted {
  const trusted = new BlockList();
  for (const proxy of proxies) {
    const [written = '', bits] = proxy.split('/');
    const address = plainAddress(written) ?? written;
    if (bits === undefined) trusted.addAddress(address, familyOf(address));
    else trusted.addSubnet(address, Number(bits), familyOf(address));
  }
  return (address) => {
    const plain = address === undefined ? undefined : plainAddress(address);
    return plain !== undefined && trusted.check(plain, familyOf(plain));
  };
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return address.includes(':') ? 'ipv6' : 'ipv4';
}

/**
 * For where no proxy is trusted: says once that there seems to be one. Who forgets to name it has all visitors counted as one
 * address, which nobody would see before the first of them is refused.
 */
export function warnOfProxies(app: FastifyInstance, logger: Logger): void {
  let isSaid = false;
  app.addHook('onRequest', (request, _reply, done) => {
    if (!isSaid && request.headers['x-forwarded-for'] !== undefined) {
      isSaid = true;
      logger.warn(
        'a request came with X-Forwarded-For, which is not read: if a proxy stands before this server, name it in TRUSTED_PROXIES',
      );
    }
    done();
  });
}
