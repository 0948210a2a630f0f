import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { trackerScript, trackerVersion } from '../../../../src/dialects/octeth/tracker/tracker-script.ts';
import { useApp } from '../../../helpers/app.ts';
import { inject } from '../../../helpers/vendor-client.ts';

const test = await useApp();

const get = (url: string, headers: Record<string, string> = {}) =>
  inject(test, { method: 'GET', url, headers });

describe('GET /t.js', () => {
  it('is a script for any page, under 4 kB compressed', async () => {
    const reply = await get('/t.js', { 'accept-encoding': 'gzip, br' });
    assert.equal(reply.status, 200);
    assert.match(String(reply.headers['content-type']), /^text\/javascript/);
    assert.equal(reply.headers['content-encoding'], 'gzip');
    assert.equal(reply.headers['cross-origin-resource-policy'], 'cross-origin');
    assert.ok(reply.bytes.length < 4000, `${reply.bytes.length} bytes`);
    assert.equal(gunzipSync(reply.bytes).toString(), trackerScript);
    const plain = await get('/t.js');
    assert.equal(plain.headers['content-encoding'], undefined);
    assert.equal(plain.text, trackerScript);
    assert.match(String(plain.headers.vary), /accept-encoding/i);
  });

  it('is kept for a year under its version, for an hour else, and not sent again to who has it', async () => {
    assert.ok(trackerScript.includes(trackerVersion));
    const pinned = await get(`/t.js?v=${trackerVersion}`);
    assert.match(String(pinned.headers['cache-control']), /immutable/);
    for (const url of ['/t.js', '/t.js?v=0.0.1']) {
      const reply = await get(url);
      assert.equal(reply.headers['cache-control'], 'public, max-age=3600');
      const again = await get(url, { 'if-none-match': `W/${reply.headers.etag}` });
      assert.deepEqual([again.status, again.text], [304, '']);
    }
  });

  it('has lost its comments, and neither evaluates text nor writes markup', () => {
    assert.doesNotMatch(trackerScript, /^\s*(?:\/\/|\/\*|\*)/m);
    assert.doesNotMatch(trackerScript, /\beval\b|new Function|innerHTML|document\.write|setTimeout\(['"`]/);
    new Function(trackerScript);
  });
});
