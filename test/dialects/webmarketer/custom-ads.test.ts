import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { useApp } from '../../helpers/app.ts';
import { WebmarketerClient } from './client.ts';
import { expiredToken } from './expired-token.ts';

const test = await useApp();
const client = new WebmarketerClient(test);
let expired: string;
let stranger: WebmarketerClient;
let base: string;
let secondBase: string;

before(async () => {
  expired = await expiredToken(test);
  stranger = new WebmarketerClient(test, await test.addWorkspace());
  base = `/projects/${client.projectId}/integrations/${test.workspace.credentials.webmarketer.wmktId}/custom-ads`;
  const body = {
    dialect: 'webmarketer',
    name: 'Swiss',
    externalId: 'swiss',
    settings: { currency: 'CHF' },
  };
  assert.equal((await test.native.call('POST', '/sources', { body })).status, 201);
  secondBase = `/projects/${client.projectId}/integrations/swiss/custom-ads`;
});

const envelope400 = (message: string) => ({ statusCode: 400, message, error: 'Bad Request' });
const envelope404 = (message: string) => ({ statusCode: 404, message, error: 'Not Found' });

async function createCampaign(campaignSlug: string, more: object = {}, path = base): Promise<string> {
  const body = { campaignSlug, name: campaignSlug, ...more };
  const reply = await client.request('POST', `${path}/campaigns`, body);
  assert.equal(reply.status, 201, reply.text);
  assert.deepEqual(Object.keys(reply.body), ['id']);
  assert.match(reply.body.id, /^[0-9a-f]{24}$/);
  return reply.body.id;
}

async function listSlugs(query: string): Promise<{ slugs: string[]; page: object }> {
  const reply = await client.request('GET', `${base}/campaigns?${query}`);
  assert.equal(reply.status, 200, reply.text);
  const { data, ...page } = reply.body;
  return { slugs: data.map((campaign: { campaignSlug: string }) => campaign.campaignSlug), page };
}

async function visit(query: string) {
  const body = { url: `https://shop.example/?${query}`, trackerId: 'browser-1' };
  const reply = await test.native.call('POST', '/visits', { body });
  assert.equal(reply.status, 201);
  return reply.body;
}

describe('campaigns', () => {
  it('are created, and read with every key', async () => {
    const id = await createCampaign('spring', { name: 'Spring sale', active: false });
    const reply = await client.request('GET', `${base}/campaigns/${id}`);
    const { integrationId, createdAt, updatedAt, ...campaign } = reply.body;
    assert.match(integrationId, /^[0-9a-f]{24}$/);
    assert.equal(createdAt, updatedAt);
    assert.equal(new Date(createdAt).toISOString(), createdAt);
    assert.deepEqual(campaign, {
      id,
      projectId: client.projectId,
      name: 'Spring sale',
      campaignSlug: 'spring',
      active: false,
      explicit: true,
    });
  });

  it('have a slug of their own within the integration, and not beyond it', async () => {
    await createCampaign('unique');
    const again = await client.request('POST', `${base}/campaigns`, { campaignSlug: 'unique', name: 'x' });
    assert.equal(again.status, 400);
    assert.deepEqual(again.body, envelope400('A campaign with slug unique already exists'));
    const elsewhere = await createCampaign('unique', {}, secondBase);
    assert.equal((await client.request('GET', `${base}/campaigns/${elsewhere}`)).status, 404);
  });

  it('appear from traffic, and keep their id when they are created', async () => {
    const { wmktId } = test.workspace.credentials.webmarketer;
    const { campaignId } = await visit(`WMKTID=${wmktId}&cid=fair`);
    await visit(`wmktid=${wmktId}&cid=fair`);
    const implicit = (await client.request('GET', `${base}/campaigns?explicit=0`)).body;
    assert.equal(implicit.total, 1);
    assert.deepEqual([implicit.data[0].campaignSlug, implicit.data[0].explicit], ['fair', false]);
    const id = await createCampaign('fair', { name: 'Fair 2026' });
    assert.equal(id, implicit.data[0].id);
    const promoted = (await client.request('GET', `${base}/campaigns/${id}`)).body;
    assert.deepEqual([promoted.explicit, promoted.name], [true, 'Fair 2026']);
    const later = await visit(`wmktid=${wmktId}&cid=fair`);
    assert.equal(later.campaignId, campaignId);
    const again = await client.request('POST', `${base}/campaigns`, { campaignSlug: 'fair', name: 'x' });
    assert.equal(again.status, 400);
  });

  it('are changed, and say whether anything was', async () => {
    const id = await createCampaign('change-me');
    const change = (body: unknown) => client.request('PATCH', `${base}/campaigns/${id}`, body);
    const first = await change({ name: 'Changed', active: 0 });
    assert.equal(first.status, 200);
    assert.deepEqual(first.body, { modifiedCount: 1 });
    assert.deepEqual((await change({ name: 'Changed' })).body, { modifiedCount: 0 });
    assert.deepEqual((await change({})).body, { modifiedCount: 0 });
    const { name, active, campaignSlug } = (await client.request('GET', `${base}/campaigns/${id}`)).body;
    assert.deepEqual([name, active, campaignSlug], ['Changed', false, 'change-me']);
    for (const body of [{ name: '' }, { name: 1 }, { active: 'maybe' }, { campaignSlug: 'other' }, [1]])
      assert.equal((await change(body)).status, 400, JSON.stringify(body));
    assert.equal((await client.request('GET', `${base}/campaigns/${id}`)).body.name, 'Changed');
  });

  it('answer to the alias of the path', async () => {
    const { wmktId } = test.workspace.credentials.webmarketer;
    const reply = await client.get(`/custom-ads/${wmktId}/campaigns?campaignSlug=spring`);
    assert.equal(reply.body.total, 1);
  });

  const wrong: [why: string, body: unknown][] = [
    ['no body', 'null'],
    ['no slug', { name: 'x' }],
    ['no name', { campaignSlug: 'x' }],
    ['an empty slug', { campaignSlug: '', name: 'x' }],
    ['a slug that is no text', { campaignSlug: 1, name: 'x' }],
    ['a slug that is too long', { campaignSlug: 'x'.repeat(201), name: 'x' }],
    ['a slug with space around it', { campaignSlug: ' x', name: 'x' }],
    ['a slug that is not storable', { campaignSlug: 'x\u0000', name: 'x' }],
    ['a name that is too long', { campaignSlug: 'x', name: 'x'.repeat(201) }],
    ['an active that is none', { campaignSlug: 'x', name: 'x', active: 'perhaps' }],
  ];
  for (const [why, body] of wrong) {
    it(`are not created from ${why}`, async () => {
      const reply = await client.request('POST', `${base}/campaigns`, body);
      assert.equal(reply.status, 400, reply.text);
      assert.equal(reply.body.error, 'Bad Request');
      assert.deepEqual((await listSlugs('campaignSlug=x')).slugs, []);
    });
  }
});

