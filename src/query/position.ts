import { isUuid } from '../core/id.ts';
import { parseInstant } from '../core/value/instant.ts';

/** What a page of things ended with that are read by a time and, within it, by id or by number. */
export interface Position<Id extends string | number = string> {
  /** ISO 8601 in UTC. */
  readonly at: string;
  readonly id: Id;
}

/** The opaque text that a page's `next` is. It names what the page ended with, so what comes in meanwhile moves nothing. */
export function encodePosition(at: Date, id: string | number): string {
  return Buffer.from(`${at.toISOString()}/${id}`).toString('base64url');
}

/** Undefined for a text that no page has given. */
export function decodePosition(text: string): Position | undefined {
  const position = decode(text);
  return position && isUuid(position.id) ? position : undefined;
}

/** As `decodePosition`, of what is numbered: by its seq, say. */
export function decodeNumberedPosition(text: string): Position<number> | undefined {
  const position = decode(text);
  return position && /^\d{1,15}$/.test(position.id)
    ? { at: position.at, id: Number(position.id) }
    : undefined;
}

function decode(text: string): Position | undefined {
  const [at, id, ...rest] = Buffer.from(text, 'base64url').toString('latin1').split('/');
  const time = parseInstant(at);
  return time && id && rest.length === 0 ? { at: time.toISOString(), id } : undefined;
}
