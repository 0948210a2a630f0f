import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { BulkClient } from '../dialects/contacthub/bulk-client.ts';
import { trackerIds, person as userAgent } from '../dialects/octeth/tracker/browser.ts';
import { delivery, referralTo, textMessage } from '../dialects/signals/client.ts';
import type { TestApp } from '../helpers/app.ts';
import { inject, type Reply } from '../helpers/vendor-client.ts';
import { clientsOf } from './person.ts';

/** In every text that is planted, so that one search finds them all, in whatever case. */
export const mark = 'Zq7x';
export const phone = '+33655501234';
export const address = '203.0.113.77';
const email = `${mark}ada@${mark.toLowerCase()}é.example`;

let planted = 0;
/** A text of its own that no normal form takes the mark out of, with what has to be escaped in it. */
const text = (more = '"é\\ü') => `${mark}${++planted}${more}`;
/** Likewise, where less is taken. */
const word = () => text('');

/** By what Octeth alone knows the person, and what of a page is all that names the browser. */
const customerNumber = word();
const browser = randomUUID();

/** Fills what the vendors' wires have for somebody. Answers the customer's id. */
export async function plant(test: TestApp): Promise<string> {
  const id = await plantCustomer(test);
  await plantSubscriber(test);
  await plantBrowser(test);
  await plantFiles(test, id);
  await plantUsers(test);
  await plantLead(test);
  return id;
}

/** What comes for the person once all of that is gone: nothing of it may stay. */
export async function plantLate(test: TestApp): Promise<void> {
  const { octeth } = clientsOf(test);
  await plantFiles(test, randomUUID());
  await visit(test, { event: 'seen', properties: { note: text() } });
  const named = { Event: 'visited', UUID: randomUUID(), ID: customerNumber };
  assertTaken(await octeth.track(named), await trackBad(test));
}

function assertTaken(...replies: readonly Reply[]): void {
  for (const reply of replies) assert.ok(reply.status < 300, reply.text);
}

async function plantCustomer(test: TestApp): Promise<string> {
  const { contacthub } = clientsOf(test);
  const customer = await contacthub.create(email, {
    externalId: text(),
    extra: text(),
    extended: { nickname: text() },
    tags: { manual: [text()], auto: [text()] },
    consents: { disclaimer: { date: null, version: word() } },
    base: {
      pictureUrl: `https://a.example/${word()}`,
      title: text(),
      firstName: text(),
      middleName: text(),
      lastName: text(),
      contacts: {
        fax: word(),
        phone,
        otherContacts: [{ name: text(), type: 'EMAIL', value: text() }],
        mobileDevices: [{ identifier: text(), name: text(), type: 'IOS', notificationService: 'APN' }],
      },
      address: { street: text(), city: text(), country: text(), province: text(), zip: word() },
      credential: { username: text(), password: text() },
      socialProfile: { facebook: text(), linkedin: text(), twitter: text() },
      likes: [{ id: word(), category: text(), name: text(), createdTime: '2026-01-01T00:00:00.000+0000' }],
      jobs: [{ id: word(), companyIndustry: text(), companyName: text(), jobTitle: text() }],
      educations: [{ id: word(), schoolType: 'OTHER', schoolName: text(), schoolConcentration: text() }],
      subscriptions: [{ id: word(), name: text(), subscribed: true, subscriberId: text() }],
    },
  });
  const session = word();
  assertTaken(await contacthub.call('POST', `/customers/${customer.id}/sessions`, { value: session }));
  const url = `https://a.example/${word()}`;
  await contacthub.view(
    { customerId: customer.id },
    {
      properties: { title: text(), url, referer: `https://b.example/${word()}`, extended: { motto: text() } },
      contextInfo: { client: { ip: address, userAgent: text() } },
    },
  );
  await contacthub.view({ session }, { properties: { title: text() } });
  assertTaken(await contacthub.call('PATCH', `/customers/${customer.id}`, { base: { firstName: text() } }));
  const bad = {
    customerId: customer.id,
    type: 'viewedPage',
    context: 'WEB',
    properties: { nothing: text(), url: 5 },
  };
  assert.equal((await contacthub.call('POST', '/events', bad)).status, 400);
  return customer.id;
}

/** A conversion that lacks what it must have, by which nobody is named but by the number; it goes to quarantine. */
function trackBad(test: TestApp): Promise<Reply> {
  const Properties = { 'conversion-id': word(), note: text() };
  const bad = { Event: 'conversion', UUID: randomUUID(), ID: customerNumber, Properties };
  return clientsOf(test).octeth.track(bad);
}

