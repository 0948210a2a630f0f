import assert from 'node:assert/strict';
import { it } from 'node:test';
import { migrate } from '../../../src/store/migrate.ts';
import { useApp } from '../../helpers/app.ts';
import { verifyWorkspace } from '../../helpers/derived.ts';
import { delivery, referralTo, SignalsClient, textMessage } from './client.ts';

const noon = Date.parse('2025-03-04T12:00:00Z') / 1000;

const test = await useApp();
test.time.now = (noon + 3600) * 1000;

/**
 * Stores clicks as they were stored before touchpoints named ads: each on an implicit campaign of its app. That of ad 2 was deleted, so
 * its click has none; ad 3's click was anonymized and has no detail.
 */
async function putBack(): Promise<void> {
  await test.database.query(`
    insert into campaign (workspace_id, id, source_id, slug, name, active, explicit, created_at, updated_at)
      select distinct on (workspace_id, source_id, ad_id)
             workspace_id, gen_random_uuid(), source_id, ad_id, ad_id, true, false, now(), now()
        from touchpoint where ad_id in ('1', '3');
    update touchpoint t set campaign_id = c.id from campaign c
     where c.workspace_id = t.workspace_id and c.source_id = t.source_id and c.slug = t.ad_id;
    update touchpoint set detail = null where ad_id = '3';
    alter table touchpoint drop column ad_id;
    delete from schema_migration where name = '000031_touchpoint_ads';
  `);
}

it('clicks of before name their ads, whose campaigns are gone, and all else is as it was', async () => {
  const { native, workspace } = test;
  const client = new SignalsClient(test);
  for (const [index, adId] of ['1', '1', '2', '3'].entries()) {
    const message = textMessage(`${index}`, `3361234567${index}`, noon + index, {
      referral: referralTo(adId),
    });
    assert.equal((await client.deliver(delivery(message))).status, 200);
  }
  await client.deliver(
    delivery(textMessage('post', '33612345679', noon, { referral: referralTo('9', 'post') })),
  );
  const { wmktId } = workspace.credentials.webmarketer;
  const visit = { url: `https://shop.example/?wmktid=${wmktId}&cid=1`, trackerId: 'browser' };
  assert.equal((await native.call('POST', '/visits', { body: visit })).status, 201);
  const before = {
    touchpoints: await native.read('/touchpoints'),
    campaigns: await native.read('/campaigns'),
  };
  const wire = (await client.get('/ads/1')).text;

  await putBack();
  assert.equal((await native.read('/campaigns')).campaigns.length, 3);
  assert.ok((await migrate(test.database)).applied.includes('000031_touchpoint_ads'));

  const anonymized = { ...before.touchpoints };
  anonymized.touchpoints = anonymized.touchpoints.map((one: { adId: string | null }) =>
    one.adId === '3' ? { ...one, detail: null } : one,
  );
  assert.deepEqual(await native.read('/touchpoints'), anonymized);
  const campaigns = await native.read('/campaigns');
  assert.deepEqual(campaigns, before.campaigns);
  assert.equal(campaigns.campaigns.length, 1);
  assert.equal((await client.get('/ads/1')).text, wire);
  const { checks } = await verifyWorkspace(test.database, workspace.created.id);
  assert.deepEqual(
    checks.filter(({ ok }) => !ok),
    [],
  );
});
