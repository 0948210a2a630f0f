import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { useApp } from '../../helpers/app.ts';
import { verifyWorkspace } from '../../helpers/derived.ts';
import { ContacthubClient } from './client.ts';

const test = await useApp({ freshWorkspace: true });
const client = new ContacthubClient(test);

const asAdmin = () => ({ token: client.credentials.contacthub.adminToken });
const put = (path: string, body: unknown) => client.call('PUT', `/configuration${path}`, body, asAdmin());

describe('the configuration of a workspace', () => {
  it('is the workspace’s own, shown in full', async () => {
    assert.deepEqual(await client.configure('GET', ''), {
      name: client.workspace.created.slug,
      industry: 'NotDefined',
      logo: null,
      timezone: 'Europe/Paris',
      currency: 'EUR',
      customerUniquenessPolicy: 'MERGE',
      tier: null,
    });
  });

  it('is changed by what a body says, here and natively, and what it leaves out stays', async () => {
    const wanted = {
      name: 'A shop',
      industry: 'Luxury',
      logo: 'https://example.com/logo.png',
      timezone: 'Europe/London',
      currency: 'USD',
      customerUniquenessPolicy: 'MERGE',
      tier: null,
    };
    assert.deepEqual(await client.configure('PUT', '', wanted), wanted);
    const { name, timezone, currency, dialects } = await client.native.read('');
    assert.deepEqual([name, timezone, currency], ['A shop', 'Europe/London', 'USD']);
    assert.deepEqual(dialects.contacthub, { industry: 'Luxury', logo: wanted.logo });
    assert.deepEqual(await client.configure('PUT', '', { logo: null }), { ...wanted, logo: null });
    assert.deepEqual(await client.configure('PUT', '', {}), { ...wanted, logo: null });
    assert.equal((await client.configure('PUT', '', { timezone: null })).timezone, 'Europe/Rome');
    const changed = await client.native.call('PATCH', '', {
      body: { timezone: 'Asia/Tokyo', currency: 'CHF', dialects: { contacthub: { industry: 'GDO' } } },
    });
    assert.equal(changed.status, 200, changed.text);
    const shown = await client.configure('GET', '');
    assert.deepEqual([shown.timezone, shown.currency, shown.industry], ['Asia/Tokyo', 'CHF', 'GDO']);
    assert.deepEqual(await client.configure('PUT', '', shown), shown, 'what was shown can be sent back');
  });

  it('by another time zone has the days counted anew before it answers', async () => {
    const { id } = await client.create('days@example.com');
    await client.view({ customerId: id }, { date: '2026-03-01T23:30:00Z' });
    await client.configure('PUT', '', { timezone: 'Europe/London' });
    const { checks } = await verifyWorkspace(test.database, test.workspace.created.id);
    assert.deepEqual(
      checks.filter(({ ok }) => !ok),
      [],
    );
    const { jobs } = await client.native.read('/jobs');
    const [rebuild] = jobs.filter(({ kind }: { kind: string }) => kind === 'rebuild');
    assert.deepEqual([rebuild.subject, rebuild.state], ['localDays', 'finished']);
  });

  it('is refused by the pointer of what is wrong, and changes nothing then', async () => {
    const before = await client.configure('GET', '');
    const cases: [unknown, string][] = [
      [{ name: '' }, '/name'],
      [{ name: '  ' }, '/name'],
      [{ name: 'x'.repeat(201) }, '/name'],
      [{ name: 'a\u0000b' }, '/name'],
      [{ industry: 'Shoes' }, '/industry'],
      [{ logo: 'no address' }, '/logo'],
      [{ timezone: 'Europe/Madrid' }, '/timezone'],
      [{ timezone: 1 }, '/timezone'],
      [{ currency: 'GBP' }, '/currency'],
      [{ currency: null }, '/currency'],
      [{ customerUniquenessPolicy: 'BLOCK' }, '/customerUniquenessPolicy'],
      [{ tier: 'gold' }, '/tier'],
      [{ name: 'kept back', shoes: 1 }, '/shoes'],
      [[], ''],
      [undefined, ''],
    ];
    for (const [body, path] of cases) {
      const reply = await put('', body);
      assert.equal(reply.status, 400, JSON.stringify(body));
      assert.equal(reply.body.message, 'source configuration is not valid');
      assert.equal(reply.body.errors[0].path, path, JSON.stringify(body));
    }
    assert.deepEqual(await client.configure('GET', ''), before);
  });
});

