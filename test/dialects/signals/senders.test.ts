import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { useApp } from '../../helpers/app.ts';
import { verifyWorkspace } from '../../helpers/derived.ts';
import { inject } from '../../helpers/vendor-client.ts';
import { sendWebengage } from '../../native/helpers.ts';
import { delivery, envelope, referralTo, SignalsClient, textMessage } from './client.ts';

const noon = Date.parse('2025-03-04T12:00:00Z') / 1000;
const ad = '23852030589290425';
const phone = '33639981234';
const userId = 'FR.13491208655302741918';

const test = await useApp({ freshWorkspace: true });
const client = new SignalsClient(test);

/** As WhatsApp delivers what a user with a username has written: with a number only where the business may see it. */
function fromUser(id: string, at: number, more: Record<string, unknown> = {}) {
  const { from, ...message } = textMessage(id, '', at, { from_user_id: userId, ...more });
  return envelope({
    contacts: [{ profile: { name: 'Ada', username: 'ada' }, user_id: userId }],
    messages: [from === '' ? message : { from, ...message }],
  });
}

async function deliver(...deliveries: object[]): Promise<void> {
  for (const one of deliveries) {
    const reply = await client.deliver(one);
    assert.equal(reply.status, 200, reply.text);
  }
}

/** `type phone ad`, oldest first. */
async function told(): Promise<string[]> {
  const { data } = await client.events();
  return data.map(({ type, phone: number, ad_id: adId }) => `${type} ${number} ${adId}`).reverse();
}

async function lookup(kind: string, value: string) {
  return test.native.call('GET', `/people/lookup?kind=${kind}&value=${encodeURIComponent(value)}`);
}

async function sell(lead: string) {
  const { clientId, apiKey } = client.keys;
  const reply = await inject(test, {
    method: 'POST',
    url: `/clients/${clientId}/external-events`,
    body: {
      api_key: apiKey,
      external_event: { action: 'purchase', lead_phone: lead, revenue: { amount: 50, currency: 'EUR' } },
    },
  });
  return { status: reply.status, body: reply.body };
}

async function revenue(): Promise<number | undefined> {
  return (await client.get(`/ads/${ad}`)).body.sale_insight?.revenue;
}

async function verified(): Promise<void> {
  const { checks } = await verifyWorkspace(test.database, test.workspace.created.id);
  assert.deepEqual(
    checks.filter(({ ok }) => !ok),
    [],
  );
}

