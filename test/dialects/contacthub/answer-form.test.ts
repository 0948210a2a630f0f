import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readEvent, updateEvent } from '../../../src/core/event/event-store.ts';
import { attributeValues } from '../../../src/core/profile/attributes.ts';
import { isRecord } from '../../../src/core/value/text.ts';
import { formatVendorDate } from '../../../src/dialects/contacthub/documents/dates.ts';
import { readRecord, type ShownRecord } from '../../../src/dialects/contacthub/query/record.ts';
import {
  customerDefaults,
  customerShape,
  type Shape,
} from '../../../src/dialects/contacthub/rules/customer-shape.ts';
import { wholeItems } from '../../../src/dialects/contacthub/rules/list-items.ts';
import { ExactNumber } from '../../../src/json/exact-number.ts';
import { useApp } from '../../helpers/app.ts';
import { bearer, inject } from '../../helpers/vendor-client.ts';
import { ContacthubClient } from './client.ts';

const test = await useApp({ freshWorkspace: true });
const client = new ContacthubClient(test);

/** The answer's very text. */
async function textOf(path: string, token = client.credentials.contacthub.token): Promise<string> {
  const url = `/hub/v1/workspaces/${client.credentials.contacthub.workspaceId}${path}`;
  const reply = await inject(test, { method: 'GET', url, headers: bearer(token) });
  assert.equal(reply.status, 200, reply.text);
  assert.equal(reply.headers['content-type'], 'application/json; charset=utf-8');
  return reply.text;
}

const database = () => test.app.services.database;
const workspaceId = () => client.workspace.created.id;

/** An event put together member by member and written by JSON.stringify. */
async function eventText(id: string, customerId: string | null, origin = 'NATIVE'): Promise<string> {
  const event = await readEvent(database(), workspaceId(), id);
  assert.ok(event);
  const detail = event.detail ?? {};
  return JSON.stringify({
    id,
    customerId,
    bringBackProperties: detail.bringBackProperties ?? null,
    type: 'viewedPage',
    context: event.context,
    contextInfo: detail.contextInfo ?? {},
    properties: event.properties,
    tracking: detail.tracking ?? null,
    date: formatVendorDate(event.occurredAt),
    origin,
    registeredAt: formatVendorDate(event.receivedAt),
    updatedAt: formatVendorDate(event.updatedAt ?? event.receivedAt),
    version: event.version,
  });
}

/** The same of a customer. */
function customerText(record: ShownRecord): string {
  const values = attributeValues(Object.assign({}, ...record.profiles.map(({ attributes }) => attributes)));
  const { externalId, ...parts } = nest(customerShape, values, '') as Record<string, unknown>;
  return JSON.stringify({
    id: record.id,
    intId: record.createdSeq,
    externalId,
    nodeId: client.nodeId,
    ...parts,
    registeredAt: formatVendorDate(record.createdAt),
    updatedAt: formatVendorDate(record.updatedAt),
    version: record.version,
    deleted: 0,
    sourceInfo: {
      registeredBy: values['sourceInfo.registeredBy'] ?? null,
      updatedBy: values['sourceInfo.updatedBy'] ?? null,
    },
  });
}

function nest(shape: Shape, values: Readonly<Record<string, unknown>>, path: string): unknown {
  if (shape === 'value') return values[path] ?? customerDefaults[path] ?? null;
  if (shape === 'list') return wholeItems(path, values[path] ?? []);
  if (shape === 'open') {
    const open = Object.entries(values).filter(([name]) => name.startsWith(`${path}.`));
    const members = Object.fromEntries(open.map(([name, value]) => [name.slice(path.length + 1), value]));
    return Object.values(members).every(isNothing) ? null : members;
  }
  const inner = Object.entries(shape).map(([name, member]): [string, unknown] => [
    name,
    nest(member, values, path === '' ? name : `${path}.${name}`),
  ]);
  const isKept = path === '' || path === 'base' || inner.some(([, member]) => !isNothing(member));
  return isKept ? Object.fromEntries(inner) : null;
}

function isNothing(value: unknown): boolean {
  return value === null || (Array.isArray(value) && value.length === 0);
}

const plainText = 'quote " backslash \\ {brace] , : é 日本 \u2028 \u{1f600}';
const oddText = `${plainText} \u001d \u001e \u0001 \n`;

