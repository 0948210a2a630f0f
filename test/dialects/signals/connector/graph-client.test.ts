import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { AdPlatform } from '../../../../src/dialects/signals/advertising/ad-platform.ts';
import type { GraphTiming } from '../../../../src/dialects/signals/connector/meta/graph-client.ts';
import { MetaPlatform } from '../../../../src/dialects/signals/connector/meta/meta-platform.ts';
import { fail, GraphServer } from './graph-server.ts';

const graph = new GraphServer();
const account = '1011872785512566';
let baseUrl: string;

before(async () => {
  baseUrl = await graph.start();
});
after(() => graph.stop());
beforeEach(() => {
  graph.reset();
  graph.addAccount(account);
});

interface Options {
  readonly token?: string;
  readonly appSecret?: string;
  readonly milliseconds?: number;
  readonly signal?: AbortSignal;
  readonly timing?: Partial<GraphTiming>;
}

function connect(options: Options = {}): AdPlatform {
  const { appSecret, milliseconds = 20_000, signal = new AbortController().signal } = options;
  const timing = { firstWaitMilliseconds: 1, longestWaitMilliseconds: 4, ...options.timing };
  return new MetaPlatform({ baseUrl, version: 'v25.0', appSecret, timing }, options.token ?? graph.token, {
    deadline: Date.now() + milliseconds,
    signal,
  });
}

const span = { since: '2026-03-01', until: '2026-03-07' };

describe('reading pages', () => {
  it('follows cursors over many pages, and never the address that an answer names', async () => {
    for (let number = 0; number < 43; number++)
      graph.addAd(String(23851172049950328n + BigInt(number)), account, '9');
    graph.pageSize = 5;
    const answer = await connect().listAds({ adAccountId: account });
    assert.ok(answer.kind === 'answer');
    assert.equal(new Set(answer.value.map(({ ad }) => ad.id)).size, 43);
    assert.equal(graph.requests.length, 9);
    assert.equal(answer.value[42]!.ad.id, '23851172049950370');
  });

  it('sends the token in a header and nowhere else', async () => {
    await connect().listAds({ adAccountId: account });
    const [request] = graph.requests;
    assert.equal(request!.authorization, `Bearer ${graph.token}`);
    assert.ok(!JSON.stringify(request!.parameters).includes(graph.token));
  });

  it('asks for smaller pages when Graph says that it is too much data', async () => {
    for (let number = 0; number < 60; number++) graph.addAd(String(1000 + number), account, '9');
    graph.pageSize = 500;
    graph.mostRows = 20;
    const answer = await connect().listAds({ adAccountId: account });
    assert.ok(answer.kind === 'answer');
    assert.equal(answer.value.length, 60);
  });

  it('ends where a page names itself as the next', async () => {
    const paging = { cursors: { after: 'same' }, next: 'https://x/?after=same' };
    graph.misbehaviours.push({ body: { data: [], paging } }, { body: { data: [], paging } });
    const answer = await connect().listCampaigns(account);
    assert.equal(answer.kind, 'refused');
  });

  it('reads the shapes of an ad: set, campaign, page, times with an offset without colon', async () => {
    graph.addCampaign('9', account, { stop_time: '2022-12-30T14:05:08+0100' });
    graph.addAd('1', account, '9');
    graph.addAd('2', account, '9', { creative: { effective_object_story_id: '555_777' } });
    graph.addAd('3', account, '9', { effective_status: 'ARCHIVED', creative: undefined });
    const answer = await connect().listAds({ adAccountId: account });
    assert.ok(answer.kind === 'answer');
    const [first, second, third] = answer.value;
    assert.deepEqual(first!.ad, {
      id: '1',
      adAccountId: account,
      campaignId: '9',
      adSetId: '77',
      adSetName: 'Spot ad set',
      adSetStatus: 'ACTIVE',
      pageId: '460293477343848',
      pageName: null,
      name: 'Ad 1',
      status: 'ACTIVE',
      createdTime: new Date('2022-11-01T09:05:08Z'),
      updatedTime: new Date('2022-11-30T13:05:08Z'),
    });
    assert.equal(first!.campaign!.stopTime!.toISOString(), '2022-12-30T13:05:08.000Z');
    assert.equal(second!.ad.pageId, '555');
    assert.deepEqual([third!.ad.status, third!.ad.pageId], ['ARCHIVED', null]);
  });
});

