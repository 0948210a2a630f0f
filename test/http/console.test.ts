import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { useApp } from '../helpers/app.ts';
import { inject } from '../helpers/vendor-client.ts';

const test = await useApp();
const get = (url: string, headers: Record<string, string> = {}) =>
  inject(test, { method: 'GET', url, headers });

async function entryOf(page: string): Promise<string> {
  return /<script type="module"[^>]* src="([^"]+)"/.exec(page)?.[1] ?? assert.fail('the page has no script');
}

describe('the console’s files', () => {
  it('are one page at each of its addresses, which is asked for anew, under a strict policy', async () => {
    for (const url of ['/console', '/console/', '/console/demo/overview', '/console/sign-in?next=/x']) {
      const { status, headers, text } = await get(url);
      assert.equal(status, 200, url);
      assert.match(String(headers['content-type']), /^text\/html/);
      assert.equal(headers['cache-control'], 'no-cache');
      const policy = String(headers['content-security-policy']);
      assert.match(policy, /default-src 'none'/);
      assert.match(policy, /frame-ancestors 'none'/);
      assert.ok(!/unsafe|https?:|\*/.test(policy), policy);
      assert.equal(headers['x-content-type-options'], 'nosniff');
      assert.equal(headers['referrer-policy'], 'no-referrer');
      assert.ok(!/<script>|<style|\sstyle=|\son\w+=|https?:\/\//.test(text), text);
    }
  });

  it('have names that change with them, and are kept for good', async () => {
    const entry = await entryOf((await get('/console')).text);
    assert.match(entry, /^\/console\/assets\/[\w-]+-[\w-]{8}\.js$/);
    const { status, headers } = await get(entry, { 'accept-encoding': 'gzip' });
    assert.equal(status, 200);
    assert.equal(headers['cache-control'], 'public, max-age=31536000, immutable');
    assert.equal(headers['content-encoding'], 'gzip');
    for (const url of ['/console/assets/none.js', '/console/assets/..%2f..%2fpackage.json'])
      assert.equal((await get(url)).status, 404, url);
  });

  it('begin with fewer than 180 kB of script, all that the page loads with its entry counted', async () => {
    const page = (await get('/console')).text;
    const preloaded = [...page.matchAll(/<link rel="modulepreload"[^>]* href="([^"]+)"/g)].map(
      ([, url = '']) => url,
    );
    const scripts = [await entryOf(page), ...preloaded];
    const sizes = await Promise.all(scripts.map(async (url) => gzipSync((await get(url)).bytes).length));
    const size = sizes.reduce((sum, one) => sum + one, 0);
    assert.ok(preloaded.length > 0 && size < 180_000, `${scripts.length} scripts have ${size} bytes`);
  });
});
