import { createHmac } from 'node:crypto';

/**
 * The id of an aggregate's customer: made of what its parts have alike, so that it stays while one of them is left, whichever, and is the
 * same when all is made anew. Without the secret nobody finds out whose it is by trying addresses. A version 8 UUID.
 */
export function aggregateCustomerId(secret: string, alike: string): string {
  const hex = createHmac('sha256', secret).update(alike).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
