import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { useBrowser } from '../dialects/octeth/tracker/browser.ts';
import { inject } from '../helpers/vendor-client.ts';

describe('the reference page', () => {
  const browser = useBrowser();
  const get = (url: string, headers: Record<string, string> = {}) =>
    inject(browser.test, { method: 'GET', url, headers });

  it('runs nothing inline and nothing of others, stands in no frame and tells no one where it is', async () => {
    for (const url of [
      '/docs',
      '/docs/',
      '/docs/static/swagger-ui.css',
      '/docs/static/oauth2-redirect.html',
    ]) {
      const { status, headers } = await get(url);
      assert.equal(status, 200, url);
      const policy = String(headers['content-security-policy']);
      assert.match(policy, /default-src 'none'/, url);
      assert.match(policy, /script-src 'self'(?:;|$)/, url);
      assert.match(policy, /frame-ancestors 'none'/, url);
      assert.doesNotMatch(policy, /unsafe|https?:|\*/, url);
      assert.equal(headers['x-content-type-options'], 'nosniff', url);
      assert.equal(headers['x-frame-options'], 'DENY', url);
      assert.equal(headers['referrer-policy'], 'no-referrer', url);
    }
  });

  it('shows every operation in a browser, which finds nothing to complain of', async () => {
    const context = await browser.visit();
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    await page.goto(`${browser.trackerOrigin}/docs`);
    await page.locator('.opblock-tag').first().click();
    await page.locator('.opblock-summary').first().click();
    await page.locator('.opblock-body').first().waitFor();
    await page.getByRole('button', { name: 'Authorize' }).first().click();
    await page.locator('.modal-ux').waitFor();
    assert.deepEqual(complaints, []);
    await context.close();
  });

  it('reads a document that is written out once, for all who ask', async () => {
    const first = await get('/openapi.json');
    assert.equal(first.headers['x-content-type-options'], 'nosniff');
    const known = await get('/openapi.json', { 'if-none-match': String(first.headers.etag) });
    assert.deepEqual([known.status, known.text], [304, '']);
    const compressed = await get('/openapi.json', { 'accept-encoding': 'gzip, br' });
    assert.equal(compressed.headers['content-encoding'], 'gzip');
    assert.equal(gunzipSync(compressed.bytes).toString(), first.text);
    assert.match(String(first.headers.vary), /accept-encoding/i);
    const { http } = browser.test.app;
    const write = http.swagger;
    http.swagger = () => assert.fail('the document was written out again');
    try {
      for (const url of ['/openapi.json', '/docs/json', '/docs/yaml']) {
        const reply = await get(url);
        assert.ok([200, 308].includes(reply.status), url);
        if (reply.status === 308) assert.equal(reply.headers.location, '../openapi.json');
      }
    } finally {
      http.swagger = write;
    }
  });
});
