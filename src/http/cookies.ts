import type { FastifyRequest } from 'fastify';

/** The value of a cookie that the request shows; the first, where there are several. */
export function readCookie({ headers }: FastifyRequest, name: string): string | undefined {
  for (const part of headers.cookie?.split(';') ?? []) {
    const [key, value] = part.trim().split('=', 2);
    if (key === name) return value;
  }
  return undefined;
}

export interface CookieTerms {
  readonly path: string;
  /** 0: the browser forgets it. */
  readonly maxAgeSeconds: number;
}

/** A `Set-Cookie` that no script reads and no other site's page sends; over TLS, nothing but TLS carries it. */
export function writeCookie(
  { protocol }: FastifyRequest,
  name: string,
  value: string,
  { path, maxAgeSeconds }: CookieTerms,
): string {
  const isSecure = protocol === 'https' ? '; Secure' : '';
  return `${name}=${value}; Path=${path}; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Strict${isSecure}`;
}
