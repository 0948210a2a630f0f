import { parseInstant } from '../../core/value/instant.ts';

/** Where a page of the log ended: the next one begins behind it. */
export interface ConsentPosition {
  readonly loggedAt: Date;
  readonly id: number;
}

export function encodePosition({ loggedAt, id }: ConsentPosition): string {
  return Buffer.from(`${loggedAt.toISOString()}/${id}`).toString('base64url');
}

/** Undefined for a text that no page has given. */
export function decodePosition(text: string): ConsentPosition | undefined {
  const [time, id, ...rest] = Buffer.from(text, 'base64url').toString('latin1').split('/');
  const loggedAt = parseInstant(time);
  if (!loggedAt || !id || rest.length > 0 || !/^\d{1,15}$/.test(id)) return undefined;
  return { loggedAt, id: Number(id) };
}