describe('a lead that WhatsApp tells of by a user id', () => {
  it('has conversations as any other, and no phone', async () => {
    await deliver(fromUser('1', noon, { referral: referralTo(ad) }), fromUser('2', noon + 5));
    assert.deepEqual(await told(), [`conversation null ${ad}`, `engagement null ${ad}`]);
    const csv = await client.get('/events/export', { date_from: '2025-03-04', date_to: '2025-03-04' });
    assert.match(csv.text, /\r\n1,\d+,23852030589290425,,,conversation,/);
    assert.deepEqual(await test.store.accounting('signals'), { received: 2, stored: 2 });
    const { body } = await lookup('whatsappUser', userId);
    assert.deepEqual(body.profiles[0].attributes, { name: 'Ada', userId });
  });

  it('is the same where the id stands in place of the number', async () => {
    const contacts = [{ profile: { name: 'Ada' }, wa_id: userId, user_id: userId }];
    const message = textMessage('2', userId, noon + 5, { from_user_id: userId });
    await deliver(fromUser('1', noon), envelope({ contacts, messages: [message] }));
    assert.deepEqual(await told(), ['conversation null null', 'engagement null null']);
  });

  it('is refused by name where it is neither a number nor a user id', async () => {
    const { from: _, ...nobody } = textMessage('1', '', noon);
    await deliver(envelope({ messages: [nobody, { ...nobody, id: '2', from_user_id: 'me' }] }));
    const rows = await test.store.quarantined();
    assert.deepEqual(rows.map(({ rule, path }) => `${rule} ${path}`).sort(), [
      'invalid-field /messages/0/from_user_id',
      'missing-field /messages/0/from',
    ]);
  });

  it('is one with the lead of the number as soon as a message tells of both, whichever came first', async () => {
    await deliver(
      fromUser('1', noon, { referral: referralTo(ad) }),
      delivery(textMessage('2', phone, noon + 1)),
    );
    assert.deepEqual(await told(), [`conversation null ${ad}`, `conversation ${phone} null`]);
    await deliver(fromUser('3', noon + 2, { from: phone }));
    assert.deepEqual(await told(), [`conversation null ${ad}`, `engagement ${phone} ${ad}`]);
    assert.equal((await sell(`+${phone}`)).status, 200);
    assert.equal(await revenue(), 50);
    await verified();
  });

  it('is two again when that is undone, and then one when it is joined by hand', async () => {
    await deliver(
      fromUser('1', noon, { referral: referralTo(ad) }),
      delivery(textMessage('2', phone, noon + 1)),
      fromUser('3', noon + 2, { from: phone }),
    );
    const { body: person } = await lookup('whatsappUser', userId);
    const { body } = await test.native.call('GET', `/people/${person.id}/links`);
    assert.deepEqual(
      body.links.map(({ scope, origin }: Record<string, string>) => `${scope} ${origin}`),
      ['record shared-event'],
    );
    const [{ id, first, second }] = body.links;
    await test.native.call('POST', `/links/${id}/undo`);
    const apart = [`conversation null ${ad}`, `conversation ${phone} null`, `engagement ${phone} null`];
    assert.deepEqual(await told(), apart);
    await verified();
    await deliver(fromUser('4', noon + 3, { from: phone }));
    assert.deepEqual(await told(), apart, 'the veto stands');
    await test.native.call('POST', '/links', { body: { first, second } });
    assert.deepEqual(await told(), [`conversation null ${ad}`, `engagement ${phone} ${ad}`]);
    await verified();
  });

  it('is the same person as the customer with the number, once that is told', async () => {
    await sendWebengage(test, test.workspace, { userId: 'crm', phone: `+${phone}` });
    await deliver(fromUser('1', noon), fromUser('2', noon + 1, { from: phone }));
    const [byUser, byPhone, customer] = await Promise.all([
      lookup('whatsappUser', userId),
      lookup('phone', `+${phone}`),
      lookup('user', 'crm'),
    ]);
    assert.equal(byUser.body.id, byPhone.body.id);
    assert.equal(byUser.body.id, customer.body.id);
  });
});

describe('a contact of a delivery', () => {
  it('names only the sender whose number or user id it has', async () => {
    await deliver(
      envelope({
        contacts: [{ profile: { name: 'Alice' }, wa_id: '33600000001' }],
        messages: [textMessage('1', '33600000001', noon), textMessage('2', '33600000002', noon)],
      }),
    );
    const attributes = async (number: string) => (await lookup('phone', number)).body.profiles[0].attributes;
    assert.deepEqual(await attributes('+33600000001'), { name: 'Alice', waId: '33600000001' });
    assert.deepEqual(await attributes('+33600000002'), { waId: '33600000002' });
  });

  it('may write the number in the other of its country’s spellings', async () => {
    await deliver(
      envelope({
        contacts: [{ profile: { name: 'Ana' }, wa_id: '5215512345678' }],
        messages: [textMessage('1', '525512345678', noon)],
      }),
    );
    const { body } = await lookup('phone', '+525512345678');
    assert.deepEqual(body.profiles[0].attributes, { name: 'Ana', waId: '5215512345678' });
  });
});

describe('what is no message of a lead to the business', () => {
  const others: Record<string, Record<string, unknown>> = {
    edit: {
      type: 'edit',
      edit: { original_message_id: '0', message: { type: 'text', text: { body: 'x' } } },
    },
    revoke: { type: 'revoke', revoke: { original_message_id: '0' } },
    reaction: { type: 'reaction', reaction: { message_id: '0', emoji: '👍' } },
    'taking back a reaction': { type: 'reaction', reaction: { message_id: '0' } },
    unsupported: { type: 'unsupported', errors: [{ code: 131051 }] },
    system: { type: 'system', system: { type: 'user_changed_number' } },
    'a message in a group': { group_id: 'Y2FwaV9ncm91cDoxNzA1' },
  };
  for (const [what, more] of Object.entries(others)) {
    it(`${what}: is stored, opens no conversation and engages nobody`, async () => {
      const alone = textMessage('alone', '33600000009', noon, more);
      await deliver(delivery(alone), delivery(textMessage('0', phone, noon)));
      await deliver(delivery(textMessage('1', phone, noon + 1, more)));
      assert.deepEqual(await told(), [`conversation ${phone} null`]);
      assert.deepEqual(await test.store.accounting('signals'), { received: 3, stored: 3 });
    });
  }
});

