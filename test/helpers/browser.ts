import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

export interface LaunchedBrowser {
  readonly browser: Browser;
  close(): Promise<void>;
}

/** A headless Chromium. It is unpacked into a folder of its own: one that an ended run left half-written would be taken for a whole one. */
export async function launchBrowser(): Promise<LaunchedBrowser> {
  const folder = await mkdtemp(join(tmpdir(), 'throughline-browser-'));
  process.env.TMPDIR = folder;
  const { default: binary } = await import('@sparticuz/chromium');
  const browser = await chromium.launch({
    executablePath: await binary.executablePath(),
    args: [
      '--no-sandbox',
      '--headless',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  return {
    browser,
    async close() {
      await browser.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
