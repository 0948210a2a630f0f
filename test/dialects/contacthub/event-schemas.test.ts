import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CURRENCY_CODES } from '../../../src/dialects/contacthub/documents/currencies.ts';
import { eventTypes } from '../../../src/dialects/contacthub/documents/event-types.ts';
import { resolveReferences } from '../../../src/dialects/contacthub/documents/references.ts';
import { TIME_ZONE_NAMES } from '../../../src/dialects/contacthub/documents/time-zones.ts';
import { useApp } from '../../helpers/app.ts';
import { ContacthubClient } from './client.ts';
import { textOf } from './schema-text.ts';
import { vendorProperties } from './vendor-properties.ts';

const client = new ContacthubClient(await useApp());
const { id: customerId } = await client.create('schemas@example.com');

const common = ['extended {…}|null', 'extraProperties object'];

function nameOf(member: string): string {
  return /^\w+/.exec(member)?.[0] ?? '';
}

describe('the schemas of events', () => {
  it('are known of every type', () => {
    assert.deepEqual(Object.keys(vendorProperties).sort(), [...eventTypes.keys()].sort());
  });

  for (const { type, propertiesSchema } of eventTypes.values())
    it(`${type} has the properties that the vendor's schema has, and as it has them`, () => {
      const members = [...(vendorProperties[type] ?? []), ...common];
      members.sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
      assert.equal(textOf(resolveReferences(propertiesSchema)), `{${members.join(', ')}}`);
    });

  it('take the currencies and time zones that the vendor lists', () => {
    assert.equal(new Set(CURRENCY_CODES).size, 161);
    assert.equal(new Set(TIME_ZONE_NAMES).size, 342);
    for (const name of ['Europe/Rome', 'America/Argentina/Buenos_Aires'])
      assert.ok(TIME_ZONE_NAMES.includes(name), name);
  });
});

describe('POST /events', () => {
  const post = (type: string, properties: object) =>
    client.call('POST', '/events', { type, context: 'OTHER', customerId, properties });
  const occasions = [...eventTypes.keys()].filter((type) =>
    vendorProperties[type]?.some((member) => nameOf(member) === 'eventLocation'),
  );

  it('refuses what the vendor’s schema refuses of a location, in each of the eight types that have one', async () => {
    assert.equal(occasions.length, 8);
    for (const type of occasions) {
      const unknownType = await post(type, { eventLocation: { type: null } });
      assert.equal(unknownType.status, 400, type);
      assert.equal(unknownType.body.errors[0].path, '/properties/eventLocation/type');
      assert.equal((await post(type, { eventLocation: { type: 'CLUB', name: 'C' } })).status, 202, type);
      assert.equal((await post(type, { eventLocation: null })).status, 202, type);
      const open = await post(type, { eventLocation: { floor: 2 } });
      assert.equal(open.status, type === 'eventNotInvited' ? 400 : 202, type);
      if (open.status === 400) assert.equal(open.body.errors[0].path, '/properties/eventLocation/floor');
    }
  });

  it('refuses a currency that the vendor does not list', async () => {
    const order = (currency: string) => ({ amount: { local: { currency, exchangeRate: 1 } } });
    assert.equal((await post('completedOrder', order('BYR'))).status, 202);
    const refused = await post('completedOrder', order('BYN'));
    assert.equal(refused.status, 400);
    assert.equal(refused.body.errors[0].path, '/properties/amount/local/currency');
  });

  it('refuses a customer that is null, which a bring-back does not excuse', async () => {
    const bringBackProperties = { type: 'SESSION_ID', value: 's', nodeId: client.nodeId };
    const event = { type: 'loggedIn', context: 'WEB', properties: {}, bringBackProperties };
    assert.equal((await client.call('POST', '/events', event)).status, 202);
    const refused = await client.call('POST', '/events', { ...event, customerId: null });
    assert.equal(refused.status, 400);
    assert.equal(refused.body.errors[0].path, '/customerId');
  });
});
