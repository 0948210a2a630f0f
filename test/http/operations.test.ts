import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ConfigError, loadConfig } from '../../src/config.ts';
import { useApp } from '../helpers/app.ts';
import { inject } from '../helpers/vendor-client.ts';

const token = 'scraped-by-prometheus';
const test = await useApp({
  environment: { THROUGHLINE_METRICS_TOKEN: token, THROUGHLINE_PUBLIC_URL: 'https://events.example.com/' },
});
const get = (url: string, headers: Record<string, string> = {}) =>
  inject(test, { method: 'GET', url, headers });
const scrape = async () => (await get('/metrics', { authorization: `Bearer ${token}` })).text;

describe('/metrics', () => {
  it('is for its token alone, where one is set', async () => {
    for (const headers of [{}, { authorization: 'Bearer wrong' }, { authorization: `Bearer ${token}x` }]) {
      const { status, text } = await get('/metrics', headers);
      assert.equal(status, 401, text);
      assert.doesNotMatch(text, /throughline_/);
    }
    assert.match(await scrape(), /throughline_/);
  });

  it('tells what an alert needs from the start, and counts answers by API and status', async () => {
    await get('/v1/accounts/nobody/events');
    await get('/nowhere');
    const text = await scrape();
    for (const line of [
      /^throughline_events_total\{dialect="webengage",outcome="quarantined"\} 0$/m,
      /^throughline_database_up 1$/m,
      /^throughline_database_bytes [1-9]\d+/m,
      /^throughline_disk_free_bytes /m,
      /^throughline_queue_items 0$/m,
      /^throughline_queue_oldest_seconds 0$/m,
      /^throughline_partitions_ahead_seconds \d+/m,
      /^throughline_jobs_due \d+$/m,
      /^throughline_http_requests_total\{api="webengage",status="40\d"\} 1$/m,
      /^throughline_http_requests_total\{api="native",status="404"\} 1$/m,
      /^throughline_http_request_seconds_count\{api="native"\} [1-9]/m,
    ])
      assert.match(text, line);
  });
});

describe('the address of the server', () => {
  it('leads a browser to the console, and tells others what there is', async () => {
    const browser = await get('/', { accept: 'text/html,application/xhtml+xml' });
    assert.equal(browser.status, 302);
    assert.equal(browser.headers.location, '/console');
    const { console, reference, openapi } = JSON.parse((await get('/')).text);
    for (const path of [console, reference, openapi]) {
      const { status } = await get(path);
      assert.ok(status === 200 || status === 302, `${path}: ${status}`);
    }
  });

  it('is the public one wherever it is shown', async () => {
    const { contacthub } = test.workspace.credentials;
    const shown = await get('/hub/v1/models/customers', { authorization: `Bearer ${contacthub.token}` });
    assert.doesNotMatch(shown.text, /"\$ref":"http:/);
    const { publicId } = test.workspace.created;
    const { text } = await get(`/throughline/v1/workspaces/${publicId}/dialects`, {
      authorization: `Bearer ${test.workspace.credentials.admin.token}`,
    });
    assert.match(text, /https:\/\/events\.example\.com\/v1\/accounts/);
    assert.doesNotMatch(text, /http:\/\/localhost/);
  });
});

it('settings that make no sense are refused by name', () => {
  for (const [name, value] of [
    ['THROUGHLINE_PUBLIC_URL', 'events.example.com'],
    ['THROUGHLINE_PUBLIC_URL', 'https://events.example.com/path'],
    ['THROUGHLINE_PUBLIC_URL', 'https://user@events.example.com'],
    ['THROUGHLINE_METRICS_TOKEN', 'short'],
    ['LOG_REQUESTS', 'yes'],
  ] as const)
    assert.throws(
      () => loadConfig({ [name]: value }, []),
      (error) => error instanceof ConfigError && error.message.startsWith(name),
    );
});
