import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { findSource } from '../../../../src/core/workspace/workspace.ts';
import {
  type TrackerIds,
  trackerIdsOf,
  trackerSnippet,
} from '../../../../src/dialects/octeth/tracker/tracker-script.ts';
import { startTestApp, type TestApp } from '../../../helpers/app.ts';
import { type LaunchedBrowser, launchBrowser } from '../../../helpers/browser.ts';
import { Store } from '../../../helpers/store.ts';

export const person =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/153.0.0.0 Safari/537.36';

export async function trackerIds(test: TestApp, workspace = test.workspace): Promise<TrackerIds> {
  const loaded = await test.app.services.workspaces.get(workspace.created.id);
  return trackerIdsOf(loaded, findSource(loaded, 'octeth', 'list', workspace.credentials.octeth.listId)!);
}

/** The workspace's events, oldest first. */
export function readEvents(test: TestApp, workspace = test.workspace) {
  return new Store(test, workspace).eventsWithRecords();
}

/** Asks until the answer is there, twenty seconds at most. */
export async function eventually<T>(ask: () => Promise<T | undefined | false>, what: string): Promise<T> {
  for (let tries = 0; tries < 400; tries++) {
    const answer = await ask();
    if (answer) return answer;
    await sleep(50);
  }
  assert.fail(`${what} did not come about`);
}

export interface PageOptions {
  readonly attributes?: string;
  /** Inline scripts before and after the tracker's. */
  readonly beforeScript?: string;
  readonly policy?: string;
}

/** A headless Chromium, the app on a port, and a site of another origin whose pages are tracked. */
export function useBrowser() {
  let launched: LaunchedBrowser;
  let test: TestApp;
  let origin: string;
  let options: PageOptions = {};
  const site = createServer(async (_request, reply) => {
    const snippet = trackerSnippet(origin, await trackerIds(test)).replace(
      '<script ',
      '<script id="tracker" ',
    );
    const { attributes = '', beforeScript, policy } = options;
    reply.setHeader('content-type', 'text/html; charset=utf-8');
    if (policy) reply.setHeader('content-security-policy', policy.replaceAll('TRACKER', origin));
    reply.end(
      `<!doctype html><title>Shop</title>${beforeScript ? `<script>${beforeScript}</script>` : ''}` +
        `${snippet.replace(' async', ` ${attributes}`)}<h1>Shop</h1>`,
    );
  });

  before(async () => {
    launched = await launchBrowser();
    // A thousand pages in seconds are more than one address may send: what is tested here is the script.
    const environment = { THROUGHLINE_ADDRESS_MESSAGES: '0', THROUGHLINE_ADDRESS_BYTES: '0' };
    test = await startTestApp({ environment });
    origin = await test.app.http.listen({ host: '127.0.0.1', port: 0 });
    await new Promise<void>((done) => site.listen(0, '127.0.0.1', done));
  });
  after(async () => {
    await launched?.close();
    site.closeAllConnections();
    site.close();
    await test?.close();
  });

  return {
    get test() {
      return test;
    },
    get trackerOrigin() {
      return origin;
    },
    get site() {
      return `http://localhost:${(site.address() as AddressInfo).port}`;
    },
    /** How the pages are that are loaded from now on. */
    servePages(wanted: PageOptions = {}) {
      options = wanted;
    },
    /** A visitor's browser of its own: cookies and storage begin empty. */
    visit: (wanted: BrowserContextOptions = {}) =>
      launched.browser.newContext({ userAgent: person, ...wanted }),
    async reset() {
      options = {};
      await test.store.forgetEvents();
    },
    events: () => readEvents(test),
    /** The events of a type, when there are as many. */
    eventsOf: (type: string, count: number) =>
      eventually(async () => {
        const found = (await readEvents(test)).filter((event) => event.type === type);
        assert.ok(found.length <= count, `${found.length} events ${type}, not ${count}`);
        return found.length === count && found;
      }, `${count} events ${type}`),
  };
}

/** Runs a method of the tracker on the page. */
export function call(page: Page, name: string, ...values: unknown[]): Promise<unknown> {
  return page.evaluate(
    ({ name, values }) =>
      (globalThis as unknown as { oct: Record<string, (...all: unknown[]) => unknown> }).oct[name]!(
        ...values,
      ),
    { name, values },
  );
}
