import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { beforeEach, describe, it } from 'node:test';
import { maximumKeylessCampaigns } from '../../src/core/campaign/campaign.ts';
import { maximumKeylessNames } from '../../src/projections/catalogue/catalogue.ts';
import { useApp } from '../helpers/app.ts';
import { ask, at } from '../helpers/native-client.ts';
import { inject } from '../helpers/vendor-client.ts';
import { type Stage, setStage } from './visitor.ts';

const test = await useApp();
let stage: Stage;
beforeEach(async () => {
  stage = await setStage(test);
});

describe('campaigns that visitors’ landings name', () => {
  const landing = (slug: string) => {
    const { wmktId } = stage.workspace.credentials.webmarketer;
    return { url: `https://shop.example/?wmktid=${wmktId}&cid=${encodeURIComponent(slug)}`, referrer: '' };
  };
  const visit = (slug: string) =>
    ask(test, 'POST', at(stage.workspace, '/visits'), {
      body: { url: landing(slug).url, trackerId: randomUUID() },
    });
  const campaigns = async (keyless: boolean) =>
    (await stage.store.read(`/campaigns?limit=1000&keyless=${keyless}`)).campaigns;
  const count = async (keyless: boolean) => (await campaigns(keyless)).length;

  it('are few; beyond them the visits count without one, and a keyed visit still makes its own', async () => {
    await stage.flood(maximumKeylessCampaigns + 60, (number) => ({
      event: 'pageView',
      landing: landing(`junk ${number}`),
    }));
    assert.equal(await count(true), maximumKeylessCampaigns);
    assert.equal((await stage.store.touchpoints()).length, 560);
    const own = await visit('own');
    assert.equal(own.status, 201);
    assert.notEqual(own.body.campaignId, null);
    assert.equal(await count(false), 1);
    await stage.assertVerified();
  });

  it('are found and deleted by the native API; the visits stay, and make room for another', async () => {
    await stage.message({ event: 'pageView', landing: landing('junk') });
    await visit('own');
    const listed = await ask(test, 'GET', at(stage.workspace, '/campaigns?keyless=true'));
    assert.deepEqual(
      listed.body.campaigns.map(({ slug, keyless }: { slug: string; keyless: boolean }) => [slug, keyless]),
      [['junk', true]],
    );
    const path = at(stage.workspace, `/campaigns/${listed.body.campaigns[0].id}`);
    const other = await setStage(test);
    assert.equal(
      (await ask(test, 'DELETE', at(other.workspace, `/campaigns/${listed.body.campaigns[0].id}`))).status,
      404,
    );
    const deleted = await ask(test, 'DELETE', path);
    assert.deepEqual([deleted.status, deleted.body], [200, { more: false }]);
    assert.equal((await ask(test, 'DELETE', path)).status, 404);
    const touchpoints = await stage.store.touchpoints();
    assert.deepEqual(
      touchpoints.map(({ campaign }) => campaign === null),
      [true, false],
    );
    await stage.message({ event: 'pageView', landing: landing('junk') });
    assert.equal(await count(true), 1);
  });

  it('that a call has made, or that cost something, are not deleted', async () => {
    await stage.message({ event: 'pageView', landing: landing('fair') });
    const [made] = await campaigns(true);
    const { projectId, wmktId, accessToken } = stage.workspace.credentials.webmarketer;
    const reply = await inject(test, {
      method: 'POST',
      url: `/api/v1/projects/${projectId}/integrations/${wmktId}/custom-ads/campaigns`,
      headers: { authorization: `Bearer ${accessToken}` },
      body: { campaignSlug: 'fair', name: 'Fair' },
    });
    assert.equal(reply.status, 201, reply.text);
    assert.deepEqual([await count(true), await count(false)], [0, 0]);
    assert.equal((await ask(test, 'DELETE', at(stage.workspace, `/campaigns/${made.id}`))).status, 409);
  });
});

describe('names of properties that visitors make up', () => {
  const properties = (from: number, total: number) =>
    Object.fromEntries(Array.from({ length: total }, (_, index) => [`junk-${from + index}`, 1]));
  const names = () => stage.store.propertyNames('bought');

  it('are few in the catalogue, which keeps its room for those of keyed calls', async () => {
    await stage.flood(6, (number) => ({ event: 'bought', properties: properties(number * 100, 100) }));
    // Whoever has the workspace in memory reads it again.
    await stage.store.setSettings({});
    await stage.flood(6, (number) => ({ event: 'bought', properties: properties(600 + number * 100, 100) }));
    assert.equal((await names()).filter(({ keyless }) => keyless).length, maximumKeylessNames);
    await stage.track({ Event: 'bought', UUID: randomUUID(), Properties: { coupon: 'x', 'junk-1199': 1 } });
    await stage.track({ Event: 'bought', UUID: randomUUID(), Properties: properties(5000, 700) });
    const keyed = new Set((await names()).filter(({ keyless }) => !keyless).map(({ name }) => name));
    assert.ok(keyed.has('coupon') && keyed.has('junk-1199') && keyed.has('junk-5699'));
    await stage.assertVerified();
  });

  it('are as few after a rebuild', async () => {
    await stage.flood(6, (number) => ({ event: 'bought', properties: properties(number * 100, 100) }));
    await stage.track({ Event: 'bought', UUID: randomUUID(), Properties: { coupon: 'x' } });
    const before = await names();
    assert.equal((await ask(test, 'POST', at(stage.workspace, '/rebuild'))).status, 200);
    const after = await names();
    assert.equal(after.filter(({ keyless }) => keyless).length, maximumKeylessNames);
    assert.equal(after.length, before.length);
    await stage.assertVerified();
  });
});
