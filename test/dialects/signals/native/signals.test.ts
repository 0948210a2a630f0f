import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { TestWorkspace } from '../../../helpers/app.ts';
import { Store } from '../../../helpers/store.ts';
import { inject } from '../../../helpers/vendor-client.ts';
import { workspaceKey } from '../../../native/helpers.ts';
import { delivery, referralTo, textMessage } from '../client.ts';
import { useAppWithMeta } from '../connector/advertising-app.ts';
import { SignalsStore } from '../store.ts';

const account = '1011872785512566';
const facebook = '2311334042249923';
const facebookPath = `/facebook-accounts/${facebook}`;
const accountPath = `/ad-accounts/${account}`;

const { test, graph } = await useAppWithMeta();
let workspace: TestWorkspace;

const stored = () => new SignalsStore(test, workspace);

beforeEach(async () => {
  graph.reset();
  graph.addAccount(account);
  workspace = await test.addWorkspace();
});

type Method = 'GET' | 'PUT' | 'POST' | 'DELETE';

async function ask(method: Method, path: string, body?: object, key?: string | null, of = workspace) {
  const token = key === undefined ? test.workspace.credentials.admin.token : key;
  const reply = await inject(test, {
    method,
    url: `/throughline/v1/workspaces/${of.created.publicId}/signals${path}`,
    headers: {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    body,
  });
  const text = reply.text;
  return { status: reply.status, text, body: text === '' ? undefined : reply.body };
}

describe('Facebook accounts', () => {
  it('are added with a token, listed without it, and forgotten', async () => {
    const added = await ask('PUT', facebookPath, { email: 'a@example.com', accessToken: graph.token });
    assert.equal(added.status, 200);
    assert.equal(added.body.tokenState, 'valid');
    await ask('PUT', facebookPath, { email: 'b@example.com' });
    const listed = await ask('GET', '/facebook-accounts');
    assert.deepEqual(
      listed.body.facebookAccounts.map(({ id, email, tokenState }: Record<string, string>) => [
        id,
        email,
        tokenState,
      ]),
      [[facebook, 'b@example.com', 'valid']],
    );
    assert.ok(!`${added.text}${listed.text}`.includes(graph.token));
    assert.equal((await ask('POST', `${facebookPath}/discover`)).status, 200);
    assert.equal((await ask('DELETE', facebookPath)).status, 204);
    assert.equal((await ask('DELETE', facebookPath)).status, 404);
    const left = (await ask('GET', '/ad-accounts')).body.adAccounts;
    const kept = left.find(({ id }: { id: string }) => id === account);
    assert.equal(kept.facebookAccount, null);
    assert.equal((await ask('POST', `${accountPath}/refresh`)).status, 409);
  });

  it('bring the ad accounts that their token opens, with currency and time zone', async () => {
    for (let number = 0; number < 30; number++)
      graph.addAccount(String(500 + number), { currency: 'USD', timezone_name: 'America/New_York' });
    graph.pageSize = 7;
    await ask('PUT', facebookPath, { accessToken: graph.token });
    const found = await ask('POST', `${facebookPath}/discover`);
    assert.equal(found.body.adAccounts.length, 31);
    const { facebookAccount, currency, timezone, refresh } = found.body.adAccounts.at(-1);
    assert.deepEqual(
      [facebookAccount, currency, timezone, refresh.state],
      [facebook, 'USD', 'America/New_York', 'never'],
    );
  });

  it('keep what another account with a good token reads', async () => {
    await ask('PUT', '/facebook-accounts/1', { accessToken: graph.token });
    await ask('POST', '/facebook-accounts/1/discover');
    await ask('PUT', facebookPath, { accessToken: graph.token });
    assert.equal((await ask('POST', `${facebookPath}/discover`)).body.adAccounts.length, 0);
  });

  it('say that they need a new token once Meta has refused theirs', async () => {
    await ask('PUT', facebookPath, { accessToken: 'EAAB-expired' });
    const refused = await ask('POST', `${facebookPath}/discover`);
    assert.equal(refused.status, 502);
    assert.equal(refused.body.error.code, 'upstream-failed');
    const { tokenState, needsNewToken } = (await ask('GET', '/facebook-accounts')).body.facebookAccounts[0];
    assert.deepEqual([tokenState, needsNewToken], ['rejected', true]);
  });

  it('refuse what is no token, and fields that there are not', async () => {
    for (const body of [{ accessToken: 'two words' }, { accessToken: '' }, { token: 'x' }, { email: '' }])
      assert.equal((await ask('PUT', facebookPath, body)).status, 400, JSON.stringify(body));
    assert.equal((await ask('PUT', '/facebook-accounts/abc', {})).status, 400);
    assert.equal((await ask('POST', '/facebook-accounts/999/discover')).status, 404);
  });
});

describe('ad accounts', () => {
  it('are given by hand, connected, refreshed, and tell of their state', async () => {
    const given = await ask('PUT', accountPath, {
      name: 'By hand',
      currency: 'GBP',
      timezone: 'Europe/London',
    });
    assert.deepEqual(
      [given.status, given.body.facebookAccount, given.body.currency, given.body.refresh.nextRefreshAt],
      [200, null, 'GBP', null],
    );
    assert.equal((await ask('PUT', accountPath, { facebookAccount: facebook })).status, 400);
    await ask('PUT', facebookPath, { accessToken: graph.token });
    const connected = await ask('PUT', accountPath, { facebookAccount: facebook });
    assert.notEqual(connected.body.refresh.nextRefreshAt, null);
    const refreshed = await ask('POST', `${accountPath}/refresh`);
    assert.equal(refreshed.status, 200);
    assert.deepEqual(
      [refreshed.body.refresh.state, refreshed.body.name, refreshed.body.currency, refreshed.body.timezone],
      ['ok', `Account ${account}`, 'EUR', 'Europe/Berlin'],
    );
    assert.match(refreshed.body.refresh.numbersFrom, /^\d{4}-\d{2}-\d{2}$/);
  });

  it('refuse what is no zone and no currency, and are not there when they are not', async () => {
    assert.equal((await ask('PUT', accountPath, { timezone: 'Mars/Olympus' })).status, 400);
    assert.equal((await ask('PUT', accountPath, { currency: 'ABC' })).status, 400);
    assert.equal((await ask('PUT', '/ad-accounts/act_5', {})).status, 400);
    assert.equal((await ask('POST', '/ad-accounts/5/refresh')).status, 404);
  });

  it('say 429 of Meta’s rate limit', async () => {
    await ask('PUT', facebookPath, { accessToken: graph.token });
    await ask('PUT', accountPath, { facebookAccount: facebook });
    graph.misbehaviours.push({ status: 429, text: '', headers: { 'retry-after': '3600' } });
    assert.equal((await ask('POST', `${accountPath}/refresh`)).status, 429);
    const state = (await ask('GET', '/ad-accounts')).body.adAccounts.find(
      ({ id }: { id: string }) => id === account,
    ).refresh;
    assert.equal(state.state, 'rate-limited');
  });
});

describe('ads and numbers by hand', () => {
  const ads = {
    campaigns: [{ id: '9', adAccountId: account, name: 'Spring', startTime: '2026-03-01T00:00:00+01:00' }],
    ads: [
      {
        id: '1',
        adAccountId: account,
        campaignId: '9',
        name: 'Spot',
        adSet: { id: '7', name: 'Set', status: 'PAUSED' },
        page: { id: '5', name: 'Page' },
      },
    ],
  };
  const day = { adId: '1', day: '2026-03-01', clicks: 5, impressions: 100, spend: 1.25 };

  it('are stored, and replaced when they are given again', async () => {
    await ask('PUT', accountPath, { currency: 'EUR' });
    assert.deepEqual((await ask('PUT', '/ads', ads)).body, { stored: 2 });
    assert.deepEqual((await ask('POST', '/ad-days', { days: [day] })).body, { stored: 1 });
    await ask('POST', '/ad-days', { days: [{ ...day, clicks: 6, spend: 0.0000001 }] });
    const [told] = await stored().days();
    assert.deepEqual([told!.clicks, Number(told!.spend)], [6, 0]);
    const [ad] = await stored().ads();
    assert.deepEqual(
      [ad!.campaignId, ad!.adSetName, ad!.pageName, ad!.status],
      ['9', 'Set', 'Page', 'ACTIVE'],
    );
  });

  it('are taken all or none', async () => {
    await ask('PUT', accountPath, {});
    const refused = await ask('PUT', '/ads', { ads: [...ads.ads, { id: '2', adAccountId: '404' }] });
    assert.deepEqual([refused.status, refused.body.error.path], [400, 'ads/1/adAccountId']);
    assert.equal((await stored().ads()).length, 0);
    await ask('PUT', '/ads', ads);
    const unknown = await ask('POST', '/ad-days', { days: [day, { ...day, adId: '2' }] });
    assert.deepEqual([unknown.status, unknown.body.error.path], [400, 'body/days/1/adId']);
    assert.equal((await stored().days()).length, 0);
  });

  it('are refused when they are none, or too many', async () => {
    await ask('PUT', accountPath, {});
    await ask('PUT', '/ads', ads);
    for (const wrong of [
      { day: '2026-02-30' },
      { clicks: -1 },
      { clicks: 1.5 },
      { spend: -1 },
      { spend: '1' },
      { adId: 1 },
      { more: 1 },
    ])
      assert.equal((await ask('POST', '/ad-days', { days: [{ ...day, ...wrong }] })).status, 400);
    assert.equal((await ask('POST', '/ad-days', { days: [] })).status, 400);
    assert.equal((await ask('POST', '/ad-days', { days: Array(5001).fill(day) })).status, 400);
    assert.equal((await ask('PUT', '/ads', { ads: Array(1001).fill(ads.ads[0]) })).status, 400);
  });
});

describe('an app’s tracking', () => {
  const send = async (id: string) => {
    const { appId, token } = workspace.credentials.signals;
    return inject(test, {
      method: 'POST',
      url: `/webhooks/whatsapp/${appId}`,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: delivery(textMessage(id, '33639981234', 1_700_000_000, { referral: referralTo('1') })),
    });
  };
  const countMessages = async () => (await new Store(test, workspace).events()).length;

  it('is switched off, and on again, for the messages that come in from then on', async () => {
    const { appId } = workspace.credentials.signals;
    const off = await ask('PUT', `/apps/${appId}/tracking`, { enabled: false });
    assert.deepEqual([off.status, off.body.settings.ctwaTracking], [200, false]);
    assert.equal(off.body.settings.clientId, workspace.credentials.signals.clientId);
    await send('first');
    assert.equal(await countMessages(), 0);
    assert.equal((await ask('PUT', `/apps/${appId}/tracking`, { enabled: true })).status, 200);
    await send('second');
    assert.ok((await countMessages()) > 0);
  });

  it('is refused for an app that there is not, and a value that is none', async () => {
    assert.equal((await ask('PUT', '/apps/1/tracking', { enabled: true })).status, 404);
    const { appId } = workspace.credentials.signals;
    assert.equal((await ask('PUT', `/apps/${appId}/tracking`, { enabled: 'no' })).status, 400);
  });
});

describe('who may set up advertising', () => {
  const calls: [Method, string, object?][] = [
    ['GET', '/facebook-accounts'],
    ['PUT', facebookPath, {}],
    ['DELETE', facebookPath],
    ['POST', `${facebookPath}/discover`],
    ['GET', '/ad-accounts'],
    ['PUT', accountPath, {}],
    ['POST', `${accountPath}/refresh`],
    ['PUT', '/ads', { ads: [] }],
    ['POST', '/ad-days', { days: [{ adId: '1', day: '2026-03-01', clicks: 0, impressions: 0, spend: 0 }] }],
    ['PUT', '/apps/1/tracking', { enabled: true }],
  ];
  for (const [method, path, body] of calls) {
    it(`is nobody without the workspace’s key: ${method} ${path}`, async () => {
      const other = await test.addWorkspace();
      const foreign = await workspaceKey(test, other);
      assert.equal((await ask(method, path, body, null)).status, 401);
      assert.equal((await ask(method, path, body, 'wrong')).status, 401);
      assert.equal((await ask(method, path, body, workspace.credentials.signals.token)).status, 401);
      assert.equal((await ask(method, path, body, foreign)).status, 404);
    });
  }
});
