import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { beforeEach, describe, it } from 'node:test';
import { useApp } from '../helpers/app.ts';
import { ask, at } from '../helpers/native-client.ts';
import { inject } from '../helpers/vendor-client.ts';
import { eventsOf, type Stage, setStage } from './visitor.ts';

const test = await useApp();
let stage: Stage;
beforeEach(async () => {
  stage = await setStage(test);
});

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');
const victim = 'Ada@Shop.example';
const attacker = 'mallory@evil.example';

/** A custom field of the shop's; answers its alias. */
async function addField(alias: string, settings: Record<string, unknown>): Promise<string> {
  const { apiKey, listId } = stage.workspace.credentials.octeth;
  const reply = await inject(test, {
    method: 'POST',
    url: '/api.php',
    body: {
      Command: 'CustomField.Create',
      APIKey: apiKey,
      SubscriberListID: listId,
      FieldName: alias,
      FieldType: 'Single line',
      MergeTagAlias: alias,
      ...settings,
    },
  });
  assert.equal(reply.body.Success, true, reply.text);
  return alias;
}

/** What Subscriber.Get-like values a subscriber has by address, from its profile. */
async function valuesOf(email: string): Promise<Record<string, unknown>> {
  const emails = await stage.store.keys('email');
  const profile = (await stage.store.profiles()).find(({ id }) => emails.get(id) === email.toLowerCase());
  assert.ok(profile);
  return profile.values;
}

describe('a visitor’s conversion', () => {
  const order = (value: number) => ({
    'conversion-id': 'o-1',
    'conversion-name': 'order',
    'conversion-value': value,
  });

  it('does not make the shop’s own of the same number a repeat', async () => {
    assert.equal(await stage.message({ event: 'conversion', properties: order(0) }), 200);
    assert.equal(await stage.message({ event: 'conversion', properties: order(0) }), 200);
    await stage.track({ Event: 'conversion', Email: victim, Properties: order(99) });
    await stage.track({ Event: 'conversion', Email: victim, Properties: order(99) });
    const found = await eventsOf(stage, 'conversion');
    assert.deepEqual(
      found.map(({ properties }) => properties['conversion-value']),
      [0, 99],
    );
    assert.deepEqual(
      found.map(({ detail }) => detail?.keyless),
      [true, undefined],
    );
    await stage.assertVerified();
  });

  it('does not spend it by way of the quarantine and a replay either', async () => {
    const lacking = { 'conversion-id': 'o-1', 'conversion-name': 'order' };
    assert.equal(await stage.message({ event: 'conversion', properties: lacking }), 422);
    const [row] = await stage.store.quarantined();
    await ask(test, 'POST', at(stage.workspace, `/quarantine/${row!.id}/replay`));
    await stage.track({ Event: 'conversion', Email: victim, Properties: order(99) });
    assert.equal((await eventsOf(stage, 'conversion')).length, 1);
  });
});

describe('what a visitor writes of an address', () => {
  it('goes into public fields only that have no value, and by which nobody is found', async () => {
    await addField('customer', { UniqueIdentifier: true, Visibility: 'Public' });
    await addField('card', { IsUnique: true, Visibility: 'Public' });
    await addField('credit', {});
    await addField('city', { Visibility: 'Public' });
    await addField('colour', { Visibility: 'Public' });
    await stage.track({
      Event: 'identify',
      Email: victim,
      IdentifyProperties: { city: 'Paris', colour: '' },
    });
    const identifyProperties = { customer: 'c-7', card: '4711', credit: '1000', city: 'Rome', colour: 'red' };
    assert.equal(await stage.message({ event: 'identify', email: victim, identifyProperties }), 200);
    const values = await valuesOf(victim);
    const fields = Object.entries(values).filter(([path]) => path.includes('customFields'));
    assert.deepEqual(fields.map(([, value]) => value).sort(), ['Paris', 'red']);
    const totals = await stage.store.accounting('octeth');
    assert.equal(totals['attribute-dropped custom-field-not-for-visitors'], 3);
    assert.equal(totals['attribute-dropped value-kept'], 1);
  });

  it('is no value as long as a book', async () => {
    await addField('about', { Visibility: 'Public' });
    const identifyProperties = { about: 'x'.repeat(9000) };
    assert.equal(await stage.message({ event: 'identify', email: attacker, identifyProperties }), 200);
    assert.equal(JSON.stringify(await valuesOf(attacker)).includes('xxx'), false);
  });

  it('neither changes how it is spelt nor keeps the shop from subscribing it', async () => {
    await stage.message({ event: 'identify', email: victim.toUpperCase() });
    const created = await stage.call('subscriber.create', { EmailAddress: victim });
    assert.equal(created.status, 200, created.body);
    assert.equal((await valuesOf(victim)).EmailAddress, victim);
    assert.equal((await stage.call('subscriber.create', { EmailAddress: victim })).status, 422);
    await stage.message({ event: 'identify', email: victim.toUpperCase() });
    assert.equal((await valuesOf(victim)).EmailAddress, victim);
    const found = await stage.track({ Event: 'bought', ID: hashOf(victim), UUID: randomUUID() });
    assert.equal(found.status, 'success');
    const [bought] = await eventsOf(stage, 'bought');
    const [claimed] = await eventsOf(stage, 'identify');
    assert.equal(bought!.recordId, claimed!.recordId);
  });

  it('settles neither the uuid nor the id that a keyed call is answered with', async () => {
    const uuid = randomUUID();
    await stage.message({ event: 'identify', email: victim, uuid });
    const first = await stage.track({ Event: 'bought', Email: victim });
    assert.notEqual(first.uuid, uuid);
    assert.equal(first.identify_event_sent, true);
    await stage.flood(110, () => ({ event: 'identify', email: victim }));
    const second = await stage.track({ Event: 'bought', Email: victim });
    assert.deepEqual(second, { ...first, identify_event_sent: false });
  });
});

