import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { erasureKeyFile } from '../../src/core/erasure/erasure-key.ts';
import { ask, NativeClient } from '../helpers/native-client.ts';
import { bearer, inject, type Reply } from '../helpers/vendor-client.ts';
import { addTenant, type Tenant } from '../security/two-tenants.ts';
import { startInstallation, useInstallation } from './places.ts';
import { type Question, questionsOf } from './questions.ts';

const origin = await useInstallation('first');
const place = await startInstallation('elsewhere');

/** Who was refused is counted a second later, of those who ask here, too. */
function comparable({ bytes }: Reply): string {
  return bytes.toString('latin1').replaceAll(/"refused":\d+,"refusedBy":\{[^}]*\}/g, '"refused"');
}

/** What an import may answer otherwise, and why. */
const exceptions: Readonly<Record<string, string>> = {
  'GET /throughline/v1/workspaces/:workspace/keys': 'when keys were used last is noted with every question',
  'GET /throughline/v1/system': 'of the process and its database, not of a workspace',
};

let tenant: Tenant;
let questions: Question[];
/** An order with a nonce, as its client sent it before the move. */
let order: Parameters<typeof inject>[1];
let firstAnswer: string;
let file: string;

before(async () => {
  const now = Date.now();
  origin.test.time.now = now;
  place.test.time.now = now;
  await place.test.addWorkspace({ slug: 'beside' });
  tenant = await addTenant(origin.test, 'moving', '1001');
  order = orderOf(tenant);
  firstAnswer = (await inject(origin.test, order)).text;
  await forgetSomebody();
  await finishJobs();
  questions = await questionsOf(origin, tenant);
  file = join(origin.dataDir, 'moving.ndjson.gz');
  await origin.succeed('export', '--workspace', 'moving', file);
});

function orderOf({ credentials: { webmarketer } }: Tenant): Parameters<typeof inject>[1] {
  return {
    method: 'POST',
    url: '/api/v1/events/sync',
    headers: bearer(webmarketer.accessToken),
    body: {
      projectId: webmarketer.projectId,
      eventType: 'order',
      nonce: 'sent before the move',
      data: { marker: 'once', email: 'mover@secret.example' },
    },
  };
}

/** So that there are tombstones. */
async function forgetSomebody(): Promise<void> {
  const native = nativeOf(origin);
  const { webengage } = tenant.credentials;
  const sent = await inject(origin.test, {
    method: 'POST',
    url: `/v1/accounts/${webengage.licenseCode}/events`,
    headers: bearer(webengage.apiKey),
    body: { userId: 'forgotten', eventName: 'Gone', eventData: { of: 'nobody' } },
  });
  assert.ok(sent.status < 300, sent.text);
  const person = await native.read('/people/lookup?kind=user&value=forgotten');
  const erased = await native.call('POST', `/people/${person.id}/erase`, { body: {} });
  assert.ok(erased.status < 300, erased.text);
}

async function finishJobs(): Promise<void> {
  const { jobs } = await nativeOf(origin).read('/jobs');
  for (const { id, kind, state } of jobs)
    if (kind !== 'none' && (state === 'waiting' || state === 'running'))
      await origin.test.app.services.jobs.runToEnd({ workspaceId: tenant.workspace.created.id, id });
}

function nativeOf({ test }: typeof origin): NativeClient {
  const client = new NativeClient(test, tenant.workspace);
  return Object.assign(client, {
    call: (method: 'GET' | 'POST', path: string, asking: object = {}) =>
      ask(test, method, `/workspaces/${tenant.credentials.workspace.id}${path}`, {
        key: tenant.nativeKey,
        ...asking,
      }),
  });
}

describe('a workspace that was exported and imported', () => {
  it('is refused where the key is missing by which its forgotten are known again, and nothing of it is left', async () => {
    await place.refuse(
      /persons were forgotten by a key .* beside it as erasure-key-[0-9a-f]{16}/,
      'import',
      file,
    );
    assert.doesNotMatch(await place.succeed('workspace', 'list'), /moving/);
  });

  it('comes in whole, and verifies', async () => {
    const key = join(origin.dataDir, erasureKeyFile);
    await copyFile(key, join(place.dataDir, erasureKeyFile));
    const said = await place.succeed('import', file);
    assert.match(said, /^event +\d+$/m);
    assert.match(said, /moving +order-gapless +ok/);
    assert.doesNotMatch(said, /FAILED/);
  });

  it('answers every question of every API as it did, byte for byte', async () => {
    const differing: string[] = [];
    for (const { name, ask } of questions) {
      if (Object.keys(exceptions).some((route) => name.startsWith(`${route} by`))) continue;
      const expected = await ask(origin);
      const found = await ask(place);
      if (found.status !== expected.status || comparable(found) !== comparable(expected))
        differing.push(`${name}\n  ${expected.status} ${expected.text}\n  ${found.status} ${found.text}`);
    }
    assert.deepEqual(differing, []);
    assert.ok(questions.length > 100, `only ${questions.length} questions`);
    for (const part of [
      '/api/v1/website_events',
      '/api/v1/projects',
      '/hub/v1',
      '/throughline/v1',
      '/v1/clients',
    ])
      assert.ok(
        questions.some(({ name }) => name.includes(part)),
        part,
      );
  });

  it('knows what was sent before the move, and what comes for the forgotten', async () => {
    const { webengage } = tenant.credentials;
    const before = await nativeOf(place).read('/events?limit=1000');
    assert.equal((await inject(place.test, order)).text, firstAnswer);
    const late = await inject(place.test, {
      method: 'POST',
      url: `/v1/accounts/${webengage.licenseCode}/events`,
      headers: bearer(webengage.apiKey),
      body: { userId: 'forgotten', eventName: 'Gone' },
    });
    assert.ok(late.status < 300, late.text);
    const after = await nativeOf(place).read('/events?limit=1000');
    assert.equal(after.events.length, before.events.length);
  });

  it('goes on: what comes in takes the next seq, and all of it verifies', async () => {
    const before = await nativeOf(place).read('/events?limit=1000');
    const { headers, ...another } = orderOf(tenant);
    const body = { ...(another.body as object), nonce: 'sent behind the move' };
    const reply = await inject(place.test, { ...another, headers: { ...headers }, body });
    assert.ok(reply.status < 300, reply.text);
    const { events } = await nativeOf(place).read('/events?limit=1000');
    assert.ok(events.at(-1).seq > before.events.at(-1).seq);
    await place.succeed('verify', '--workspace', 'moving');
  });

  it('has no secret of a key in its file, only what it is known again by', () => {
    const text = gunzipSync(readFileSync(file)).toString();
    const { webengage, octeth, contacthub, webmarketer, signals } = tenant.credentials;
    const secrets = [
      tenant.nativeKey,
      webengage.apiKey,
      octeth.apiKey,
      octeth.password,
      contacthub.adminToken,
      webmarketer.accessToken,
      webmarketer.serviceAccount.privateKey,
      signals.token,
      signals.password,
    ];
    for (const secret of secrets) assert.ok(!text.includes(secret.slice(0, 40)));
  });
});