describe('GET …/campaigns', () => {
  before(async () => {
    await createCampaign('list-b', { name: 'Listed Beta', active: false });
    await createCampaign('list-a', { name: 'listed alpha' });
    await createCampaign('list-c', { name: 'LISTED gamma 100%' });
  });

  it('filters by part of the name in any case, activity, slug and id', async () => {
    assert.deepEqual((await listSlugs('nameLike=LiStEd')).slugs, ['list-b', 'list-a', 'list-c']);
    assert.deepEqual((await listSlugs('nameLike=listed&active=true')).slugs, ['list-a', 'list-c']);
    assert.deepEqual((await listSlugs('nameLike=listed&active=0')).slugs, ['list-b']);
    assert.deepEqual((await listSlugs('nameLike=%25')).slugs, ['list-c']);
    assert.deepEqual((await listSlugs('campaignSlug=list-a')).slugs, ['list-a']);
    const { id } = (await client.request('GET', `${base}/campaigns?campaignSlug=list-a`)).body.data[0];
    assert.deepEqual((await listSlugs(`campaignId=${id}`)).slugs, ['list-a']);
    assert.deepEqual((await listSlugs('campaignId=nothing')).slugs, []);
    assert.deepEqual((await listSlugs('nameLike=listed&explicit=false')).slugs, []);
  });

  it('sorts', async () => {
    const of = async (sort: string) => (await listSlugs(`nameLike=listed&${sort}`)).slugs;
    assert.deepEqual(await of('sort=name'), ['list-a', 'list-b', 'list-c']);
    assert.deepEqual(await of('sort=name&order=DESC'), ['list-c', 'list-b', 'list-a']);
    assert.deepEqual(await of('sort=campaignId&order=ASC'), ['list-b', 'list-a', 'list-c']);
    assert.equal((await of('sort=active'))[0], 'list-b');
    assert.equal((await of('sort=active&order=DESC'))[2], 'list-b');
  });

  it('pages', async () => {
    const { slugs, page } = await listSlugs('nameLike=listed&offset=1&limit=1');
    assert.deepEqual(slugs, ['list-a']);
    assert.deepEqual(page, { count: 1, total: 3, offset: 1, limit: 1 });
    assert.deepEqual((await listSlugs('nameLike=listed&offset=3')).slugs, []);
  });

  it('refuses parameters that mean nothing', async () => {
    for (const query of ['sort=colour', 'order=up', 'active=maybe', 'explicit=2', 'limit=-1', 'offset=x']) {
      const reply = await client.request('GET', `${base}/campaigns?${query}`);
      assert.equal(reply.status, 400, query);
      assert.equal(reply.body.error, 'Bad Request');
    }
  });
});

