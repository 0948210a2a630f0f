import { createHash } from 'node:crypto';

/** What a key is unique among, by the number it is stored under: never renumber. */
export const dedupeScopes = {
  'webmarketer-nonce': 1,
  'octeth-conversion': 2,
  'signals-message': 3,
  'webengage-events': 4,
  'webengage-users': 5,
  'webengage-bulk-events': 6,
  'webengage-bulk-users': 7,
  'octeth-message': 8,
  visit: 9,
  /** What pages tell is apart: who has no key could else spend the number of an order to come. */
  'octeth-message-conversion': 10,
  /** Rows of a file (contacthub/bulk/row-keys.ts), which are read again after a process has died. */
  'contacthub-bulk': 11,
} as const;

export type DedupeScope = keyof typeof dedupeScopes;

export interface DedupeKey {
  readonly scope: DedupeScope;
  /** 16 bytes as hex: the first of the SHA-256 of the vendor's key, where it has one. */
  readonly hash: string;
  /** How long a repeat is one, from the first that was stored. */
  readonly window: 'forever' | 'four-hours';
  /**
   * Where a call that was refused may be corrected and sent again under the same key: the hash of its body. A refused body is a
   * repeat whenever it comes again, another one a new attempt (docs/spec/webmarketer.md ruling 10). Absent: the key is spent whatever
   * became of the event.
   */
  readonly retryHash?: string;
}

export const windowMilliseconds = 4 * 60 * 60 * 1000;

export function hashKey(...parts: string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 32);
}

/** How the first one ended, by the number it is stored under: never renumber. */
export const firstOutcomes = { stored: 1, quarantined: 2, dropped: 3, saved: 4 } as const;

export type FirstOutcome = keyof typeof firstOutcomes;

export interface KnownKey {
  /** The event's id, or the quarantined row's. */
  readonly eventId: string | null;
  readonly outcome: FirstOutcome;
}

/** Every key under which the call may have been answered before: its own, then that of its very body. */
export function keysToKnow(key: DedupeKey): DedupeKey[] {
  const attempt = attemptKey(key);
  return attempt ? [key, attempt] : [key];
}

/** How the call that this one repeats ended; undefined when it repeats none. */
export function findFirst(key: DedupeKey, known: ReadonlyMap<string, KnownKey>): KnownKey | undefined {
  for (const one of keysToKnow(key)) {
    const first = known.get(dedupeKeyText(one));
    if (first) return first;
  }
  return undefined;
}

/** The key that a call spends by how it ended: a refused one that may be corrected leaves its own to the correction. */
export function spentKey(key: DedupeKey, outcome: FirstOutcome): DedupeKey {
  return (outcome === 'quarantined' && attemptKey(key)) || key;
}

function attemptKey({ scope, hash, window, retryHash }: DedupeKey): DedupeKey | undefined {
  return retryHash === undefined ? undefined : { scope, hash: hashKey(hash, retryHash), window };
}

export function dedupeKeyText(key: DedupeKey): string {
  return `${dedupeScopes[key.scope]}:${key.hash}`;
}

/** Keys of a scope from one hash to another, both inclusive. */
export interface KeyRange {
  readonly scope: DedupeScope;
  readonly first: string;
  readonly last: string;
}

/** Of a numbered key, what all of its kind have, as hexadecimal digits: what is left are four bytes of its number. */
const commonDigits = 24;
/** A range is looked through only where it holds no more than so many keys for each that is asked for. */
const sparsest = 4;

/**
 * Splits keys into the range of those that are numbered alike (rows of one file), if that is most of them, and the others. Hashes of what
 * vendors send have nothing in common, so that two of them tell.
 */
export function splitNumbered(keys: readonly DedupeKey[]): {
  range?: KeyRange;
  others: readonly DedupeKey[];
} {
  const [one, next] = keys.slice(-2);
  if (!one || !next || !isNumberedAlike(one, next)) return { others: keys };
  const numbered = keys.filter((key) => isNumberedAlike(one, key)).map(({ hash }) => hash);
  const [first, last] = numbered.reduce(
    ([low, high], hash) => [hash < low ? hash : low, hash > high ? hash : high],
    [one.hash, one.hash],
  );
  const length = numberOf(last) - numberOf(first) + 1;
  if (length > numbered.length * sparsest) return { others: keys };
  const others = keys.filter((key) => !isNumberedAlike(one, key));
  return { range: { scope: one.scope, first, last }, others };
}

function isNumberedAlike(one: DedupeKey, other: DedupeKey): boolean {
  return one.scope === other.scope && one.hash.startsWith(other.hash.slice(0, commonDigits));
}

function numberOf(hash: string): number {
  return Number.parseInt(hash.slice(commonDigits), 16);
}
