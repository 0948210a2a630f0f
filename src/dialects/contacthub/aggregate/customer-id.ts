import { createHmac } from 'node:crypto';

/**
 * A number of an aggregate's own that stands for a text: for what entry customers have alike, and for the profile that an id comes from
 * first. Without the secret nobody finds out whose it is by trying addresses. A version 8 UUID.
 */
export function aggregateId(secret: string, text: string): string {
  const hex = createHmac('sha256', secret).update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** The id that a profile brings along from its start. */
export function firstCustomerId(secret: string, profileId: string): string {
  return aggregateId(secret, `customer ${profileId}`);
}