/** Custom fields by each way that there is, one of which the person is found by. */
async function plantSubscriber(test: TestApp): Promise<void> {
  const { octeth } = clientsOf(test);
  const { apiKey: APIKey, listId } = octeth.credentials.octeth;
  const addField = async (more: object): Promise<number> => {
    const field = { SubscriberListID: listId, FieldName: 'Field', FieldType: 'Single line', ...more };
    const { body } = await octeth.post('/api.php', { Command: 'CustomField.Create', APIKey, ...field });
    assert.equal(body.Success, true, JSON.stringify(body));
    return body.CustomFieldID;
  };
  await addField({ MergeTagAlias: 'Number', UniqueIdentifier: true, IsUnique: 'Yes' });
  const own = await addField({ MergeTagAlias: 'Own' });
  await addField({ MergeTagAlias: 'Open', Visibility: 'Public', IsGlobal: 'Yes' });
  // Before anybody has the number: only by it can it be told later whose it was.
  assert.equal((await trackBad(test)).status, 422);
  assertTaken(
    await octeth.track({
      Event: 'identify',
      Email: email,
      ID: customerNumber,
      IdentifyProperties: { Number: word(), Own: text(), Open: text() },
    }),
    await octeth.track({
      Event: 'visited',
      UUID: randomUUID(),
      ID: customerNumber,
      Properties: { a: text() },
    }),
    await octeth.track({
      Event: 'visited',
      Email: email,
      UUID: randomUUID(),
      Properties: { $url: `https://a.example/?q=${word()}`, $title: text(), $ip: address, note: text() },
    }),
    await octeth.post('/api/v1/subscriber.create', {
      APIKey,
      ListID: Number(listId),
      EmailAddress: email.toUpperCase(),
      Status: 'Subscribed',
      SubscriptionDate: '2026-01-01 12:00:00',
      SubscriptionIP: address,
      SourceRef: text(),
      CustomFields: { [own]: text() },
      UpdateIfDuplicate: true,
    }),
  );
}

async function visit(test: TestApp, more: object): Promise<Reply> {
  const message = {
    v: 1,
    ...(await trackerIds(test)),
    id: randomUUID(),
    uuid: browser,
    properties: {},
    ...more,
  };
  return inject(test, {
    method: 'POST',
    url: '/hello/message',
    headers: { 'content-type': 'text/plain;charset=UTF-8', 'user-agent': `${userAgent} ${word()}` },
    remoteAddress: address,
    body: JSON.stringify(message),
  });
}

/** What a page tells of its visitor: before it is known who it is, then that, and what can't be stored. */
async function plantBrowser(test: TestApp): Promise<void> {
  const landing = {
    url: `https://shop.example/${word()}?utm_source=news&utm_term=${word()}&gclid=${word()}`,
    referrer: `https://b.example/?q=${word()}`,
  };
  const bad = { conversionId: word(), note: text() };
  assertTaken(
    await visit(test, { event: 'pageView', properties: { url: landing.url, $title: text() }, landing }),
    await visit(test, { event: 'identify', email, identifyProperties: { Open: text() } }),
    await visit(test, { event: 'seen', properties: { deep: { note: text() } } }),
  );
  assert.equal((await visit(test, { event: 'conversion', properties: bad })).status, 422);
}

/** Files of rows that are taken, that fail with what stands in them, that go to quarantine, and one that has no header. */
async function plantFiles(test: TestApp, customerId: string): Promise<void> {
  const client = new BulkClient(test);
  const cell = (value: string) => `"${value.replaceAll('"', '""')}"`;
  const row = (...values: string[]) => `${values.map(cell).join(',')}\n`;
  const names = row('id', 'base.contacts.email', 'base.lastName', 'base.address.city');
  await client.run(
    names + row('', email, text(), text()) + row(word(), email, text(), '') + row('', word(), text(), ''),
  );
  await client.run(row('id') + row(word()) + row(email), { operation: 'DELETE' });
  await client.run(
    row('customerId', 'context', 'properties.title', 'properties.referer') +
      row(customerId, 'WEB', text(), `https://b.example/${word()}`) +
      row(customerId, 'WEB', text(), text()) +
      row(word(), 'WEB', text(), '') +
      row(customerId, word(), text(), ''),
    { entity: 'EVENT', eventType: 'viewedPage' },
  );
  assertTaken(await client.send(row(word(), email, text())));
}

async function plantUsers(test: TestApp): Promise<void> {
  const { webengage, webmarketer } = clientsOf(test);
  const userId = word();
  const user = {
    userId,
    email,
    phone,
    firstName: text(),
    lastName: text(),
    company: text(),
    attributes: { Nickname: text() },
  };
  const eventOf = (more: object) => webengage.call('/events', { userId, eventName: 'Paid', ...more });
  assertTaken(
    await webengage.call('/users', user),
    await eventOf({ eventData: { Note: text(), Of: { deep: [text()] } } }),
    await eventOf({ anonymousId: word(), eventName: 'Seen', eventData: { Note: text() } }),
  );
  const send = (eventType: string, data: object) =>
    webmarketer.send({ eventType, nonce: randomUUID(), trackerId: word(), data: { email, ...data } });
  assertTaken(await send('order', { city: text(), note: text() }), await send('no-such', { odd: text() }));
}

async function plantLead(test: TestApp): Promise<void> {
  const { signals } = clientsOf(test);
  const from = phone.slice(1);
  const sent = textMessage(`wamid.${word()}`, from, Math.floor(Date.now() / 1000), {
    text: { body: text() },
    referral: { ...referralTo('12345'), headline: text(), ctwa_clid: word() },
  });
  const bad = { id: `wamid.${word()}`, from, timestamp: 'never', type: 'text', text: { body: text() } };
  const { clientId, apiKey: api_key } = signals.keys;
  const sell = (external_event: object) =>
    inject(test, {
      method: 'POST',
      url: `/clients/${clientId}/external-events`,
      body: { api_key, external_event },
    });
  const sale = { action: text(), lead_phone: phone, revenue: { amount: 10, currency: 'EUR' } };
  assertTaken(await signals.deliver(delivery(sent, bad)), await sell(sale));
  assert.equal((await sell({ ...sale, revenue: { amount: text(), currency: 'EUR' } })).status, 422);
}
