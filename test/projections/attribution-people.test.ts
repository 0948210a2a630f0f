import assert from 'node:assert/strict';
import { it } from 'node:test';
import {
  addPeople,
  countUnlikePairs,
  countUnrecordedPeople,
  dimensions,
  mendLevels,
  noDay,
  type PeopleSum,
} from '../../src/core/attribution/people-store.ts';
import { datings, insertStep } from '../../src/core/attribution/sum-store.ts';
import { readPeople } from '../../src/query/attribution/read-people.ts';
import { useApp } from '../helpers/app.ts';
import fc from '../helpers/fast-check.ts';

const test = await useApp();
const workspaceId = test.workspace.created.id;
const firstDay = Temporal.PlainDate.from('2024-11-20');
const lastDay = 500;

const dayOf = (number: number) => firstDay.add({ days: number }).toString();
/** Often days around the ends of months, weeks and years. */
const anyDay = fc.oneof(
  fc.integer({ min: 0, max: lastDay }),
  fc.constantFrom(0, 10, 11, 12, 41, 42, 72, 100, 101),
);

/** Somebody's days with a key, and how many of them are known by the first of two steps. */
const anyPerson = fc.record({
  key: fc.constantFrom('', 'spring', 'autumn'),
  days: fc.uniqueArray(anyDay, { minLength: 1, maxLength: 8 }),
  knownFirst: fc.nat({ max: 8 }),
});

type Person = typeof anyPerson extends fc.Arbitrary<infer Value> ? Value : never;

/** Spans that follow on each other: of days, weeks and months, or of any length. */
const anyBounds = fc.oneof(
  fc.uniqueArray(anyDay, { minLength: 2, maxLength: 6 }).map((days) => days.sort((a, b) => a - b).map(dayOf)),
  fc
    .record({ from: anyDay, unit: fc.constantFrom('days' as const, 'weeks' as const, 'months' as const) })
    .map(({ from, unit }) => {
      const day = firstDay.add({ days: from });
      const begin = unit === 'weeks' ? day.subtract({ days: day.dayOfWeek - 1 }) : day;
      const aligned = unit === 'months' ? begin.with({ day: 1 }) : begin;
      return Array.from({ length: 5 }, (_, count) => aligned.add({ [unit]: count }).toString());
    }),
);

/** The pairs of somebody's days. */
function pairsOf(conversion: number, { key, days }: Pick<Person, 'key' | 'days'>, sign: number): PeopleSum[] {
  const inOrder = days.toSorted((a, b) => a - b).map(dayOf);
  const which = { conversion, dating: datings.touch, dimension: dimensions.campaign, key };
  return inOrder.map((day, place) => ({
    ...which,
    previousDay: inOrder[place - 1] ?? noDay,
    day,
    people: sign,
  }));
}

/** One sum a key, as a step adds them. */
function summed(pairs: readonly PeopleSum[]): PeopleSum[] {
  const sums = new Map<string, PeopleSum>();
  for (const { people, ...which } of pairs)
    sums.getOrInsertComputed(JSON.stringify(which), () => ({ ...which, people: 0 })).people += people;
  return [...sums.values()].filter(({ people }) => people !== 0);
}

/** Each person once in each span, by going through everybody's days. */
function count(people: readonly Pick<Person, 'key' | 'days'>[], bounds: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const [interval, since] of bounds.slice(0, -1).entries())
    for (const { key, days } of people) {
      const isIn = days.map(dayOf).some((day) => day >= since && day < (bounds[interval + 1] ?? since));
      const place = `${interval} ${key === '' ? null : key}`;
      if (isIn) counts.set(place, (counts.get(place) ?? 0) + 1);
    }
  return [...counts].map(([place, total]) => `${place}: ${total}`).sort();
}

let conversions = 100;
let seq = 1000;

it('counts each person once in any span, by day, week or month, now and as of any step', async () => {
  const { database } = test;
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyPerson, { minLength: 1, maxLength: 20 }),
      fc.array(anyBounds, { minLength: 6, maxLength: 6 }),
      async (people, spans) => {
        const conversion = ++conversions;
        const first = people.map(({ key, days, knownFirst }) => ({ key, days: days.slice(0, knownFirst) }));
        const steps = [
          first.flatMap((one) => pairsOf(conversion, one, 1)),
          [
            ...first.flatMap((one) => pairsOf(conversion, one, -1)),
            ...people.flatMap((one) => pairsOf(conversion, one, 1)),
          ],
        ];
        for (const pairs of steps) {
          await Promise.all(addPeople(database, workspaceId, ++seq, summed(pairs)));
          await insertStep(database, workspaceId, seq, seq);
        }
        for (const bounds of spans)
          for (const [asOf, known] of [
            [seq, people],
            [seq - 1, first],
          ] as const) {
            const asked = { conversion, dating: 'touch', bounds, asOf } as const;
            const answered = await readPeople(database, workspaceId, asked, 'campaign');
            const lines = answered.map(({ interval, key, people: total }) => `${interval} ${key}: ${total}`);
            assert.deepEqual(lines.sort(), count(known, bounds), `${bounds.join()} as of ${asOf}`);
          }
        assert.equal(await countUnlikePairs(database, workspaceId, conversion), 0);
        assert.equal(await countUnrecordedPeople(database, workspaceId, conversion), 0);
      },
    ),
    { numRuns: 25 },
  );
  // What months and weeks come to is derived from the pairs, and can be lost.
  await database.query(`delete from attribution_people where workspace_id = $1 and date_of >= 2`, [
    workspaceId,
  ]);
  assert.notEqual(await countUnlikePairs(database, workspaceId, conversions), 0);
  await mendLevels(database, workspaceId, conversions);
  assert.equal(await countUnlikePairs(database, workspaceId, conversions), 0);
});
