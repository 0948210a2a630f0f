import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { ContacthubClient } from '../dialects/contacthub/client.ts';
import { OctethClient } from '../dialects/octeth/client.ts';
import { delivery, SignalsClient, textMessage } from '../dialects/signals/client.ts';
import { WebengageClient } from '../dialects/webengage/client.ts';
import { field, WebmarketerClient } from '../dialects/webmarketer/client.ts';
import type { TestApp } from '../helpers/app.ts';

/** Somebody who is known in every dialect by an address or a number; by no text that a random id can hold by chance. */
export interface Somebody {
  readonly email: string;
  readonly phone: string;
  readonly user: string;
  readonly name: string;
}

export const ada: Somebody = {
  email: 'ada@erase.example',
  phone: '+33612345678',
  user: 'user-ada',
  name: 'Adalovelace',
};
export const bob: Somebody = {
  email: 'bob@erase.example',
  phone: '+33687654321',
  user: 'user-bob',
  name: 'Bobbabbage',
};

/** The vendors' clients of an app's workspace. */
export function clientsOf(test: TestApp) {
  return {
    contacthub: new ContacthubClient(test),
    octeth: new OctethClient(test),
    signals: new SignalsClient(test),
    webengage: new WebengageClient(test),
    webmarketer: new WebmarketerClient(test),
  };
}

/** What Webmarketer needs before it takes events. */
export async function defineOrder(test: TestApp): Promise<void> {
  await new WebmarketerClient(test).defineType('order', [
    field('user', 'email', 'email', { discriminant: true }),
    field('user', 'string', 'city', { optional: true }),
    field('event', 'string', 'note', { optional: true }),
  ]);
}

/** Tells of somebody by every dialect; answers the customer's id. */
export async function tellOf(
  test: TestApp,
  { email, phone, user, name }: Somebody,
  at = Date.now(),
): Promise<string> {
  const clients = clientsOf(test);
  const customer = await clients.contacthub.create(email, {
    base: { firstName: name, contacts: { mobilePhone: phone } },
    externalId: `external-${user}`,
    consents: {
      disclaimer: { date: null, version: `v-${name}` },
      marketing: { automatic: { email: { status: true } } },
    },
  });
  await clients.contacthub.view(
    { customerId: customer.id },
    { properties: { title: `Page of ${name}`, url: `https://a.example/${name}` } },
  );
  await clients.contacthub.view({ externalId: `external-${user}` });
  const users = await clients.webengage.call('/users', { userId: user, firstName: name, email });
  assert.equal(users.status, 201, users.text);
  const paid = await clients.webengage.call('/events', {
    userId: user,
    eventName: 'Paid',
    eventData: { for: name },
  });
  assert.equal(paid.status, 201, paid.text);
  const tracked = await clients.octeth.track({ Event: 'visited', Email: email, Properties: { page: name } });
  assert.equal(tracked.status, 200, tracked.text);
  await clients.webmarketer.sendFine({
    eventType: 'order',
    nonce: randomUUID(),
    trackerId: `tracker-${user}`,
    data: { email, city: name, note: name },
  });
  const message = textMessage(`wamid.${user}`, phone.slice(1), Math.floor(at / 1000), {
    text: { body: `I am ${name}` },
  });
  const delivered = await clients.signals.deliver(delivery(message));
  assert.equal(delivered.status, 200, delivered.text);
  return customer.id;
}