describe('the throttling of a workspace', () => {
  it('is off at first, and is the rate that the native API shows and sets', async () => {
    assert.deepEqual(await client.configure('GET', '/throttling'), { maxRequestsPerMinute: 0 });
    const quiet = await client.call('GET', '/configuration/throttling', undefined, asAdmin());
    assert.equal(quiet.headers['x-ratelimit-limit'], undefined);
    const body = { maxRequestsPerMinute: 1000 };
    assert.deepEqual(await client.configure('PUT', '/throttling', body), body);
    const { rateLimits } = await client.native.read('');
    assert.equal(rateLimits.contacthub, 1000);
    await client.native.call('PATCH', '', { body: { rateLimits: { contacthub: 0 } } });
    assert.deepEqual(await client.configure('GET', '/throttling'), { maxRequestsPerMinute: 0 });
  });

  it('refuses what comes beyond it with 429 in the form of errors, and says how much is left', async () => {
    test.time.now = Date.UTC(2026, 2, 1, 12, 0, 10);
    await client.configure('PUT', '/throttling', { maxRequestsPerMinute: 2 });
    const ask = () => client.call('GET', `/customers?nodeId=${client.nodeId}`);
    const replies = [await ask(), await ask(), await ask()];
    assert.deepEqual(
      replies.map(({ status, headers }) => [
        status,
        headers['x-ratelimit-limit'],
        headers['x-ratelimit-remaining'],
        headers['retry-after'],
      ]),
      [
        [200, '2', '1', undefined],
        [200, '2', '0', undefined],
        [429, '2', '0', '50'],
      ],
    );
    assert.deepEqual(Object.keys(replies[2]?.body).sort(), ['data', 'errors', 'logref', 'message']);
    const other = new ContacthubClient(test, await test.addWorkspace());
    assert.equal((await other.call('GET', `/customers?nodeId=${other.nodeId}`)).status, 200);
    test.time.now += 50_000;
    assert.equal((await ask()).status, 200, 'a minute later');
    test.time.now = 0;
  });

  it('can always be changed by who may, and by nobody else', async () => {
    await client.configure('PUT', '/throttling', { maxRequestsPerMinute: 1 });
    const { adminToken, operatorToken, token, dpoToken } = client.credentials.contacthub;
    for (let times = 0; times < 3; times++)
      for (const allowed of [adminToken, operatorToken]) {
        const body = { maxRequestsPerMinute: 1 };
        const reply = await client.call('PUT', '/configuration/throttling', body, { token: allowed });
        assert.equal(reply.status, 200);
      }
    for (const refused of [token, dpoToken]) {
      const body = { maxRequestsPerMinute: 9 };
      const reply = await client.call('PUT', '/configuration/throttling', body, { token: refused });
      assert.equal(reply.status, 403);
    }
    assert.deepEqual(await client.configure('PUT', '/throttling', { maxRequestsPerMinute: 0 }), {
      maxRequestsPerMinute: 0,
    });
    for (let times = 0; times < 3; times++) await client.configure('GET', '/throttling');
  });

  it('is a whole number that is not below 0', async () => {
    for (const body of [
      { maxRequestsPerMinute: -1 },
      { maxRequestsPerMinute: 1.5 },
      {},
      { maxRequestsPerMinute: '1' },
    ]) {
      const reply = await put('/throttling', body);
      assert.deepEqual([reply.status, reply.body.errors[0].path], [400, '/maxRequestsPerMinute']);
    }
  });
});
