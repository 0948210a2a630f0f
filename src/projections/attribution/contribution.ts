import { apportion } from '../../core/attribution/apportion.ts';
import { groupings, keyOf } from '../../core/attribution/grouping.ts';
import { creditsOf, ruleModels, wholeCredit } from '../../core/attribution/models.ts';
import { noOrigin, type Origins } from '../../core/attribution/origin-store.ts';
import type { CountedPath } from '../../core/attribution/path-store.ts';
import { dimensions, noDay, type PeopleSum } from '../../core/attribution/people-store.ts';
import { type DaySum, datings, monthly, monthOf } from '../../core/attribution/sum-store.ts';
import { wholeValueOf } from '../../core/attribution/units.ts';
import type { Counting, CountingRules } from './counting-rules.ts';

/** What paths add to the sums: one function for what they are and for what they were, so that one is taken out as it was put in. */
export class Contributions {
  readonly #rules: CountingRules;
  readonly #origins: Origins;
  readonly #days = new Map<string, DaySum>();
  readonly #people = new Map<string, PeopleSum>();

  constructor(rules: CountingRules, origins: Origins) {
    this.#rules = rules;
    this.#origins = origins;
  }

  /** Sums that are other than nothing. */
  get days(): DaySum[] {
    const isSomething = ({ touches, credits, values }: DaySum) =>
      touches !== 0 || credits.some((credit) => credit !== 0) || values.some((value) => value !== 0n);
    return [...this.#days.values()].filter(isSomething);
  }

  get people(): PeopleSum[] {
    return [...this.#people.values()].filter(({ people }) => people !== 0);
  }

  /** Credit and value of a path, by both datings. The value goes out whole: in the smallest units of its currency. */
  addPath(path: CountedPath, sign: 1 | -1): void {
    const { settings, localDay } = this.#rules.of(path);
    const convertedOn = localDay(path.convertedAt);
    const { units, millionths } = wholeValueOf(path.value ?? '0', path.currency);
    if (path.times.length === 0) {
      const credits = ruleModels.map(() => sign * Number(wholeCredit));
      const values = ruleModels.map(() => BigInt(sign) * units * millionths);
      for (const dating of Object.values(datings))
        this.#addDay(path.conversion, dating, convertedOn, noOrigin, { touches: 0, credits, values });
      return;
    }
    const touches = path.times.map((at, index) => ({
      at,
      origin: this.#origins.byId(path.origins[index] ?? noOrigin),
    }));
    const credits = ruleModels.map((model) => creditsOf(model, settings, touches));
    const values = credits.map((ofModel) => apportion(units, ofModel));
    path.times.forEach((at, index) => {
      const added = {
        touches: sign,
        credits: credits.map((ofModel) => sign * (ofModel[index] ?? 0)),
        values: values.map((ofModel) => BigInt(sign) * (ofModel[index] ?? 0n) * millionths),
      };
      const origin = path.origins[index] ?? noOrigin;
      this.#addDay(path.conversion, datings.conversion, convertedOn, origin, added);
      this.#addDay(path.conversion, datings.touch, localDay(at), origin, added);
    });
  }

  /** On which days a person has which keys, and on which days before; all paths of the person for a conversion are given. */
  addPerson(paths: readonly CountedPath[], sign: 1 | -1): void {
    const [first] = paths;
    if (!first) return;
    for (const dating of Object.values(datings)) {
      const ofOrigins = this.#daysOfOrigins(paths, dating);
      for (const grouping of groupings) {
        const ofKeys = new Map<string, Set<string>>();
        for (const [origin, days] of ofOrigins) {
          const key = keyOf(grouping, this.#origins.byId(origin)) ?? '';
          const known = ofKeys.get(key);
          ofKeys.set(key, known ? known.union(days) : days);
        }
        for (const [key, days] of ofKeys) {
          const which = { conversion: first.conversion, dating, dimension: dimensions[grouping], key };
          let previousDay: string = noDay;
          for (const day of [...days].sort()) {
            this.#peopleSum({ ...which, previousDay, day }).people += sign;
            previousDay = day;
          }
        }
      }
    }
  }

  /** Takes out what is stored: what is left is by how much that is wrong. */
  subtractDay({ conversion, dating, day, origin, touches, credits, values }: DaySum): void {
    const negative = {
      touches: -touches,
      credits: credits.map((credit) => -credit),
      values: values.map((value) => -value),
    };
    this.#addSum(conversion, dating, day, origin, negative);
  }

  subtractPeople({ people, ...which }: PeopleSum): void {
    this.#peopleSum(which).people -= people;
  }

  #peopleSum({ conversion, dating, dimension, previousDay, day, key }: Omit<PeopleSum, 'people'>): PeopleSum {
    const which = { conversion, dating, dimension, previousDay, day, key };
    return this.#people.getOrInsertComputed(JSON.stringify(which), () => ({ ...which, people: 0 }));
  }

  #daysOfOrigins(paths: readonly CountedPath[], dating: number): Map<number, Set<string>> {
    const found = new Map<number, Set<string>>();
    for (const path of paths) {
      const { localDay }: Counting = this.#rules.of(path);
      const convertedOn = localDay(path.convertedAt);
      path.origins.forEach((origin, index) => {
        const day =
          dating === datings.conversion ? convertedOn : localDay(path.times[index] ?? path.convertedAt);
        found.getOrInsertComputed(origin, () => new Set<string>()).add(day);
      });
    }
    return found;
  }

  #addDay(
    conversion: number,
    dating: number,
    day: string,
    origin: number,
    added: Pick<DaySum, 'touches' | 'credits' | 'values'>,
  ): void {
    this.#addSum(conversion, dating, day, origin, added);
    this.#addSum(conversion, monthly(dating), monthOf(day), origin, added);
  }

  #addSum(
    conversion: number,
    dating: number,
    day: string,
    origin: number,
    added: Pick<DaySum, 'touches' | 'credits' | 'values'>,
  ): void {
    const sum = this.#days.getOrInsertComputed(`${conversion}/${dating}/${day}/${origin}`, () => ({
      conversion,
      dating,
      day,
      origin,
      touches: 0,
      credits: ruleModels.map(() => 0),
      values: ruleModels.map(() => 0n),
    }));
    sum.touches += added.touches;
    added.credits.forEach((credit, model) => {
      sum.credits[model] = (sum.credits[model] ?? 0) + credit;
    });
    added.values.forEach((value, model) => {
      sum.values[model] = (sum.values[model] ?? 0n) + value;
    });
  }
}
