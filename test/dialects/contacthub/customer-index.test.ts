import assert from 'node:assert/strict';
import { it } from 'node:test';
import { useApp } from '../../helpers/app.ts';
import { verifyWorkspace } from '../../helpers/derived.ts';
import fc from '../../helpers/fast-check.ts';
import { objectText } from '../../json/decimals.ts';
import { ContacthubClient } from './client.ts';

const test = await useApp();
const client = new ContacthubClient(test);

async function expectIndexed(): Promise<void> {
  const { checks } = await verifyWorkspace(test.database, test.workspace.created.id);
  assert.deepEqual(
    checks.filter(({ ok }) => !ok),
    [],
  );
}

/** POST finds the customer again by the address. */
async function write(number: number, members: string): Promise<void> {
  const contacts = `"contacts":{"email":"p${number}@x.example"}`;
  const body = `{"nodeId":"${client.nodeId}","base":{${contacts}},${members}}`;
  const { status, text } = await client.call('POST', '/customers', body);
  assert.equal(status, 201, text);
}

const odd = [
  '{"a\\u001eb":"c\\u001ed","a\\u001db":"\\u0001\\b\\f\\n\\r\\t\\u007f","q\\"t":"\\"","back\\\\slash":"\\\\","{,}":"{a,b}","NULL":"NULL","":""}',
  '{"a":-0,"b":1.50,"c":1e21,"d":-1e-7,"e":5e-324,"f":1.7976931348623157e308,"g":100,"h":9007199254740993,"i":0.10000000000000000000000000001}',
  '{"a":[],"b":[[1],null,"x",{"c":1}],"d":null,"e":{"f":[true]},"g":false,"é\\ud83d\\ude00":"\\u2028é\\ud83d\\ude00"}',
];

it('what customers are searched by is written as it is derived, whatever names and values they have', async () => {
  const extended = [...odd, ...fc.sample(objectText, 120)];
  // Twice each: of who is new, and of who is there.
  for (const round of [0, 1])
    for (const [index, one] of extended.entries())
      await write((index + round) % extended.length, `"extended":${one}`);
  await expectIndexed();
});

it('lists are found by each of their items, subscriptions by their members, and what is not said by nothing', async () => {
  await write(1000, '"tags":{"auto":["a","a","b"],"manual":[]}');
  await write(1000, '"tags":{"manual":["c"]},"enabled":false,"extra":"x","externalId":""');
  const subscriptions =
    '[{"id":"1","name":"N","subscribed":true,"preferences":[{"key":"k","value":"v"}]},{"id":"2","kind":null}]';
  await client.call(
    'PATCH',
    `/customers/${(await client.create('p1000@x.example')).id}`,
    `{"base":{"subscriptions":${subscriptions}}}`,
  );
  await expectIndexed();
});