describe('messages of one second', () => {
  for (const ids of ['ab', 'ba'])
    it(`go as they were received, whatever their ids (${ids})`, async () => {
      const [first = '', second = ''] = ids;
      await deliver(delivery(textMessage(first, phone, noon, { referral: referralTo(ad) })));
      await deliver(delivery(textMessage(second, phone, noon)));
      assert.deepEqual(await told(), [`conversation ${phone} ${ad}`, `engagement ${phone} ${ad}`]);
      const { data } = await client.events();
      assert.deepEqual(
        data.map(({ id }) => id),
        [second, first],
      );
    });

  it('begin with the one that tells of a click, also when it comes last', async () => {
    await deliver(delivery(textMessage('a', phone, noon)));
    await deliver(delivery(textMessage('b', phone, noon, { referral: referralTo(ad) })));
    assert.deepEqual(await told(), [`conversation ${phone} ${ad}`, `engagement ${phone} ${ad}`]);
    await verified();
  });

  it('go by the array within a delivery', async () => {
    const messages = ['z', 'm', 'a'].map((id) => textMessage(id, phone, noon));
    await deliver(delivery(...messages));
    const { data } = await client.events();
    assert.deepEqual(
      data.map(({ id, type }) => `${id} ${type}`),
      ['m engagement', 'z conversation'],
    );
  });
});

describe('one subscriber’s number, however it is written', () => {
  const spellings: Record<string, readonly [string, string]> = {
    'Mexico, with the 1 of before 2019': ['5215512345678', '+525512345678'],
    'Brazil, without the ninth digit': ['553181234567', '+5531981234567'],
    'Argentina, without the 9': ['5491155551234', '+541155551234'],
  };
  for (const [what, [waId, written]] of Object.entries(spellings)) {
    it(`is one person and one lead: ${what}`, async () => {
      await sendWebengage(test, test.workspace, { userId: 'crm', phone: written });
      await deliver(delivery(textMessage('1', waId, noon, { referral: referralTo(ad) })));
      assert.equal((await sell(written)).status, 200);
      assert.equal(await revenue(), 50);
      assert.deepEqual(await told(), [`conversation ${waId} ${ad}`], 'as it came');
      const [one, other] = await Promise.all([lookup('phone', written), lookup('phone', `+${waId}`)]);
      assert.equal(one.body.id, other.body.id);
      assert.equal(one.body.profiles.length, 2);
    });
  }
});

describe('lead_phone', () => {
  const lead = '4915112345678';
  for (const written of [
    lead,
    `+${lead}`,
    `00${lead}`,
    '+49 151 12345678',
    '0151 12345678',
    `\u202a+${lead}\u202c`,
  ])
    it(`is the lead's number, written ${JSON.stringify(written)}`, async () => {
      test.workspace = await test.addWorkspace({ settings: { phoneCountries: ['FR', 'DE'] } });
      await deliver(delivery(textMessage('1', lead, noon, { referral: referralTo(ad) })));
      const { status, body } = await sell(written);
      assert.equal(status, 200, JSON.stringify(body));
      assert.equal(await revenue(), 50);
    });

  it('is refused where it can be nobody’s, and says what would be right', async () => {
    for (const written of ['0000', '0151', 'call me', '+0151123456']) {
      const { status, body } = await sell(written);
      assert.equal(status, 422, written);
      assert.deepEqual(body.detail[0].loc, ['body', 'external_event', 'lead_phone']);
      assert.match(body.detail[0].msg, /country's code, as \+4915112345678 or 004915112345678, or .* of FR$/);
    }
    assert.deepEqual(await test.store.accounting('signals'), {});
  });
});
