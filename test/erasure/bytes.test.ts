import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, it } from 'node:test';
import { pino } from 'pino';
import { scrubEmbedded } from '../../src/store/backends/embedded.ts';
import { openDatabase } from '../../src/store/database.ts';
import { migrate } from '../../src/store/migrate.ts';
import { delivery, referralTo, textMessage } from '../dialects/signals/client.ts';
import { startTestApp, type TestApp } from '../helpers/app.ts';
import { verifyWorkspace } from '../helpers/derived.ts';
import { bob, clientsOf, defineOrder, tellOf } from './person.ts';

const logger = pino({ level: 'fatal' });
const dataDir = await mkdtemp(join(tmpdir(), 'tl-bytes-'));
// Else, as root, the server's account could not enter it.
await chmod(dataDir, 0o755);
after(() => rm(dataDir, { recursive: true, force: true }));

/** In every text that is planted, so that one search finds them all, in whatever case. */
const mark = 'Zq7x';
let planted = 0;
/** A text of its own that no normal form takes the mark out of, with what has to be escaped in it. */
const text = (more = '"é\\ü') => `${mark}${++planted}${more}`;
const email = `${mark}ada@${mark.toLowerCase()}é.example`;
const phone = '+33655501234';
const address = '203.0.113.77';

/** The ways in which a value can stand in a file. A letter of the mark is escaped in none of JSON and percent-encoding. */
const spellings = [
  ...[mark, mark.toLowerCase(), mark.toUpperCase()].map((value) => Buffer.from(value).toString('hex')),
  mark.toLowerCase(),
  ...[phone.slice(1), address].flatMap((value) => [value, Buffer.from(value).toString('hex')]),
];

/** The files of the data folder in which something of the person stands. */
async function search(): Promise<string[]> {
  const found: string[] = [];
  const entries = await readdir(dataDir, { recursive: true, withFileTypes: true });
  for (const entry of entries.filter((one) => one.isFile())) {
    const path = join(entry.parentPath, entry.name);
    const bytes = (await readFile(path)).toString('latin1').toLowerCase();
    for (const spelling of spellings) {
      const at = bytes.indexOf(spelling);
      if (at >= 0) found.push(`${path.slice(dataDir.length)}: ${bytes.slice(Math.max(0, at - 60), at + 60)}`);
    }
  }
  return found;
}

/** Fills what the vendors' wires have for somebody. Answers the customer's id. */
async function plant(test: TestApp): Promise<string> {
  const clients = clientsOf(test);
  const customer = await clients.contacthub.create(email, {
    externalId: text(),
    extra: text(),
    extended: { nickname: text() },
    tags: { manual: [text()], auto: [text()] },
    consents: { disclaimer: { date: null, version: text('') } },
    base: {
      pictureUrl: `https://a.example/${text('')}`,
      title: text(),
      firstName: text(),
      middleName: text(),
      lastName: text(),
      contacts: {
        fax: text(''),
        phone,
        otherContacts: [{ name: text(), type: 'EMAIL', value: text() }],
        mobileDevices: [{ identifier: text(), name: text(), type: 'IOS', notificationService: 'APN' }],
      },
      address: { street: text(), city: text(), country: text(), province: text(), zip: text('') },
      credential: { username: text(), password: text() },
      socialProfile: { facebook: text(), linkedin: text(), twitter: text() },
      likes: [{ id: text(''), category: text(), name: text(), createdTime: '2026-01-01T00:00:00.000+0000' }],
      jobs: [{ id: text(''), companyIndustry: text(), companyName: text(), jobTitle: text() }],
      educations: [{ id: text(''), schoolType: 'OTHER', schoolName: text(), schoolConcentration: text() }],
      subscriptions: [{ id: text(''), name: text(), subscribed: true, subscriberId: text() }],
    },
  });
  const session = text('');
  assert.equal(
    (await clients.contacthub.call('POST', `/customers/${customer.id}/sessions`, { value: session })).status,
    201,
  );
  await clients.contacthub.view(
    { customerId: customer.id },
    {
      properties: {
        title: text(),
        url: `https://a.example/${text('')}`,
        referer: `https://b.example/${text('')}`,
      },
      contextInfo: { client: { ip: address, userAgent: text() } },
    },
  );
  await clients.contacthub.view({ session }, { properties: { title: text() } });
  const patched = { base: { firstName: text() } };
  assert.equal((await clients.contacthub.call('PATCH', `/customers/${customer.id}`, patched)).status, 200);
  const bad = {
    customerId: customer.id,
    type: 'viewedPage',
    context: 'WEB',
    properties: { nothing: text(), url: 5 },
  };
  assert.equal((await clients.contacthub.call('POST', '/events', bad)).status, 400);
  await plantElsewhere(test);
  return customer.id;
}

