import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { trackerVersion } from '../../../../src/dialects/octeth/tracker/tracker-script.ts';
import { inject } from '../../../helpers/vendor-client.ts';
import { call, eventually, useBrowser } from './browser.ts';

const browser = useBrowser();
beforeEach(() => browser.reset());

/** The properties that the vendor's property list has of a page view (docs/spec/octeth.md B8). */
const pageViewProperties = [
  '$browser',
  '$browser_language',
  '$browser_version',
  '$current_url',
  '$device',
  '$device_type',
  '$dsn',
  '$host',
  '$lib',
  '$lib_version',
  '$list_id',
  '$os',
  '$pageTitle',
  '$pathname',
  '$referrer',
  '$referring_domain',
  '$screen_height',
  '$screen_width',
  '$sent_at',
  '$server',
  '$uuid',
  '$viewport_height',
  '$viewport_width',
  'url',
];

async function storageOf(page: Page): Promise<{ cookie: string; keys: string[] }> {
  return page.evaluate('({ cookie: document.cookie, keys: Object.keys(localStorage) })');
}

/** Long enough for what must not come to have come. */
const aWhile = () => sleep(400);

describe('a page view', () => {
  it('is sent when the page loads, with exactly the properties that the vendor lists', async () => {
    const visitor = await browser.visit({ viewport: { width: 800, height: 600 } });
    const page = await visitor.newPage();
    await page.goto(`${browser.site}/shoes?size=42`, { referer: 'https://search.example/find' });
    const [view] = await browser.eventsOf('pageView', 1);
    assert.deepEqual(Object.keys(view!.properties).sort(), pageViewProperties);
    const { properties } = view!;
    assert.equal(properties.$browser, 'Chrome');
    assert.equal(properties.$browser_version, '153.0.0.0');
    assert.equal(properties.$os, 'Linux');
    assert.equal(properties.$device_type, 'Desktop');
    assert.equal(properties.$pageTitle, 'Shop');
    assert.equal(properties.$pathname, '/shoes');
    assert.equal(properties.url, `${browser.site}/shoes?size=42`);
    assert.equal(properties.$referring_domain, 'search.example');
    assert.deepEqual([properties.$viewport_width, properties.$viewport_height], [800, 600]);
    assert.deepEqual([properties.$lib, properties.$lib_version], ['web', trackerVersion]);
    assert.equal(properties.$uuid, await call(page, 'id'));
    await visitor.close();
  });

  it('carries the landing’s campaign, and its click ids', async () => {
    const visitor = await browser.visit();
    const page = await visitor.newPage();
    const campaign = { utm_source: 'news', gclid: 'g-1', wmktid: 'w-1', cid: 'c-1' };
    await page.goto(`${browser.site}/?${new URLSearchParams({ ...campaign, size: '42' })}`);
    const [view] = await browser.eventsOf('pageView', 1);
    const { utm_source, gclid, wmktid, cid, size } = view!.properties;
    assert.deepEqual({ utm_source, gclid, wmktid, cid, size }, { ...campaign, size: undefined });
    await page.evaluate(`history.pushState({}, '', '/two?utm_source=news')`);
    await browser.eventsOf('pageView', 2);
    const { store } = browser.test;
    const trackers = await store.keys('tracker');
    const own = (await store.touchpoints()).filter(
      ({ profileId }) => trackers.get(profileId) === view!.properties.$uuid,
    );
    assert.deepEqual(
      own.map(({ channel }) => channel),
      ['paid-search'],
    );
    await visitor.close();
  });

  it('is sent for each page of a single-page application, once, with its own title and the page before as referrer', async () => {
    const visitor = await browser.visit();
    const page = await visitor.newPage();
    await page.goto(`${browser.site}/?utm_source=news`);
    await page.evaluate(`
      history.pushState({}, '', '/two');
      document.title = 'Two';
      history.replaceState({ scroll: 1 }, '', '/two');
    `);
    await browser.eventsOf('pageView', 2);
    await page.evaluate(`location.hash = 'reviews'`);
    await page.goBack();
    await page.goBack();
    const views = await browser.eventsOf('pageView', 3);
    await aWhile();
    assert.equal((await browser.events()).length, 3, 'neither a hash nor the same address is another page');
    const seen = views.map(({ properties }) => [
      properties.$pathname,
      properties.$referrer,
      properties.utm_source,
    ]);
    assert.deepEqual(seen[0], ['/', '', 'news']);
    assert.deepEqual(seen[1], ['/two', `${browser.site}/?utm_source=news`, undefined]);
    assert.equal(seen[2]![0], '/');
    assert.equal(views[1]!.properties.$pageTitle, 'Two');
    await visitor.close();
  });

  it('of a bot is stored, marked, and counted as a metric', async () => {
    const crawler = await browser.visit({ userAgent: 'Mozilla/5.0 (compatible; Googlebot/2.1)' });
    await (await crawler.newPage()).goto(browser.site);
    const [view] = await browser.eventsOf('pageView', 1);
    assert.equal(view!.properties.$bot, true);
    const counted = (await browser.test.store.metrics()).filter(({ key }) => key === 'bot');
    assert.deepEqual(
      counted.map(({ value }) => value),
      [1],
    );
    await crawler.close();
  });
});