describe('outlays', () => {
  let campaign: string;
  let outlays: string;
  const january = {
    amount: 100.5,
    startDate: '2026-01-01T00:00:00Z',
    endDate: '2026-02-01T00:00:00+00:00',
    country: 'FR',
    region: 'Bretagne',
  };

  before(async () => {
    campaign = await createCampaign('with-outlays');
    outlays = `${base}/campaigns/${campaign}/outlays`;
  });

  async function createOutlay(body: object, path = outlays): Promise<string> {
    const reply = await client.request('POST', path, body);
    assert.equal(reply.status, 201, reply.text);
    assert.deepEqual(Object.keys(reply.body), ['id']);
    return reply.body.id;
  }

  it('are created in the project’s currency, and read with every key', async () => {
    const id = await createOutlay(january);
    const reply = await client.request('GET', `${outlays}/${id}`);
    assert.equal(reply.status, 200);
    const { integrationId, createdAt, updatedAt, ...outlay } = reply.body;
    assert.match(integrationId, /^[0-9a-f]{24}$/);
    assert.equal(createdAt, updatedAt);
    assert.deepEqual(outlay, {
      _id: id,
      projectId: client.projectId,
      campaignId: campaign,
      amount: { amount: 100.5, currency: 'EUR' },
      startDate: '2026-01-01T00:00:00.000Z',
      endDate: '2026-02-01T00:00:00.000Z',
      country: 'FR',
      region: 'Bretagne',
      deletedAt: null,
    });
  });

  it('have the currency of an integration that has one', async () => {
    const swiss = await createCampaign('swiss', {}, secondBase);
    const path = `${secondBase}/campaigns/${swiss}/outlays`;
    const id = await createOutlay({ ...january, country: undefined, region: undefined }, path);
    const { amount, country, region } = (await client.request('GET', `${path}/${id}`)).body;
    assert.deepEqual([amount.currency, country, region], ['CHF', null, null]);
  });

  it('are listed by the time that they cover, the end not included', async () => {
    const path = `${base}/campaigns/${await createCampaign('covering')}/outlays`;
    await createOutlay({ ...january, amount: 1 }, path);
    await createOutlay({ ...january, amount: 2, startDate: '2026-02-01', endDate: '2026-03-01' }, path);
    await createOutlay({ ...january, amount: 3, startDate: '2026-03-01', endDate: '2026-04-01' }, path);
    const amounts = async (query: string) => {
      const reply = await client.request('GET', `${path}?${query}`);
      assert.equal(reply.status, 200, reply.text);
      return reply.body.data.map((outlay: { amount: { amount: number } }) => outlay.amount.amount);
    };
    assert.deepEqual(await amounts(''), [1, 2, 3]);
    assert.deepEqual(await amounts('since=2026-02-01T00:00:00Z'), [2, 3]);
    assert.deepEqual(await amounts('since=2026-01-31T23:59:59.999Z'), [1, 2, 3]);
    assert.deepEqual(await amounts('until=2026-02-01T00:00:00Z'), [1, 2]);
    assert.deepEqual(await amounts('since=2026-02-10T00:00:00%2B02:00&until=2026-02-11'), [2]);
    assert.deepEqual(await amounts('sort=amount&order=DESC'), [3, 2, 1]);
    assert.deepEqual(await amounts('sort=endDate&order=DESC&limit=1'), [3]);
    const page = (await client.request('GET', `${path}?offset=2&limit=5`)).body;
    assert.deepEqual([page.count, page.total, page.offset, page.limit], [1, 3, 2, 5]);
    for (const query of ['sort=colour', 'order=up', 'since=yesterday', 'limit=-1'])
      assert.equal((await client.request('GET', `${path}?${query}`)).status, 400, query);
  });

  it('are changed, and moved to another campaign of the integration', async () => {
    const id = await createOutlay(january);
    const change = (body: unknown, at = outlays) => client.request('PATCH', `${at}/${id}`, body);
    const first = await change({ amount: 7, country: null });
    assert.equal(first.status, 200);
    assert.deepEqual(first.body, { modifiedCount: 1 });
    assert.deepEqual((await change({ amount: 7 })).body, { modifiedCount: 0 });
    const target = await createCampaign('moved-to');
    const foreign = await createCampaign('foreign', {}, secondBase);
    for (const campaignId of [foreign, 'f'.repeat(24), 'nothing', 7, {}])
      assert.equal((await change({ campaignId })).status, 400, String(campaignId));
    assert.deepEqual((await change({ campaignId: target })).body, { modifiedCount: 1 });
    assert.equal((await client.request('GET', `${outlays}/${id}`)).status, 404);
    const there = `${base}/campaigns/${target}/outlays`;
    const moved = (await client.request('GET', `${there}/${id}`)).body;
    assert.deepEqual(
      [moved.campaignId, moved.amount.amount, moved.country, moved.region],
      [target, 7, null, 'Bretagne'],
    );
    assert.equal((await change({ amount: 8 })).status, 404);
    assert.equal((await change({ amount: 8 }, there)).status, 200);
  });

  it('never end before they start, whichever date is changed', async () => {
    const id = await createOutlay(january);
    const change = (body: object) => client.request('PATCH', `${outlays}/${id}`, body);
    for (const body of [{ startDate: january.endDate }, { endDate: january.startDate }]) {
      const reply = await change(body);
      assert.deepEqual(reply.body, envelope400('startDate must be less than endDate'));
    }
    const moved = await change({ startDate: '2027-01-01T00:00:00Z', endDate: '2027-01-02T00:00:00Z' });
    assert.deepEqual(moved.body, { modifiedCount: 1 });
  });

  const wrong: [why: string, body: unknown][] = [
    ['no body', 'null'],
    ['no amount', { ...january, amount: undefined }],
    ['an amount that is a text', { ...january, amount: '1' }],
    ['an amount that is an object', { ...january, amount: { amount: 1, currency: 'EUR' } }],
    ['a negative amount', { ...january, amount: -1 }],
    ['no start', { ...january, startDate: undefined }],
    ['an end that is no date', { ...january, endDate: 'soon' }],
    ['an end that is the start', { ...january, endDate: january.startDate }],
    ['a start after the end', { ...january, startDate: '2027-01-01T00:00:00Z' }],
    ['a country that is no text', { ...january, country: 1 }],
    ['a region that is not storable', { ...january, region: '\ud800' }],
  ];
  for (const [why, body] of wrong) {
    it(`are not created from ${why}`, async () => {
      const { total } = (await client.request('GET', outlays)).body;
      const reply = await client.request('POST', outlays, body);
      assert.equal(reply.status, 400, reply.text);
      assert.equal(reply.body.error, 'Bad Request');
      assert.equal((await client.request('GET', outlays)).body.total, total);
    });
  }
});

