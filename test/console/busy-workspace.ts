import assert from 'node:assert/strict';
import { delivery, textMessage } from '../dialects/signals/client.ts';
import { field } from '../dialects/webmarketer/client.ts';
import { clientsOf } from '../erasure/person.ts';
import type { TestApp } from '../helpers/app.ts';
import { sendWebengage } from '../native/helpers.ts';

const hour = 60 * 60 * 1000;

const firstNames = [
  'Ada',
  'Grace',
  'Katherine',
  'Alan',
  'Radia',
  'Edsger',
  'Annie',
  'Dorothy',
  'José',
  'Layla',
  'Mei',
  'Iván',
];
const lastNames = [
  'Lovelace',
  'Hopper',
  'Johnson',
  'Turing',
  'Perlman',
  'Dijkstra',
  'Easley',
  'Vaughan',
  'Núñez',
  'محمد',
  '林',
  'Okafor',
];
const campaigns = ['spring-sale', 'newsletter', 'brand'];
const pages = ['pricing', 'docs', 'engines', 'contact'];

interface Somebody {
  readonly number: number;
  readonly user: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly phone: string;
}

function somebody(number: number): Somebody {
  const firstName = firstNames[number % firstNames.length] ?? '';
  const lastName = lastNames[(number * 5) % lastNames.length] ?? '';
  return {
    number,
    user: `user-${number}`,
    firstName,
    lastName,
    email: `person${number}@example.com`,
    // Of the range that France keeps for fiction.
    phone: `3363998${String(1000 + number)}`,
  };
}

export interface Busy {
  readonly people: number;
  /** Of the last day. */
  readonly hours: number;
  /** So many things happen at noon, and a few at night. */
  readonly atNoon: number;
}

/**
 * What a workspace holds after some hours with all APIs: people whom several of them know, visits of campaigns, orders, messages, and a few
 * bad events. The same each time but for the hour that it is.
 */
export async function fillWorkspace(test: TestApp, { people, hours, atNoon }: Busy): Promise<void> {
  const now = Date.now();
  test.time.now = now - (hours - 1) * hour;
  await defineOrder(test);
  await tellOfTheKnown(test);
  for (let back = hours - 1; back >= 0; back--) {
    const ofDay = new Date(now - back * hour).getUTCHours();
    const busy = 3 + Math.round((atNoon - 3) * Math.max(0, Math.sin(((ofDay - 5) / 16) * Math.PI)));
    for (let index = 0; index < busy; index++) {
      const number = ((hours - back) * 7 + index * 3) % people;
      test.time.now = now - back * hour - (busy - index) * 40_000;
      await act(test, somebody(number), (hours - back) * 100 + index);
    }
  }
  for (let turn = 0; turn < 12; turn++) {
    test.time.now = now - (12 - turn) * 5 * 60_000;
    await act(test, theKnown, 1_000_002 + turn);
  }
  await sendBadEvents(test);
  test.time.now = 0;
}

/** One person whom all APIs know, by address and number. */
const theKnown: Somebody = {
  number: 500,
  user: 'ada',
  firstName: 'Ada',
  lastName: 'Lovelace',
  email: 'ada@example.com',
  phone: '33639980815',
};

async function tellOfTheKnown(test: TestApp): Promise<void> {
  const { firstName, lastName, email, phone } = theKnown;
  const customer = await clientsOf(test).contacthub.create(email, {
    base: { firstName, lastName, contacts: { mobilePhone: `+${phone}` } },
    consents: { marketing: { automatic: { email: { status: true } } } },
  });
  await clientsOf(test).contacthub.view({ customerId: customer.id });
}

async function defineOrder(test: TestApp): Promise<void> {
  const { webmarketer } = clientsOf(test);
  await webmarketer.defineType('order', [
    field('user', 'email', 'email', { discriminant: true, isPii: true }),
    field('user', 'string', 'first_name', { optional: true }),
    field('user', 'string', 'last_name', { optional: true }),
    field('event', 'string', 'product', { optional: true }),
    field('statistic', 'currency', 'turnover', { optional: true }),
  ]);
  const body = { name: 'Orders', event: 'webmarketer:order', metric: 'turnover' };
  assert.equal((await test.native.call('POST', '/conversions', { body })).status, 201);
}

/** One of them does what comes next in turn. */
async function act(test: TestApp, one: Somebody, turn: number): Promise<void> {
  const clients = clientsOf(test);
  const page = pages[turn % pages.length] ?? '';
  const { user: userId, email, phone, firstName, lastName } = one;
  switch (turn % 6) {
    case 0:
      await sendWebengage(test, test.workspace, { userId, email, firstName, lastName });
      return sendWebengage(test, test.workspace, {
        userId,
        eventName: 'Signed up',
        eventData: { plan: 'analytical' },
      });
    case 1: {
      const campaign = campaigns[one.number % campaigns.length] ?? '';
      const url = `https://engines.example/${page}?utm_source=news&utm_medium=email&utm_campaign=${campaign}`;
      const body = { url, trackerId: `browser-${one.number}` };
      assert.equal((await test.native.call('POST', '/visits', { body })).status, 201);
      return sendWebengage(test, test.workspace, { userId, eventName: 'Viewed page', eventData: { page } });
    }
    case 2: {
      const reply = await clients.octeth.track({
        Event: 'newsletter-opened',
        Email: email,
        Properties: { page },
      });
      assert.equal(reply.status, 200, reply.text);
      return;
    }
    case 3: {
      const turnover = { amount: 40 + ((one.number * 17) % 200) + 0.5, currency: 'EUR' };
      const data = { email, first_name: firstName, last_name: lastName, product: 'Engine', turnover };
      await clients.webmarketer.sendFine({
        eventType: 'order',
        nonce: `order-${turn}`,
        trackerId: `browser-${one.number}`,
        data,
      });
      return;
    }
    case 4: {
      const message = textMessage(`wamid.${turn}`, phone, Math.floor(test.time.now / 1000), {
        text: { body: 'How much is an engine?' },
      });
      const reply = await clients.signals.deliver(delivery(message));
      assert.equal(reply.status, 200, reply.text);
      return;
    }
    default:
      await clients.contacthub.view(
        { session: `session-${one.number}` },
        { properties: { title: `About ${page}`, url: `https://engines.example/${page}` } },
      );
  }
}

/** Events that are kept whole in quarantine. */
async function sendBadEvents(test: TestApp): Promise<void> {
  const { webmarketer } = clientsOf(test);
  for (const [nonce, eventType] of [
    ['bad-1', 'ordr'],
    ['bad-2', 'ordr'],
    ['bad-3', 'refund'],
  ])
    await webmarketer.send({ eventType, nonce, data: { email: 'person1@example.com' } });
}