describe('reading numbers', () => {
  it('asks by ad and day, and keeps spend as it is written', async () => {
    graph.addAd('1', account, '9');
    graph.setDay('1', '2026-03-01', { clicks: 541, impressions: 15452, spend: '433.30' });
    graph.setDay('1', '2026-02-28', { clicks: 1, impressions: 1, spend: '1' });
    const answer = await connect().readDays({ adAccountId: account }, span);
    assert.ok(answer.kind === 'answer');
    const [day, ...more] = answer.value;
    assert.equal(more.length, 0);
    assert.deepEqual(
      [day!.adId, day!.day, day!.clicks, day!.impressions, day!.spend, day!.campaignId],
      ['1', '2026-03-01', 541, 15452, '433.30', '9'],
    );
    assert.match(graph.requests[0]!.parameters.filtering!, /DELETED/);
  });

  for (const [what, row] of [
    [
      'an id that is a number',
      { ad_id: 23851172049950328, date_start: '2026-03-01', date_stop: '2026-03-01' },
    ],
    ['a day that is none', { ad_id: '1', date_start: '2026-02-30', date_stop: '2026-02-30' }],
    ['a month that is none', { ad_id: '1', date_start: '2026-13-01', date_stop: '2026-13-01' }],
    ['a row of several days', { ad_id: '1', date_start: '2026-03-01', date_stop: '2026-03-02' }],
    [
      'clicks that are no number',
      { ad_id: '1', date_start: '2026-03-01', date_stop: '2026-03-01', clicks: 'many' },
    ],
    ['a negative spend', { ad_id: '1', date_start: '2026-03-01', date_stop: '2026-03-01', spend: '-1' }],
    ['a row that is no object', null],
  ] as const) {
    it(`refuses ${what}`, async () => {
      graph.misbehaviours.push({ body: { data: [row] } });
      const answer = await connect().readDays({ adAccountId: account }, span);
      assert.equal(answer.kind, 'refused');
    });
  }
});

describe('an answer that is none', () => {
  for (const [what, wrong] of [
    ['text that is no JSON', { text: '<html>' }],
    ['another object', { body: { error_message: 'x' } }],
    ['data that is no list', { body: { data: {} } }],
  ] as const) {
    it(`is refused or given up: ${what}`, async () => {
      for (let count = 0; count < 6; count++) graph.misbehaviours.push(wrong);
      const answer = await connect().listCampaigns(account);
      assert.ok(answer.kind === 'refused' || answer.kind === 'unreachable', answer.kind);
    });
  }

  it('is none when it sends the token elsewhere', async () => {
    const elsewhere = { status: 302, headers: { location: `${baseUrl}/v25.0/elsewhere` }, of: 'campaigns' };
    for (let count = 0; count < 6; count++) graph.misbehaviours.push(elsewhere);
    assert.equal((await connect().listCampaigns(account)).kind, 'unreachable');
    assert.ok(graph.requests.every(({ path }) => path !== 'elsewhere'));
  });

  it('is refused when it is larger than may be', async () => {
    graph.misbehaviours.push({ text: JSON.stringify({ data: ['x'.repeat(17 * 1024 * 1024)] }) });
    const answer = await connect().listCampaigns(account);
    assert.ok(answer.kind === 'refused');
    assert.match(answer.reason, /bytes/);
  });
});

