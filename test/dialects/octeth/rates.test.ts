import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { commandNames } from '../../../src/dialects/octeth/api/commands.ts';
import type { TestWorkspace } from '../../helpers/app.ts';
import { useApp } from '../../helpers/app.ts';
import { ask, at } from '../../helpers/native-client.ts';
import { OctethClient } from './client.ts';

const test = await useApp();
const octeth = new OctethClient(test);

function call(workspace: TestWorkspace, Command: string, fields: Record<string, string> = {}) {
  const APIKey = workspace.credentials.octeth.adminApiKey;
  return octeth.post('/api.php', { Command, APIKey, ...fields });
}

describe('a workspace’s rates', () => {
  let limited: TestWorkspace;
  let free: TestWorkspace;
  before(async () => {
    [limited, free] = [await test.addWorkspace(), await test.addWorkspace()];
    const rateLimits = Object.fromEntries(commandNames.map((name) => [`octeth:${name}`, 1]));
    const changed = await ask(test, 'PATCH', at(limited), { body: { rateLimits } });
    assert.equal(changed.status, 200);
  });

  it('are known of every command that there is', () => {
    assert.ok(commandNames.length >= 10, commandNames.join());
  });

  for (const name of commandNames) {
    it(`are off for ${name} by default, and its own where they are on`, async () => {
      test.time.now = Date.parse('2026-05-04T10:00:48Z');
      for (let times = 0; times < 3; times++) assert.notEqual((await call(free, name)).status, 429);
      assert.notEqual((await call(limited, name)).status, 429);
      const refused = await call(limited, name.toUpperCase());
      assert.deepEqual([refused.status, refused.headers['retry-after']], [429, '12']);
      assert.deepEqual(refused.body, {
        Success: false,
        ErrorCode: 429,
        ErrorText: 'Too many requests.',
        Errors: [{ Code: 429, Message: 'Too many requests.' }],
      });
      const asXml = await call(limited, name, { ResponseFormat: 'XML' });
      assert.match(asXml.text, /<ErrorCode>429<\/ErrorCode>|<ErrorCode><!\[CDATA\[429\]\]>/);
      test.time.now = 0;
    });
  }
});
