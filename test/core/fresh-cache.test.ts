import assert from 'node:assert/strict';
import { it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { FreshCache } from '../../src/core/fresh-cache.ts';

it('what was read stays fresh for its time and no longer, however the clock of the machine is set meanwhile', async (t) => {
  const cache = new FreshCache<number>({ freshMilliseconds: 100, maximumEntries: 10 });
  let reads = 0;
  const read = () => cache.get('key', async () => ++reads);
  assert.equal(await read(), 1);
  assert.equal(await read(), 1);
  const { now } = Date;
  t.mock.method(Date, 'now', () => now() - 60 * 60 * 1000);
  await delay(120);
  assert.equal(await read(), 2, 'an hour back');
});