describe('patience', () => {
  for (const code of [4, 17, 32, 613, 80000, 80004]) {
    it(`tries again after error ${code}, and succeeds`, async () => {
      graph.misbehaviours.push(fail(400, code, 'limit reached'), fail(403, code, 'limit reached'));
      assert.equal((await connect().listCampaigns(account)).kind, 'answer');
      assert.equal(graph.requests.length, 3);
    });
  }

  for (const [what, wrong] of [
    ['HTTP 429', { status: 429, text: '' }],
    ['HTTP 503', { status: 503, text: 'busy' }],
    ['error 2', fail(500, 2, 'Service temporarily unavailable')],
    ['a lost connection', { hangUp: true }],
  ] as const) {
    it(`tries again after ${what}, and succeeds`, async () => {
      graph.misbehaviours.push(wrong);
      assert.equal((await connect().listCampaigns(account)).kind, 'answer');
      assert.equal(graph.requests.length, 2);
    });
  }

  it('gives up after six attempts, and says that it is the limit', async () => {
    for (let count = 0; count < 9; count++)
      graph.misbehaviours.push(fail(400, 17, 'User request limit reached'));
    const answer = await connect().listCampaigns(account);
    assert.ok(answer.kind === 'rate-limited');
    assert.equal(graph.requests.length, 6);
    assert.match(answer.reason, /17/);
  });

  it('waits twice as long each time, up to the longest', async () => {
    for (let count = 0; count < 4; count++) graph.misbehaviours.push(fail(400, 4, 'limit reached'));
    const began = Date.now();
    await connect({ timing: { firstWaitMilliseconds: 30, longestWaitMilliseconds: 120 } }).listCampaigns(
      account,
    );
    const took = Date.now() - began;
    // Between half and all of 30 + 60 + 120 + 120.
    assert.ok(took >= 165 && took < 2_000, `${took} ms`);
  });

  it('gives up at once when Retry-After is beyond its time', async () => {
    graph.misbehaviours.push({ status: 429, text: '', headers: { 'retry-after': '120' } });
    const answer = await connect({ milliseconds: 2_000 }).listCampaigns(account);
    assert.deepEqual(answer, { kind: 'rate-limited', reason: 'HTTP 429', retryAfterSeconds: 120 });
    assert.equal(graph.requests.length, 1);
  });

  it('holds back when the headers say that the limit is used up', async () => {
    const usage = { type: 'ads_insights', call_count: 100, estimated_time_to_regain_access: 19 };
    graph.usage = { 'x-business-use-case-usage': JSON.stringify({ '66782684': [usage] }) };
    const platform = connect();
    assert.equal((await platform.listCampaigns(account)).kind, 'answer');
    const next = await platform.listCampaigns(account);
    assert.ok(next.kind === 'rate-limited');
    assert.ok(next.retryAfterSeconds > 18 * 60 && next.retryAfterSeconds <= 19 * 60);
    assert.equal(graph.requests.length, 1);
  });

  it('ends a request that is not answered in time', async () => {
    graph.misbehaviours.push({ silent: true });
    const answer = await connect({ timing: { requestMilliseconds: 500 } }).listCampaigns(account);
    assert.equal(answer.kind, 'answer');
    assert.equal(graph.requests.length, 2);
  });

  it('stops at once when the process ends', async () => {
    const controller = new AbortController();
    graph.misbehaviours.push({ silent: true });
    const answer = connect({ signal: controller.signal }).listCampaigns(account);
    setTimeout(() => controller.abort(), 30);
    assert.deepEqual(await answer, { kind: 'out-of-time' });
  });
});

describe('a token', () => {
  it('that Graph refuses with 190 is not tried again, and not repeated', async () => {
    const answer = await connect({ token: 'EAAB-expired' }).listCampaigns(account);
    assert.ok(answer.kind === 'token-rejected');
    assert.equal(graph.requests.length, 1);
    assert.match(answer.reason, /error 190\/463/);
    assert.ok(!answer.reason.includes('EAAB'));
  });

  it('is cut out of what Meta says', async () => {
    graph.misbehaviours.push(fail(400, 100, `Malformed access token ${'EAAB'.repeat(20)}`));
    const answer = await connect().listCampaigns(account);
    assert.ok(answer.kind === 'refused' && !answer.reason.includes('EAABEAAB'));
  });

  it('is proven to be the app’s when its secret is set', async () => {
    graph.appSecret = 'app-secret';
    assert.equal((await connect({ appSecret: 'app-secret' }).listCampaigns(account)).kind, 'answer');
    assert.equal((await connect({ appSecret: 'app-secret' }).readAds(['1'])).kind, 'answer');
    assert.equal((await connect().listCampaigns(account)).kind, 'refused');
  });
});

describe('objects by id', () => {
  it('come in batches of fifty, and those that are gone are left out', async () => {
    for (let number = 0; number < 120; number++) graph.addAd(String(1000 + number), account, '9');
    const ids = [...graph.ads.map(({ id }) => id), '7777'];
    const answer = await connect().readAds(ids);
    assert.ok(answer.kind === 'answer');
    assert.equal(answer.value.found.length, 120);
    assert.equal(graph.requests.filter(({ inBatch }) => !inBatch).length, 3);
  });

  it('are asked for again alone where the batch failed at one', async () => {
    graph.addAd('1000', account, '9');
    graph.addAd('1001', account, '9');
    graph.misbehaviours.push({ ...fail(400, 613, 'limit'), of: 'batch:1001' });
    const answer = await connect().readAds(['1000', '1001']);
    assert.ok(answer.kind === 'answer');
    assert.deepEqual(
      answer.value.found.map(({ ad }) => ad.id),
      ['1000', '1001'],
    );
  });

  it('that the token may not read are left out, such as names of pages', async () => {
    graph.pages.push({ id: '460293477343848', name: '360dialog' });
    graph.misbehaviours.push({ ...fail(400, 10, 'requires pages_read_engagement'), of: 'batch:555' });
    graph.pages.push({ id: '555', name: 'Hidden' });
    const answer = await connect().readPageNames(['460293477343848', '555']);
    assert.ok(answer.kind === 'answer');
    assert.deepEqual([...answer.value], [['460293477343848', '360dialog']]);
  });

  it('are refused when the batch is answered in another form', async () => {
    graph.misbehaviours.push({ body: [{ code: 200, body: '{}' }] });
    assert.equal((await connect().readAds(['1', '2'])).kind, 'refused');
  });
});