describe('who may see custom ads', () => {
  const none = 'f'.repeat(24);
  const outlay = { amount: 1, startDate: '2026-01-01T00:00:00Z', endDate: '2026-02-01T00:00:00Z' };
  const operations: [method: 'GET' | 'POST' | 'PATCH', path: string, body?: object][] = [
    ['GET', '/campaigns'],
    ['POST', '/campaigns', { campaignSlug: 'stolen', name: 'x' }],
    ['GET', `/campaigns/${none}`],
    ['PATCH', `/campaigns/${none}`, { name: 'x' }],
    ['GET', `/campaigns/${none}/outlays`],
    ['POST', `/campaigns/${none}/outlays`, outlay],
    ['GET', `/campaigns/${none}/outlays/${none}`],
    ['PATCH', `/campaigns/${none}/outlays/${none}`, { amount: 2 }],
  ];
  for (const [method, path, body] of operations) {
    it(`${method} ${path}: 401, 403 and 404 in the envelope`, async () => {
      for (const token of ['', 'wrong', expired, test.workspace.credentials.webengage.apiKey]) {
        const reply = await client.request(method, base + path, body, token);
        assert.deepEqual(reply.body, { statusCode: 401, message: 'Unauthorized' });
      }
      const foreign = await stranger.request(method, base + path, body);
      assert.deepEqual(foreign.body, {
        statusCode: 403,
        message: 'Forbidden resource',
        error: 'Forbidden',
      });
      // The other workspace's integration under one's own project.
      const { wmktId } = test.workspace.credentials.webmarketer;
      const own = `/projects/${stranger.projectId}/integrations/${wmktId}/custom-ads${path}`;
      assert.deepEqual(
        (await stranger.request(method, own, body)).body,
        envelope404('Integration not found'),
      );
      if (path === '/campaigns') return;
      const missing = await client.request(method, base + path, body);
      assert.deepEqual(missing.body, envelope404('Campaign not found'));
      const malformed = base + path.replaceAll(none, 'not-an-id');
      assert.equal((await client.request(method, malformed, body)).status, 404);
    });
  }

  it('answers 404 for an outlay that there is not', async () => {
    const id = await createCampaign('empty');
    for (const method of ['GET', 'PATCH'] as const)
      for (const outlayId of [none, 'nothing']) {
        const url = `${base}/campaigns/${id}/outlays/${outlayId}`;
        const reply = await client.request(method, url, method === 'GET' ? undefined : { amount: 1 });
        assert.deepEqual(reply.body, envelope404('Outlay not found'));
      }
  });

  it('lets nothing of another workspace in', async () => {
    assert.deepEqual((await listSlugs('campaignSlug=stolen')).slugs, []);
  });
});
