import { parseInstant } from '../../core/value/instant.ts';

interface Position {
  /** ISO 8601 in UTC, or PostgreSQL's infinity. */
  readonly occurredAt: string;
  readonly seq: number;
}

const positionPattern = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z)\/(\d{1,16})$/;

/** The opaque text that a page's `next` is. It names the event that the page ended with, not how many were before it. */
export function encodePosition(event: { readonly occurredAt: Date; readonly seq: number }): string {
  return Buffer.from(`${event.occurredAt.toISOString()}/${event.seq}`).toString('base64url');
}

/** Undefined for a text that no page has given. */
export function decodePosition(text: string): Position | undefined {
  const match = positionPattern.exec(Buffer.from(text, 'base64url').toString('latin1'));
  if (!match || !parseInstant(match[1]!)) return undefined;
  return { occurredAt: match[1]!, seq: Number(match[2]) };
}
