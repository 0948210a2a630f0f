import assert from 'node:assert/strict';
import { it } from 'node:test';
import { useApp } from '../../helpers/app.ts';
import { fastest } from '../../helpers/fastest.ts';
import { SignalsClient } from './client.ts';
import { SignalsStore } from './store.ts';

const ads = 100;
const eventsPerAd = 300;

const test = await useApp();

it('reads what a group counts once, with however many ads it does', async () => {
  const client = new SignalsClient(test);
  await new SignalsStore(test).addButtons(ads, eventsPerAd);
  assert.equal((await client.send('POST', '/event_groups', { type: 'button' })).status, 201);
  const list = (limit: number) => client.get('/event_groups', { limit: String(limit) });
  const { data } = (await list(ads)).body;
  assert.equal(data.length, ads);
  for (const item of data)
    assert.deepEqual([item.events_count, item.unique_users], [eventsPerAd, eventsPerAd]);
  const one = await fastest(() => list(1));
  const all = await fastest(() => list(ads));
  assert.ok(all < 20 * one, `${all} ms for all, ${one} for one`);
});
