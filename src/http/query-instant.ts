import { parseInstant } from '../core/value/instant.ts';

/** An offset whose `+` the client did not escape arrives with a space. */
const unescapedOffset = /([Tt ]\d{2}:\d{2}\S*) (\d{2}:?\d{2})$/;

/** The instant that a query parameter means, to the millisecond; undefined when it means none. Without an offset it is UTC. */
export function parseQueryInstant(text: string): Date | undefined {
  return parseInstant(text.replace(unescapedOffset, '$1+$2'));
}