async function plantElsewhere(test: TestApp): Promise<void> {
  const clients = clientsOf(test);
  const userId = text('');
  const user = {
    userId,
    email,
    phone,
    firstName: text(),
    lastName: text(),
    company: text(),
    attributes: { Nickname: text() },
  };
  const done = [
    await clients.webengage.call('/users', user),
    await clients.webengage.call('/events', {
      userId,
      eventName: 'Paid',
      eventData: { Note: text(), Of: { deep: [text()] } },
    }),
    await clients.webengage.call('/events', {
      anonymousId: text(''),
      userId,
      eventName: 'Seen',
      eventData: { Note: text() },
    }),
    await clients.octeth.track({
      Event: 'visited',
      Email: email,
      UUID: randomUUID(),
      Properties: { $url: `https://a.example/?q=${text('')}`, $title: text(), $ip: address, note: text() },
    }),
    await clients.webmarketer.send({
      eventType: 'order',
      nonce: randomUUID(),
      trackerId: text(''),
      data: { email, city: text(), note: text() },
    }),
    await clients.webmarketer.send({
      eventType: 'no-such',
      nonce: randomUUID(),
      trackerId: text(''),
      data: { email, odd: text() },
    }),
    await clients.signals.deliver(
      delivery(
        textMessage(`wamid.${text('')}`, phone.slice(1), Math.floor(Date.now() / 1000), {
          text: { body: text() },
          referral: { ...referralTo('12345'), headline: text(), ctwa_clid: text('') },
        }),
        {
          id: `wamid.${text('')}`,
          from: phone.slice(1),
          timestamp: 'never',
          type: 'text',
          text: { body: text() },
        },
      ),
    ),
  ];
  for (const reply of done) assert.ok(reply.status < 300, reply.text);
}

it('leaves no byte of an erased person in the data folder, once it is scrubbed', async () => {
  const database = await openDatabase({ dataDir, databaseUrl: undefined, databasePoolSize: 4 }, logger);
  await migrate(database);
  const test = await startTestApp({ database, environment: { THROUGHLINE_DATA_DIR: dataDir } });
  await defineOrder(test);
  const extendedProperties = { nickname: { type: 'string', indexed: true } };
  const dialects = { contacthub: { extendedProperties } };
  assert.equal((await test.native.call('PATCH', '', { body: { dialects } })).status, 200);
  const id = await plant(test);
  await tellOf(test, bob);
  // As autovacuum does by itself: samples of values go to the statistics.
  await test.database.query('analyze');
  assert.ok((await search()).length > 0);
  assert.ok((await test.store.quarantined()).length >= 3);
  const { status, body } = await test.native.call('POST', `/people/${id}/erase`);
  assert.equal(status, 200, JSON.stringify(body));
  assert.equal(body.finished, true);
  const { checks } = await verifyWorkspace(test.database, test.workspace.created.id);
  assert.deepEqual(
    checks.filter(({ ok }) => !ok),
    [],
  );
  await test.close();
  await scrubEmbedded({ dataDir, logger });
  assert.deepEqual(await search(), []);
  const again = await openDatabase({ dataDir, databaseUrl: undefined, databasePoolSize: 4 }, logger);
  const [kept] = await again.query<{ total: number }>(
    'select count(*) as total from event where properties::text <> $1',
    ['{}'],
  );
  await again.close();
  assert.equal(kept?.total, 7, 'of who was not erased');
});
