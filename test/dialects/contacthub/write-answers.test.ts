import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { useApp } from '../../helpers/app.ts';
import fc from '../../helpers/fast-check.ts';
import { ContacthubClient, type Reply } from './client.ts';

const test = await useApp();
const client = new ContacthubClient(test);

const optional = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined, freq: 2 });

const bodies = fc.record({
  externalId: optional(fc.constantFrom('one', 'two', 'three')),
  base: fc.record({
    contacts: fc.record({
      email: fc.integer({ min: 1, max: 12 }).map((number) => `c${number}@x.example`),
      mobilePhone: optional(fc.constantFrom('+393331234567', '+393331234568')),
    }),
    firstName: optional(fc.constantFrom('Ann', 'Zoë', '')),
    subscriptions: optional(fc.constantFrom([{ subscribed: true, id: 'news', preferences: [] }], [])),
  }),
  extended: optional(
    fc.dictionary(
      fc.constantFrom('points', 'much', 'list', '__proto__'),
      fc.constantFrom(1, 1e25, 0.1, [], [2, 1]),
    ),
  ),
  tags: optional(fc.record({ auto: fc.subarray(['gold', 'web']), manual: fc.constant([]) })),
});
const sessions = optional(fc.constantFrom('s-1', 's-2'));
const writes = fc.array(
  fc.record({
    method: fc.constantFrom('POST', 'PATCH', 'PUT'),
    whom: fc.nat(),
    session: sessions,
    body: bodies,
  }),
  { minLength: 2, maxLength: 8 },
);

async function write(
  {
    method,
    whom,
    session,
    body,
  }: { method: string; whom: number; session?: string | undefined; body: object },
  known: readonly string[],
): Promise<Reply> {
  const id = known[whom % known.length];
  const query = session === undefined ? '' : `?sessionId=${session}`;
  if (method === 'POST' || id === undefined)
    return client.call('POST', `/customers${query}`, { nodeId: client.nodeId, ...body });
  return client.call(method === 'PUT' ? 'PUT' : 'PATCH', `/customers/${id}${query}`, body);
}

describe('the answer to a write of a customer', () => {
  it('is what the customer then shows, whatever was written and whoever became one by it', async () => {
    const known: string[] = [];
    await fc.assert(
      fc.asyncProperty(writes, async (all) => {
        for (const one of all) {
          const { status, body } = await write(one, known);
          if (status >= 400) continue;
          known.push(body.id);
          const shown = await client.call('GET', `/customers/${body.id}`);
          assert.deepEqual(body, shown.body);
        }
      }),
      { numRuns: 25 },
    );
    // The rest met a customer with the same address.
    assert.ok(known.length > 25, `${known.length} were taken`);
  });

  it('is of the writer’s own write where many write at once', async () => {
    const { id } = await client.create('many@x.example');
    const replies = await Promise.all(
      Array.from({ length: 16 }, (_, number) =>
        client.call('PATCH', `/customers/${id}`, { base: { firstName: `n${number}` } }),
      ),
    );
    for (const [number, { body }] of replies.entries()) assert.equal(body.base.firstName, `n${number}`);
    const versions = replies.map(({ body }) => body.version).sort((a, b) => a - b);
    assert.deepEqual(
      versions,
      Array.from({ length: 16 }, (_, number) => 2 + number),
    );
  });
});
