/**
 * Takes pictures of every page that the navigation leads to, in both schemes and at 390 pixels, and of a person; and the two of the README.
 * They are looked at by who changes the console: npm run screenshots -- [FOLDER] (screenshots/ unless said otherwise).
 */
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { startTestApp, type TestApp } from '../helpers/app.ts';
import { launchBrowser } from '../helpers/browser.ts';
import { addSession } from '../helpers/console.ts';
import { startTestServer } from '../helpers/database.ts';
import { fillWorkspace } from './busy-workspace.ts';

const root = join(import.meta.dirname, '../..');
const folder = resolve(process.argv[2] ?? 'screenshots');
const views = [
  { name: 'light', colorScheme: 'light', viewport: { width: 1280, height: 860 } },
  { name: 'dark', colorScheme: 'dark', viewport: { width: 1280, height: 860 } },
  { name: 'narrow', colorScheme: 'light', viewport: { width: 390, height: 844 } },
] as const;
/** Where those of the README stand in docs/images, by page and view. */
const imagesOfReadme = new Map([
  ['overview light', 'console-overview.png'],
  ['person-why dark', 'console-person.png'],
]);
type View = (typeof views)[number];

/** What is looked at besides the pages of the navigation; `person`: the id of somebody. */
function othersOf(person: string): readonly { readonly name: string; readonly path: string }[] {
  return ['timeline', 'figures', 'profiles', 'consents', 'why'].map((side) => ({
    name: `person-${side}`,
    path: `/people/${person}?side=${side}`,
  }));
}

async function main(): Promise<void> {
  await mkdir(folder, { recursive: true });
  const server = await startTestServer();
  process.env.THROUGHLINE_TEST_SERVER = server.address;
  const test = await startTestApp();
  const launched = await launchBrowser();
  try {
    test.time.now = Date.now() - 24 * 60 * 60 * 1000;
    test.workspace = await test.addWorkspace({ name: 'Analytical Engines' });
    await fillWorkspace(test, { people: 120, hours: 24, atNoon: 24 });
    await test.app.services.jobs.settle();
    const origin = await test.app.http.listen({ host: '127.0.0.1', port: 0 });
    const person = await findPerson(test);
    for (const view of views) {
      const context = await launched.browser.newContext(view);
      await addSession(test, context, origin);
      const page = await context.newPage();
      const base = `${origin}/console/${test.workspace.credentials.workspace.slug}`;
      await takeAll(page, base, view, person);
      await context.close();
    }
  } finally {
    await launched.close();
    await test.close();
    await server.stop();
  }
  process.stdout.write(`The pictures are in ${folder}\n`);
}

async function findPerson(test: TestApp): Promise<string> {
  const { people } = await test.native.read('/people?search=ada%40example.com');
  return people[0].id;
}

async function takeAll(page: Page, base: string, view: View, person: string): Promise<void> {
  await page.goto(`${base}/overview`);
  await show(page);
  const links = await page
    .getByRole('navigation', { name: 'Pages', includeHidden: true })
    .getByRole('link', { includeHidden: true })
    .all();
  const pages = await Promise.all(
    links.map(async (link) => ({
      name: ((await link.textContent()) ?? '').trim().toLowerCase(),
      path: (await link.getAttribute('href'))?.split('/').slice(3).join('/') ?? '',
    })),
  );
  for (const { name, path } of [...pages, ...othersOf(person)]) {
    await page.goto(`${base}/${path.replace(/^\//, '')}`);
    await show(page);
    await page.screenshot({
      path: join(folder, `${name}-${view.name}.png`),
      fullPage: view.name === 'narrow',
    });
    if (name === 'overview' && view.name === 'light') {
      const paint = await page.evaluate<number>(
        "performance.getEntriesByName('first-contentful-paint')[0].startTime",
      );
      process.stdout.write(`The overview was first painted after ${Math.round(paint)} ms\n`);
    }
    const ofReadme = imagesOfReadme.get(`${name} ${view.name}`);
    if (ofReadme) await page.screenshot({ path: join(root, 'docs/images', ofReadme) });
  }
}

/** Waits until all that a page shows is there. */
async function show(page: Page): Promise<void> {
  await page.locator('main h1').waitFor();
  await page.waitForTimeout(1_000);
  await page.locator('.state-loading').first().waitFor({ state: 'detached' });
}

await main();
