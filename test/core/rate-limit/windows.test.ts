import assert from 'node:assert/strict';
import { it } from 'node:test';
import { RateWindows } from '../../../src/core/rate-limit/rate-windows.ts';
import { Windows } from '../../../src/core/rate-limit/windows.ts';
import fc from '../../helpers/fast-check.ts';

it('counts of a name that is counted again are exact until its window is over, whoever else is counted meanwhile', () => {
  const step = fc.record({ name: fc.nat(5), strangers: fc.nat(40), after: fc.constantFrom(0, 0, 0, 1, 7) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100, size: 'max' }), (steps) => {
      let now = 0;
      const form = { milliseconds: 10, most: 12, startsAt: (at: number) => at, begin: () => ({ used: 0 }) };
      const windows = new Windows(() => now, form);
      const expected = new Map<number, { readonly endsAt: number; used: number }>();
      let seen = 0;
      for (const { name, strangers, after } of steps) {
        now += after;
        const known = expected.get(name);
        const window = known && known.endsAt > now ? known : { endsAt: now + 10, used: 0 };
        expected.set(name, window);
        for (let time = 0; time < 2; time++) {
          const { counts, endsAt } = windows.take(`name-${name}`);
          assert.deepEqual([++counts.used, endsAt], [++window.used, window.endsAt]);
        }
        for (let index = 0; index < strangers; index++) windows.take(`stranger-${seen++}`);
      }
    }),
    { numRuns: 50 },
  );
});

it('rates of a minute outlast a flood of other names', () => {
  let now = 60_000;
  const windows = new RateWindows(() => now);
  for (let used = 1; used <= 5; used++) assert.equal(windows.add('shop', 1).used, used);
  for (let index = 0; index < 25_000; index++) windows.add(`flood-${index}`, 1);
  assert.deepEqual(windows.add('shop', 1), { used: 6, endsAt: 120_000 });
  now = 119_999;
  assert.equal(windows.add('shop', 1).used, 7);
  now = 120_000;
  assert.deepEqual(windows.add('shop', 1), { used: 1, endsAt: 180_000 });
});
