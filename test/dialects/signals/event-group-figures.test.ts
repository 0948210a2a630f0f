import assert from 'node:assert/strict';
import { it } from 'node:test';
import { useApp } from '../../helpers/app.ts';
import { fastest } from '../../helpers/fastest.ts';
import { SignalsClient } from './client.ts';

const ads = 100;
const eventsPerAd = 300;

const test = await useApp();

/** Events of many ads, as the fold would have written them. */
async function makeEvents(): Promise<void> {
  const events = `
    select h.workspace_id, s.id as source_id, n.ad, n.place, timestamptz '2026-03-01T00:00:00Z' + n.place * interval '1 second' as at
      from workspace_head h
      join source s on s.workspace_id = h.workspace_id and s.dialect = 'signals'
     cross join (select a as ad, a * ${eventsPerAd} + e as place
                   from generate_series(1, ${ads}) a, generate_series(1, ${eventsPerAd}) e) as n
     where h.workspace_id = $1`;
  const { id } = test.workspace.created;
  await test.database.query(
    `insert into conversation_event (workspace_id, source_id, occurred_at, event_id, ordinal, profile_id, message_id, phone, type,
                                     type_id, ad_id, conversation_id, expires_at, origin)
     select workspace_id, source_id, at, gen_random_uuid(), 0, gen_random_uuid(), place::text, '33639981234', 'button',
            repeat('a', 24), ad::text, 'c', at, 'ad' from (${events}) as e`,
    [id],
  );
  await test.database.query(
    `insert into conversation_day (workspace_id, source_id, ad_id, day, measure, type_id, total)
     select workspace_id, source_id, ad::text, '2026-03-01', 'button', repeat('a', 24), count(*)
       from (${events}) as e group by 1, 2, 3`,
    [id],
  );
}

it('reads what a group counts once, with however many ads it does', async () => {
  const client = new SignalsClient(test);
  await makeEvents();
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