describe('an event has one form, to the byte', () => {
  it('in GET, in a search and in the stream, whatever it holds', async () => {
    const ann = await client.create('ann@example.com');
    const written = [
      await client.view({ customerId: ann.id }),
      await client.view(
        { customerId: ann.id },
        {
          properties: { title: oddText, url: 'https://example.com/?a=1,2' },
          contextInfo: { client: { userAgent: oddText, ip: '192.0.2.1' } },
          tracking: { ga: { utm_source: oddText, utm_medium: 'm', utm_campaign: '[}' } },
          date: '2026-02-03T04:05:06.7+0100',
        },
      ),
    ];
    const found: string[] = [];
    for (const id of written) {
      const expected = await eventText(id, ann.id);
      assert.equal(await textOf(`/events/${id}`), expected);
      found.push(expected);
    }
    const page = await textOf(`/events?customerId=${ann.id}&size=10&sort=date,desc`);
    const elements = JSON.parse(page).elements as { id: string }[];
    const inOrder = elements.map(({ id }) => found.find((text) => text.includes(id)));
    assert.ok(page.endsWith(`"elements":[${inOrder.join(',')}]}`), page);
    const updates = await textOf('/updates?entity=EVENT', client.credentials.contacthub.adminToken);
    const told = found.map((data) => `{"operation":"CREATE","entity":{"type":"EVENT","data":${data}}}`);
    assert.equal(updates, `{"nextOffset":3,"updates":[${told.join(',')}]}`);
  });

  it('with the neighbours behind it, and a session’s before and after it is bound', async () => {
    const first = await client.view({ session: 's' });
    const second = await client.view({ session: 's' });
    assert.equal(await textOf(`/events/${first}`), await eventText(first, null));
    const ann = await client.create('ann@example.com');
    await client.call('POST', `/customers/${ann.id}/sessions`, { value: 's' });
    const expected = await eventText(first, ann.id, 'DUPLICATE');
    assert.equal(await textOf(`/events/${first}`), expected);
    const neighbours = `,"prev":null,"next":"${second}"}`;
    assert.equal(await textOf(`/events/${first}?nav=CUSTOMER`), expected.slice(0, -1) + neighbours);
  });

  it('with the digits of numbers that no double holds, and after it was changed', async () => {
    const ann = await client.create('ann@example.com');
    const id = await client.view({ customerId: ann.id });
    const properties = { title: 'x', n: new ExactNumber('9007199254740993'), m: 1e-7 };
    const content = { occurredAt: 0, context: null, properties, detail: null };
    await updateEvent(database(), workspaceId(), id, content, new Date(0));
    assert.ok(
      (await textOf(`/events/${id}`)).includes('"properties":{"title":"x","n":9007199254740993,"m":1e-7}'),
    );
    const changed = await client.call('PATCH', `/events/${id}`, {
      date: '2026-02-03T04:05:06.007Z',
    });
    assert.equal(changed.status, 202, JSON.stringify(changed.body));
    assert.equal(await textOf(`/events/${id}`), await eventText(id, ann.id));
    assert.equal(changed.body.version, 3);
  });
});

describe('a customer has one form, to the byte', () => {
  it('in GET, in a search and in the stream, whatever it holds', async () => {
    const bare = await client.create('bare@example.com');
    const full = await client.create('full@example.com', {
      externalId: plainText,
      base: {
        firstName: 'A "quoted" name',
        dob: '1980-02-29',
        likes: [],
        jobs: [{ id: 'j', companyName: '{,}' }],
      },
      extended: { b: 1.5, 10: 'ten', 2: [], 'a.b': { c: [1, null] } },
      consents: { marketing: { automatic: { sms: { status: true } } } },
      tags: { manual: ['vip'] },
      enabled: false,
    });
    const texts: string[] = [];
    for (const { id } of [bare, full]) {
      const record = await readRecord(database(), workspaceId(), id);
      assert.ok(record);
      texts.push(customerText(record));
      assert.equal(await textOf(`/customers/${id}`), texts.at(-1));
    }
    const page = await textOf(`/customers?nodeId=${client.nodeId}&sort=registeredAt,asc`);
    assert.ok(page.endsWith(`"elements":[${texts.join(',')}]}`), page);
    const updates = await textOf('/updates', client.credentials.contacthub.adminToken);
    const told = texts.map((data) => `{"operation":"CREATE","entity":{"type":"CUSTOMER","data":${data}}}`);
    assert.equal(updates, `{"nextOffset":2,"updates":[${told.join(',')}]}`);
    const selected = JSON.parse(
      await textOf(`/customers?nodeId=${client.nodeId}&fields=base.dob&externalId=`),
    );
    assert.ok(selected.elements.every((one: unknown) => isRecord(one) && 'base' in one));
  });
});