describe('the page’s calls', () => {
  it('identify, track and convert as the API does, also what was called before the script was there', async () => {
    browser.servePages({ beforeScript: `window.oct = [['eventT', 'early', { n: 1 }]];` });
    const visitor = await browser.visit();
    const page = await visitor.newPage();
    await page.goto(browser.site);
    await call(page, 'eventI', ' Ann@shop.example ', { plan: 'gold' });
    await call(page, 'eventC', 'o-1', 'purchase', 12.5, { 'conversion-currency': 'EUR' });
    await call(page, 'eventC', 'o-1', 'purchase', 12.5);
    await call(page, 'eventT', 'signup', { step: 2 });
    await call(page, 'eventP', '/virtual', { a: 1 });
    await call(page, 'push', ['eventT', 'pushed']);
    const views = await browser.eventsOf('pageView', 2);
    assert.equal(views[1]!.properties.url, '/virtual');
    const [identified] = await browser.eventsOf('identify', 1);
    assert.equal(identified!.properties.plan, 'gold');
    const [conversion] = await browser.eventsOf('conversion', 1);
    assert.equal(conversion!.properties['conversion-value'], 12.5);
    const [early] = await browser.eventsOf('early', 1);
    assert.equal(early!.properties.n, 1);
    await browser.eventsOf('signup', 1);
    await browser.eventsOf('pushed', 1);
    const records = new Set((await browser.events()).map((event) => event.recordId));
    assert.deepEqual([...records], [identified!.recordId], 'the visitor’s events follow the subscriber');
    const answer = await inject(browser.test, {
      method: 'POST',
      url: '/api/v1/event',
      body: {
        APIKey: browser.test.workspace.credentials.octeth.apiKey,
        ListID: browser.test.workspace.credentials.octeth.listId,
        Event: 'later',
        Email: 'ann@shop.example',
      },
    });
    // What a page claims settles nothing that keyed calls are answered with (docs/security.md).
    assert.notEqual(answer.body.uuid, await call(page, 'id'));
    await visitor.close();
  });

  it('are under another name where the page wants it', async () => {
    browser.servePages({ attributes: 'data-lobj="shopTracker"' });
    const visitor = await browser.visit();
    const page = await visitor.newPage();
    await page.goto(browser.site);
    await page.evaluate(`shopTracker.eventT('named')`);
    await browser.eventsOf('named', 1);
    assert.equal(await page.evaluate('typeof oct'), 'undefined');
    await visitor.close();
  });

  it('carry the pr of the mail that led here, for 30 days', async () => {
    const visitor = await browser.visit();
    const page = await visitor.newPage();
    await page.goto(`${browser.site}/?pr=mail-7%3D`);
    await page.goto(`${browser.site}/later`);
    await call(page, 'eventT', 'later');
    const [later] = await browser.eventsOf('later', 1);
    assert.equal(later!.properties.pr, 'mail-7=');
    const cookie = (await visitor.cookies()).find(({ name }) => name === 'oct_pr')!;
    const days = (cookie.expires - Date.now() / 1000) / 86_400;
    assert.ok(days > 29.9 && days <= 30, `${days} days`);
    await visitor.clearCookies({ name: 'oct_pr' });
    await page.goto(`${browser.site}/after`);
    await call(page, 'eventT', 'after');
    assert.equal('pr' in (await browser.eventsOf('after', 1))[0]!.properties, false);
    await visitor.close();
  });
});

describe('what the visitor wants', () => {
  for (const [wish, script] of [
    ['Do Not Track', `Object.defineProperty(navigator, 'doNotTrack', { get: () => '1' })`],
    [
      'Global Privacy Control',
      `Object.defineProperty(navigator, 'globalPrivacyControl', { get: () => true })`,
    ],
  ] as const) {
    it(`counts: with ${wish} nothing is stored or sent, whatever the page calls`, async () => {
      const visitor = await browser.visit();
      await visitor.addInitScript(script);
      const page = await visitor.newPage();
      const sent = watchMessages(page);
      await page.goto(`${browser.site}/?pr=mail`);
      await call(page, 'eventT', 'anyhow');
      await call(page, 'consent', true);
      await call(page, 'eventI', 'ann@shop.example');
      await page.close();
      await aWhile();
      assert.deepEqual([sent(), await browser.events()], [0, []]);
      const reader = await visitor.newPage();
      await reader.route('**/t.js*', (route) => route.abort());
      await reader.goto(browser.site);
      assert.deepEqual(await storageOf(reader), { cookie: '', keys: [] });
      await visitor.close();
    });
  }

  it('counts: where the site asks for consent nothing is stored or sent before it is given, then all that was held', async () => {
    browser.servePages({ attributes: 'data-consent="required"' });
    const visitor = await browser.visit();
    const page = await visitor.newPage();
    const sent = watchMessages(page);
    await page.goto(`${browser.site}/?pr=mail`);
    await call(page, 'eventT', 'before');
    await aWhile();
    assert.equal(sent(), 0);
    assert.deepEqual(await storageOf(page), { cookie: '', keys: [] });
    assert.equal(await call(page, 'id'), undefined);
    await call(page, 'consent', true);
    const [before] = await browser.eventsOf('before', 1);
    assert.equal(before!.properties.pr, 'mail');
    assert.equal(before!.properties.$uuid, await call(page, 'id'));
    await browser.eventsOf('pageView', 1);
    await page.goto(`${browser.site}/next`);
    await browser.eventsOf('pageView', 2);
    await visitor.close();
  });

  it('counts: consent that is withdrawn takes all away that is stored, for the pages to come too', async () => {
    const visitor = await browser.visit();
    const page = await visitor.newPage();
    await page.goto(`${browser.site}/?pr=mail`);
    await browser.eventsOf('pageView', 1);
    await call(page, 'consent', false);
    await call(page, 'eventT', 'after');
    await page.goto(`${browser.site}/next`);
    await call(page, 'eventT', 'after');
    await aWhile();
    assert.equal((await browser.events()).length, 1);
    assert.deepEqual(await storageOf(page), { cookie: 'oct_consent=0', keys: [] });
    await visitor.close();
  });
});

