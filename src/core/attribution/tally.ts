import { type Grouping, keyOf } from './grouping.ts';
import type { Touch } from './touch.ts';

/** Credit in billionths of a conversion, and value in millionths. */
export interface Credited {
  readonly conversions: bigint;
  readonly value: bigint;
}

export const nothing: Credited = { conversions: 0n, value: 0n };

export function addCredited(a: Credited, b: Credited): Credited {
  return { conversions: a.conversions + b.conversions, value: a.value + b.value };
}

/** What the touches of a group have brought within an interval. */
export interface TallyRow extends Credited {
  /** Of a question by intervals. */
  readonly interval: string | null;
  /** The group (grouping.ts). */
  readonly key: string | null;
  /** How many touches lie on paths, whatever credit the model gives them. */
  readonly touches: number;
  /** Whose they are: each person once. */
  readonly people: number;
}

/** All that a report says before its groups are named and what they cost is known. */
export interface Tally {
  readonly rows: readonly TallyRow[];
  /** By interval; conversions of persons of whom no touch counts. */
  readonly unattributed: ReadonlyMap<string | null, Credited>;
  /** Whether the value is of money, in the workspace's currency; undefined where there is none. */
  readonly isMoney: boolean | undefined;
}

/** A touch on the path of a conversion, with what it is credited with. */
export interface CreditedTouch extends Credited {
  readonly touch: Touch;
}

/** A conversion with the credit of each touch on its path; without a touch all of it is unattributed. */
export interface CreditedPath extends Credited {
  readonly personId: string;
  /** Milliseconds since the epoch. */
  readonly convertedAt: number;
  readonly touches: readonly CreditedTouch[];
}

/** How conversions are put into rows. */
export interface TallyRules {
  readonly grouping: Grouping;
  /** The interval that an instant lies in, or null in a question without any; undefined where it is not asked for. */
  readonly intervalOf: (instant: number) => string | null | undefined;
  /** Whether credit is dated by its touch, and not by the conversion. */
  readonly isOfTouches: boolean;
}

interface Gathering {
  readonly interval: string | null;
  readonly key: string | null;
  touches: number;
  conversions: bigint;
  value: bigint;
  readonly people: Set<string>;
}

/** Sums credit by group and interval, conversion by conversion. */
export class Tallying {
  readonly #rules: TallyRules;
  readonly #rows = new Map<string, Gathering>();
  readonly #unattributed = new Map<string | null, Credited>();

  #isMoney: boolean | undefined;

  constructor(rules: TallyRules) {
    this.#rules = rules;
  }

  /** `currency`: of the value; null of a number, undefined where there is none. */
  add(path: CreditedPath, currency: string | null | undefined): void {
    if (currency !== undefined) this.#isMoney = this.#isMoney === true || currency !== null;
    const { intervalOf, isOfTouches } = this.#rules;
    const converted = intervalOf(path.convertedAt);
    if (path.touches.length === 0) {
      if (converted === undefined) return;
      const before = this.#unattributed.get(converted) ?? nothing;
      this.#unattributed.set(converted, addCredited(before, path));
      return;
    }
    for (const credited of path.touches) {
      const interval = isOfTouches ? intervalOf(credited.touch.at) : converted;
      if (interval !== undefined) this.#addTouch(interval, path.personId, credited);
    }
  }

  #addTouch(interval: string | null, personId: string, { touch, conversions, value }: CreditedTouch): void {
    const key = keyOf(this.#rules.grouping, touch.origin);
    const row = this.#rows.getOrInsertComputed(JSON.stringify([interval, key]), () => ({
      interval,
      key,
      touches: 0,
      conversions: 0n,
      value: 0n,
      people: new Set<string>(),
    }));
    row.touches++;
    row.conversions += conversions;
    row.value += value;
    row.people.add(personId);
  }

  get tally(): Tally {
    const rows = [...this.#rows.values()].map((row) => ({ ...row, people: row.people.size }));
    return { rows, unattributed: this.#unattributed, isMoney: this.#isMoney };
  }
}
