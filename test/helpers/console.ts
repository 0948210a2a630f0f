import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before } from 'node:test';
import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { type TestApp, type TestAppOptions, useApp } from './app.ts';
import { type LaunchedBrowser, launchBrowser } from './browser.ts';
import { sessionCookie } from './session.ts';
import { inject } from './vendor-client.ts';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export type Scheme = 'light' | 'dark';

export interface OpenOptions extends BrowserContextOptions {
  readonly scheme?: Scheme;
  /** Whose session the browser has: the administrator's unless said; null: nobody's. */
  readonly key?: string | null;
}

/** A page of the console, and what was wrong in it. */
export interface ConsolePage {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Errors of the browser's console, and requests to other hosts. What a test means to provoke it takes out: `faults.length = 0`. */
  readonly faults: string[];
}

export interface TestConsole {
  readonly test: TestApp;
  readonly origin: string;
  /** Opens an address below `/console`, signed in: `/overview` is the overview of the workspace. */
  open(path: string, options?: OpenOptions): Promise<ConsolePage>;
}

/**
 * The built console on a server of its own, in a headless Chromium: `const { open } = await useConsole()` at the top of a file. Pages are
 * closed after each file; each `open` is a browser of its own, with no cookies but the session's.
 */
export async function useConsole(options: TestAppOptions = {}): Promise<TestConsole> {
  let launched: LaunchedBrowser | undefined;
  let origin = '';
  after(() => launched?.close());
  const test = await useApp(options);
  before(async () => {
    origin = await test.app.http.listen({ host: '127.0.0.1', port: 0 });
    launched = await launchBrowser();
  });
  return {
    test,
    get origin() {
      return origin;
    },
    async open(path, { scheme = 'light', key, ...wanted } = {}) {
      assert.ok(launched, 'the browser runs');
      const viewport = { width: 1280, height: 860 };
      const context = await launched.browser.newContext({ viewport, colorScheme: scheme, ...wanted });
      context.setDefaultTimeout(15_000);
      if (key !== null) await addSession(test, context, origin, key);
      const page = await context.newPage();
      const faults = watch(page, origin);
      const { slug } = test.workspace.credentials.workspace;
      await page.goto(
        `${origin}/console${path === '' || path.startsWith('/sign-in') ? path : `/${slug}${path}`}`,
      );
      return { page, context, faults };
    },
  };
}

/** Signs a browser in, by the administrator's key unless another is given. */
export async function addSession(
  test: TestApp,
  context: BrowserContext,
  url: string,
  key?: string,
): Promise<void> {
  const body = { key: key ?? test.workspace.credentials.admin.token };
  const reply = await inject(test, { method: 'POST', url: '/throughline/v1/session', body });
  const [name = '', value = ''] = sessionCookie(reply).split('=');
  const { hostname } = new URL(url);
  await context.addCookies([
    { name, value, domain: hostname, path: '/throughline/v1', httpOnly: true, sameSite: 'Strict' },
  ]);
}

function watch(page: Page, origin: string): string[] {
  const faults: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') faults.push(message.text());
  });
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(origin) && !url.startsWith('blob:')) faults.push(`it asked for ${url}`);
  });
  return faults;
}

/** Takes out what the browser tells of answers that a test has provoked; what else was wrong stays. */
export function forgive(faults: string[], status: number): void {
  const others = faults.filter((fault) => !fault.includes(`status of ${status}`));
  faults.splice(0, faults.length, ...others);
}

/** What is appearing can't be seen yet, and a dialog that can't be seen is none for axe. What turns for ever is not waited for. */
const untilStill = `Promise.allSettled(
  document.getAnimations()
    .filter(({ effect }) => effect.getComputedTiming().iterations !== Infinity)
    .map(({ finished }) => finished),
).then(() => undefined)`;

/** Fails with what axe-core finds on the page as it is now, by WCAG 2.2 AA and axe's best practices. */
export async function assertAccessible(page: Page, what: string): Promise<void> {
  await page.evaluate(axeSource);
  await page.evaluate(untilStill);
  const found = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: {
        run(): Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }>;
      };
    };
    const { violations } = await axe.run();
    return violations.map(({ id, nodes }) => ({
      id,
      nodes: nodes.map(({ html, failureSummary }) => `${html.slice(0, 200)} ${failureSummary}`),
    }));
  });
  assert.deepEqual(found, [], what);
}