describe('a visitor who claims to be somebody', () => {
  it('never gets the shop’s next event by an id, whichever way the id was slipped in', async () => {
    await addField('customer', { UniqueIdentifier: true, Visibility: 'Public' });
    const id = hashOf('customer-7');
    const uuid = randomUUID();
    const identifyProperties = { customer: id, CustomField1: id };
    await stage.message({ event: 'identify', email: attacker, uuid, identifyProperties });
    await stage.message({ event: 'pageView', email: attacker, hash: id });
    await stage.message({ event: 'identify', email: attacker, hash: id });
    await stage.message({ event: 'identify', hash: id, identifyProperties });
    await stage.track({ Event: 'bought', ID: id, UUID: randomUUID() });
    await stage.track({ Event: 'bought', Email: victim, ID: id });
    await stage.track({ Event: 'bought', ID: id, UUID: randomUUID() });
    const bought = await eventsOf(stage, 'bought');
    const claims = await eventsOf(stage, 'identify');
    const attackers = new Set(claims.filter(({ detail }) => detail?.keyless).map((event) => event.recordId));
    assert.equal(bought.length, 3);
    for (const { recordId } of bought) assert.equal(attackers.has(recordId), false);
    assert.equal(bought[1]!.recordId, bought[2]!.recordId);
    assert.equal((await stage.store.accounting('octeth'))['attribute-dropped hash-beside-address'], 2);
  });

  it('is not found by a hash that is a site’s own id of somebody', async () => {
    await addField('customer', { UniqueIdentifier: true, Visibility: 'Public' });
    const id = hashOf('customer-7');
    await stage.track({ Event: 'identify', Email: victim, ID: id });
    await stage.message({ event: 'looked', hash: id });
    const [looked] = await eventsOf(stage, 'looked');
    const [known] = await eventsOf(stage, 'identify');
    assert.notEqual(looked!.recordId, known!.recordId);
  });

  it('yields to a keyed call that says whose the browser is, and comes back when that is undone', async () => {
    const uuid = randomUUID();
    await stage.message({ event: 'looked', uuid });
    await stage.message({ event: 'identify', email: attacker, uuid });
    await stage.track({ Event: 'bought', Email: victim, UUID: uuid });
    const [looked] = await eventsOf(stage, 'looked');
    const [bought] = await eventsOf(stage, 'bought');
    const [claimed] = await eventsOf(stage, 'identify');
    assert.equal(looked!.recordId, bought!.recordId);
    assert.notEqual(looked!.recordId, claimed!.recordId);
    await stage.assertVerified();
    const link = (await stage.store.links()).find(({ origin }) => origin === 'binding');
    await ask(test, 'POST', at(stage.workspace, `/links/${link!.id}/undo`), {});
    const [after] = await eventsOf(stage, 'looked');
    assert.equal(after!.recordId, claimed!.recordId);
    await stage.assertVerified();
    await stage.message({ event: 'identify', email: victim, uuid });
    assert.equal((await eventsOf(stage, 'looked'))[0]!.recordId, claimed!.recordId);
  });

  it('is one of fifty browsers at most, and pushes no real profile off the person', async () => {
    await stage.track({ Event: 'bought', Email: victim });
    await stage.flood(1050, () => ({ event: 'identify', email: victim }));
    const { licenseCode, apiKey } = stage.workspace.credentials.webengage;
    const user = await inject(test, {
      method: 'POST',
      url: `/v1/accounts/${licenseCode}/users`,
      headers: { authorization: `Bearer ${apiKey}` },
      body: { userId: 'u-1', email: victim },
    });
    assert.equal(user.status, 201, user.text);
    const lookup = await ask(
      test,
      'GET',
      at(stage.workspace, `/people/lookup?kind=email&value=${encodeURIComponent(victim)}`),
    );
    const { profiles, profileCount } = lookup.body as {
      profiles: { dialect: string; anonymous: boolean }[];
      profileCount: number;
    };
    assert.equal(profileCount, 52);
    assert.deepEqual(
      profiles.slice(0, 2).map(({ dialect, anonymous }) => [dialect, anonymous]),
      [
        ['octeth', false],
        ['webengage', false],
      ],
    );
    assert.equal((await stage.store.accounting('octeth'))['link-capped'], 1000);
    await stage.assertVerified();
  });

  it('claims no more than ten addresses from one browser', async () => {
    const uuid = randomUUID();
    await stage.flood(40, (number) => ({ event: 'identify', email: `a${number}@evil.example`, uuid }));
    const claims = (await stage.store.links()).filter(({ origin }) => origin === 'claim');
    assert.equal(claims.length, 10);
  });
});

it('a person with more browsers than are shown is shown with all that is known first', async () => {
  await stage.track({ Event: 'bought', Email: victim });
  for (let round = 0; round < 6; round++)
    await Promise.all(
      Array.from({ length: 175 }, () => stage.track({ Event: 'looked', Email: victim, UUID: randomUUID() })),
    );
  const { licenseCode, apiKey } = stage.workspace.credentials.webengage;
  await inject(test, {
    method: 'POST',
    url: `/v1/accounts/${licenseCode}/users`,
    headers: { authorization: `Bearer ${apiKey}` },
    body: { userId: 'u-1', email: victim },
  });
  const path = at(stage.workspace, `/people/lookup?kind=email&value=${encodeURIComponent(victim)}`);
  const { profiles } = (await ask(test, 'GET', path)).body as { profiles: { dialect: string }[] };
  assert.equal(profiles.length, 1000);
  assert.equal(profiles[1]!.dialect, 'webengage');
});
