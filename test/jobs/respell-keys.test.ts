import assert from 'node:assert/strict';
import { it } from 'node:test';
import { dialects } from '../../src/dialects/registry.ts';
import { respellKeys } from '../../src/jobs/respell-keys.ts';
import { delivery, referralTo, SignalsClient, textMessage } from '../dialects/signals/client.ts';
import { field, WebmarketerClient } from '../dialects/webmarketer/client.ts';
import { useApp } from '../helpers/app.ts';
import { verifyWorkspace } from '../helpers/derived.ts';
import { ask, at } from '../helpers/native-client.ts';
import { inject } from '../helpers/vendor-client.ts';
import { sendWebengage } from '../native/helpers.ts';

const noon = Date.parse('2025-03-04T12:00:00Z') / 1000;
const ad = '23852030589290425';

const test = await useApp();

function workspaceId(): number {
  return test.workspace.created.id;
}

/** Puts a key back to how a version of before had it. */
async function spellAsBefore(kind: number, value: string, before: string): Promise<void> {
  const changed = await test.database.query(
    'update identity set value = $4 where workspace_id = $1 and kind = $2 and value = $3 returning value',
    [workspaceId(), kind, value, before],
  );
  assert.ok(changed.length > 0, value);
}

async function lookup(kind: string, value: string): Promise<{ id: string; profiles: unknown[] }> {
  const path = `/people/lookup?kind=${kind}&value=${encodeURIComponent(value)}`;
  const { status, body } = await ask(test, 'GET', at(test.workspace, path));
  assert.equal(status, 200);
  return body;
}

async function respell(): Promise<void> {
  await test.database.query('insert into key_respelling select workspace_id from workspace_head');
  await respellKeys({ ...test.app.services, dialects }, test.workspace.created.id);
}

it('spells keys of before anew, and links who turns out to have one: nobody becomes two', async () => {
  const signals = new SignalsClient(test);
  const webmarketer = new WebmarketerClient(test);
  await webmarketer.defineType('form', [
    field('user', 'email', 'email', { optional: true, discriminant: true }),
    field('user', 'string', 'code', { optional: true, discriminant: true }),
  ]);
  const event = {
    eventType: 'form',
    nonce: '1',
    data: { email: 'ada@bücher.example', code: '+5215512345678' },
  };
  await webmarketer.sendFine(event);
  await sendWebengage(test, test.workspace, {
    userId: 'crm',
    email: 'ada@bücher.example',
    phone: '+525512345678',
  });
  // Two leads, as a version of before made them of one person's message and sale.
  await signals.deliver(delivery(textMessage('1', '5215512345678', noon, { referral: referralTo(ad) })));
  await test.database.query("delete from link where workspace_id = $1 and evidence in ('phone', 'email')", [
    workspaceId(),
  ]);
  await test.database.query('update profile set person_id = id where workspace_id = $1', [workspaceId()]);
  await test.database.query(
    "update identity set value = '+5215512345678' where workspace_id = $1 and kind = 2 and node_id = $2",
    [workspaceId(), await nodeOf('signals')],
  );
  await sell('+525512345678');
  await spellAsBefore(1, 'ada@xn--bcher-kva.example', 'ada@bücher.example');
  await spellAsBefore(10, 'email\nada@xn--bcher-kva.example', 'email\nada@bücher.example');
  await respell();
  const ada = await lookup('phone', '+5215512345678');
  assert.equal(ada.profiles.length, 4);
  assert.equal((await lookup('email', 'ada@xn--bcher-kva.example')).id, ada.id);
  const insight = (await signals.get(`/ads/${ad}`)).body.sale_insight;
  assert.equal(insight.revenue, 50, 'the two leads are one');
  await webmarketer.sendFine({ eventType: 'form', nonce: '2', data: { email: 'ada@bücher.example' } });
  assert.equal((await lookup('email', 'ada@bücher.example')).profiles.length, 4, 'found by the new spelling');
  assert.equal((await lookup('field', 'code\n+5215512345678')).id, ada.id, 'a text is no number');
  const { checks } = await verifyWorkspace(test.database, test.workspace.created.id);
  assert.deepEqual(
    checks.filter(({ ok }) => !ok),
    [],
  );
  const left = await test.database.query('select 1 from key_respelling');
  assert.equal(left.length, 0, 'done once');
});

async function nodeOf(dialect: string): Promise<number> {
  const [node] = await test.database.query<{ id: number }>(
    'select id from node where workspace_id = $1 and dialect = $2',
    [workspaceId(), dialect],
  );
  return node!.id;
}

async function sell(phone: string): Promise<void> {
  const { clientId, apiKey } = test.workspace.credentials.signals;
  const sale = { action: 'purchase', lead_phone: phone, revenue: { amount: 50, currency: 'EUR' } };
  const reply = await inject(test, {
    method: 'POST',
    url: `/clients/${clientId}/external-events`,
    body: { api_key: apiKey, external_event: sale },
  });
  assert.equal(reply.status, 200, reply.text);
}
