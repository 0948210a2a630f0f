import type { FastifyRequest } from 'fastify';
import { RequestError } from '../errors.ts';

const readingMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Whether a page of this server's own has sent a request, by what browsers write and scripts can't: `Sec-Fetch-Site`, which they send
 * over TLS and to this machine, else `Origin`. Undefined: no browser has said anything.
 */
function isOwnPage({ headers, protocol, host }: FastifyRequest): boolean | undefined {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin';
  return headers.origin === undefined ? undefined : headers.origin === `${protocol}://${host}`;
}

/**
 * For a request whose cookie says who asks. A browser sends the cookie along whoever has written the request, so one that may change
 * something has to be from a page of ours: `SameSite` lets those of other ports and of sister domains through.
 * @throws RequestError `forbidden`
 */
export function requireOwnPage(request: FastifyRequest): void {
  if (readingMethods.has(request.method) || isOwnPage(request)) return;
  throw otherPage('A session changes things from pages of this server alone');
}

/** For signing in, which needs no cookie: nobody is to be signed in by another's page. @throws RequestError `forbidden` */
export function refuseOtherPages(request: FastifyRequest): void {
  if (isOwnPage(request) === false) throw otherPage('One signs in on a page of this server alone');
}

function otherPage(rule: string): RequestError {
  return new RequestError(
    'forbidden',
    `${rule}, and the browser says that another has asked. Behind a proxy, the Host and protocol that the browser sees have to arrive here (TRUSTED_PROXIES).`,
  );
}
