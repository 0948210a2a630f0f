import { isUuid } from '../core/id.ts';
import { parseInstant } from '../core/value/instant.ts';

/** What a page of things ended with that are read by a time and, within it, by id. */
export interface Position {
  /** ISO 8601 in UTC. */
  readonly at: string;
  readonly id: string;
}

/** The opaque text that a page's `next` is. It names what the page ended with, so what comes in meanwhile moves nothing. */
export function encodePosition(at: Date, id: string): string {
  return Buffer.from(`${at.toISOString()}/${id}`).toString('base64url');
}

/** Undefined for a text that no page has given. */
export function decodePosition(text: string): Position | undefined {
  const [at, id, ...rest] = Buffer.from(text, 'base64url').toString('latin1').split('/');
  if (!at || !id || rest.length > 0 || !isUuid(id)) return undefined;
  const time = parseInstant(at);
  return time && { at: time.toISOString(), id };
}