describe('a page’s restrictions', () => {
  it('that let in no script but the tracker’s, and no string as code, do not stop it', async () => {
    browser.servePages({
      policy: `default-src 'none'; script-src TRACKER; connect-src TRACKER; require-trusted-types-for 'script'; trusted-types 'none'; form-action 'none'; base-uri 'none'`,
    });
    const visitor = await browser.visit();
    const page = await visitor.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(`${browser.site}/strict?utm_source=news`);
    await browser.eventsOf('pageView', 1);
    assert.deepEqual(
      complaints.filter((text) => !text.includes('favicon')),
      [],
    );
    await visitor.close();
  });

  it('that block cookies and storage leave it a visitor for as long as the page lasts', async () => {
    // A sandbox without allow-same-origin: both throw, as they do where the visitor blocks them.
    browser.servePages({ policy: 'sandbox allow-scripts' });
    const visitor = await browser.visit();
    const page = await visitor.newPage();
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    await page.goto(`${browser.site}/?pr=mail`);
    const blocked = await page.evaluate(
      'try { localStorage; false } catch { try { document.cookie; false } catch { true } }',
    );
    assert.equal(blocked, true);
    await call(page, 'eventT', 'blocked');
    const [view] = await browser.eventsOf('pageView', 1);
    const [event] = await browser.eventsOf('blocked', 1);
    assert.equal(event!.properties.$uuid, view!.properties.$uuid);
    assert.equal(event!.properties.pr, 'mail');
    await page.reload();
    const views = await browser.eventsOf('pageView', 2);
    assert.notEqual(views[1]!.properties.$uuid, view!.properties.$uuid);
    assert.deepEqual(errors, []);
    await visitor.close();
  });
});

it('two tabs are one visitor, also when they open at once, and neither sends what is the other’s twice', async () => {
  const visitor = await browser.visit();
  const tabs = await Promise.all([visitor.newPage(), visitor.newPage()]);
  // Until its first answer a page takes up what others have left, or have just under way.
  const answers = tabs.map((tab) => tab.waitForResponse('**/hello/message'));
  await Promise.all(tabs.map((tab, index) => tab.goto(`${browser.site}/tab-${index}`)));
  await Promise.all(answers);
  const isQueueEmpty = async () => (await storageOf(tabs[0])).keys.length === 0;
  await eventually(isQueueEmpty, 'an empty queue');
  await browser.eventsOf('pageView', 2);
  const sent = tabs.map((tab) => watchArrivals(tab, 'offline'));
  await visitor.setOffline(true);
  for (const [index, tab] of tabs.entries()) {
    await call(tab, 'eventT', 'offline', { index });
    await call(tab, 'eventT', 'offline', { index });
  }
  await visitor.setOffline(false);
  const events = await browser.eventsOf('offline', 4);
  assert.deepEqual(events.map(({ properties }) => properties.index).sort(), [0, 0, 1, 1]);
  assert.equal(new Set(events.map(({ properties }) => properties.$uuid)).size, 1);
  assert.equal(await call(tabs[0], 'id'), await call(tabs[1], 'id'));
  await eventually(isQueueEmpty, 'an empty queue');
  const counts = () => sent.map((count) => count());
  await eventually(async () => counts().reduce((sum, count) => sum + count, 0) >= 4, 'all messages');
  assert.deepEqual(counts(), [2, 2]);
  await visitor.close();
});

/** How many messages the page has begun to send. */
function watchMessages(page: Page): () => number {
  let count = 0;
  page.on('request', (request) => {
    if (request.url().endsWith('/hello/message')) count++;
  });
  return () => count;
}

/** How many messages of the page that hold the text have arrived: what it tries to send while it is cut off it sends again. */
function watchArrivals(page: Page, text: string): () => number {
  let count = 0;
  page.on('requestfinished', (request) => {
    if (request.postData()?.includes(text)) count++;
  });
  return () => count;
}
