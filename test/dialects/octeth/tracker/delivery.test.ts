import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import { call, eventually, useBrowser } from './browser.ts';

const browser = useBrowser();
beforeEach(() => browser.reset());

/** The claim (docs/browser-tracker.md) is of 500, which take a minute. */
const pages = Number(process.env.TRACKER_PAGES ?? 100);
const atOnce = 4;

async function isQueueEmpty(page: Page): Promise<boolean> {
  return page.evaluate(`Object.keys(localStorage).length === 0`);
}

/** Loads a page, makes it send an event and closes it at once, waiting for nothing. */
async function loadAndLeave(visitor: BrowserContext, number: number): Promise<void> {
  const page = await visitor.newPage();
  await page.goto(`${browser.site}/page-${number}`);
  await call(page, 'eventT', 'leaving', { number });
  await page.close();
}

async function loadMany(visitor: BrowserContext, count: number): Promise<void> {
  let next = 0;
  const loadSome = async () => {
    for (let number = next++; number < count; number = next++) await loadAndLeave(visitor, number);
  };
  await Promise.all(Array.from({ length: atOnce }, loadSome));
}

async function assertAllOnce(count: number): Promise<void> {
  const events = await browser.eventsOf('leaving', count);
  const numbers = new Set(events.map(({ properties }) => properties.number));
  assert.equal(numbers.size, count);
  const views = await browser.eventsOf('pageView', count);
  assert.equal(new Set(views.map(({ properties }) => properties.$pathname)).size, count);
}

describe('pages that are closed right after their event', () => {
  it(`lose none of ${2 * pages} events, and none is stored twice`, async () => {
    const visitor = await browser.visit();
    await loadMany(visitor, pages);
    await assertAllOnce(pages);
    // What was stored but not answered in the page's time is sent again by a page that stays, and is the same.
    const last = await visitor.newPage();
    await last.goto(`${browser.site}/last`);
    await eventually(() => isQueueEmpty(last), 'an empty queue');
    assert.equal((await browser.events()).length, 2 * pages + 1);
    await visitor.close();
  });

  it('lose none of 100 events where nothing can be stored that a later page could send again', async () => {
    browser.servePages({ policy: 'sandbox allow-scripts' });
    const visitor = await browser.visit();
    await loadMany(visitor, 50);
    await assertAllOnce(50);
    await visitor.close();
  });
});

describe('what can’t be sent', () => {
  it('waits while the browser is offline and is stored when it is back, at the time when it happened', async () => {
    const visitor = await browser.visit();
    const page = await visitor.newPage();
    await page.goto(browser.site);
    await browser.eventsOf('pageView', 1);
    await visitor.setOffline(true);
    const before = Date.now();
    for (let number = 0; number < 30; number++) await call(page, 'eventT', 'offline', { number });
    const after = Date.now();
    await new Promise((done) => setTimeout(done, 700));
    assert.equal((await browser.events()).length, 1);
    await visitor.setOffline(false);
    const events = await browser.eventsOf('offline', 30);
    assert.equal(new Set(events.map(({ properties }) => properties.number)).size, 30);
    for (const { occurredAt } of events) {
      const at = Date.parse(occurredAt);
      // By the span between the browser's own times; the answer's way is not measured.
      assert.ok(at >= before - 50 && at <= after + 300, `${at - before} ms after the first call`);
    }
    await eventually(() => isQueueEmpty(page), 'an empty queue');
    await visitor.close();
  });

  it('is sent by a later page when its own was closed offline', async () => {
    const visitor = await browser.visit();
    const page = await visitor.newPage();
    await page.goto(browser.site);
    await browser.eventsOf('pageView', 1);
    await visitor.setOffline(true);
    await call(page, 'eventT', 'left');
    await page.close();
    assert.equal((await browser.events()).length, 1);
    await visitor.setOffline(false);
    const later = await visitor.newPage();
    await later.goto(browser.site);
    await browser.eventsOf('left', 1);
    // It may have come by the closed page's beacon, and the page view be under way still: that of the next test, then.
    await browser.eventsOf('pageView', 2);
    await visitor.close();
  });

  it('is sent again under the same id until it is answered, and stored once though its first answer was lost', async () => {
    const visitor = await browser.visit();
    const page = await visitor.newPage();
    const ids: string[] = [];
    let lost = 0;
    await page.route('**/hello/message', async (route) => {
      ids.push(JSON.parse(route.request().postData()!).id);
      if (lost++ > 0) return route.continue();
      await route.fetch();
      return route.abort('connectionreset');
    });
    await page.goto(browser.site);
    await eventually(async () => ids.length >= 2 && (await isQueueEmpty(page)), 'a second try');
    assert.equal(new Set(ids).size, 1);
    assert.equal((await browser.eventsOf('pageView', 1)).length, 1);
    await visitor.close();
  });

  it('is sent again after an answer that says later, and not after one that says no', async () => {
    const visitor = await browser.visit();
    const page = await visitor.newPage();
    const events: string[] = [];
    await page.route('**/hello/message', async (route) => {
      const { event } = JSON.parse(route.request().postData()!);
      events.push(event);
      const isFirst = events.filter((one) => one === event).length === 1;
      return event === 'pageView' && isFirst ? route.fulfill({ status: 503 }) : route.continue();
    });
    await page.goto(browser.site);
    await call(page, 'eventT', '');
    await browser.eventsOf('pageView', 1);
    await eventually(() => isQueueEmpty(page), 'an empty queue');
    assert.deepEqual(events.sort(), ['', 'pageView', 'pageView']);
    await visitor.close();
  });
});
