import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { field, WebmarketerClient } from '../dialects/webmarketer/client.ts';
import { type TestWorkspace, useApp } from '../helpers/app.ts';
import { verifyWorkspace } from '../helpers/derived.ts';
import { ask, at } from '../helpers/native-client.ts';

/** Both ends of what is taken, the years that JavaScript's old reader takes for others, and days around New Year. */
const instants = [
  '0001-01-01T00:00:00.000Z',
  '0001-01-01T11:59:59.999Z',
  '0001-01-02T00:00:00.001Z',
  '0012-05-06T00:00:00.000Z',
  '0049-12-31T23:59:59.999Z',
  '0050-01-01T00:00:00.000Z',
  '0099-03-04T05:06:07.089Z',
  '0100-01-01T00:00:00.000Z',
  '1969-12-31T23:59:59.999Z',
  '9999-12-30T23:00:00.000Z',
  '9999-12-31T10:00:00.000Z',
  '9999-12-31T22:59:59.999Z',
  '9999-12-31T23:00:00.000Z',
  '9999-12-31T23:59:59.999Z',
];
/** The furthest from Greenwich, and the demo's. */
const zones = ['Pacific/Kiritimati', 'Pacific/Pago_Pago', 'Europe/Paris'];

const test = await useApp();

for (const timezone of zones)
  describe(`every instant of the years 1 to 9999, in ${timezone},`, () => {
    let workspace: TestWorkspace;
    let client: WebmarketerClient;
    const ids: string[] = [];

    before(async () => {
      workspace = await test.addWorkspace({ timezone });
      client = new WebmarketerClient(test, workspace);
      await client.defineType('deal', [
        field('user', 'email', 'email', { discriminant: true }),
        field('state', 'state', 'won', { optional: true }),
        field('statistic', 'currency', 'price', { optional: true }),
      ]);
      for (const eventDate of instants)
        ids.push(
          await client.sendFine({
            eventType: 'deal',
            nonce: eventDate,
            eventDate,
            data: { email: 'ever@example.com', price: { amount: 1.25, currency: 'USD' }, won: 1 },
          }),
        );
    });

    it('is read back as it was sent, to the millisecond', async () => {
      const { body } = await ask(test, 'GET', at(workspace, '/events?limit=100'));
      const events: { occurredAt: string; type: string }[] = body.events;
      assert.deepEqual(
        events.filter(({ type }) => type === 'deal').map(({ occurredAt }) => occurredAt),
        instants,
      );
      for (const [index, id] of ids.entries()) {
        const event = (await client.get(`/events/${id}`)).body;
        assert.equal(event.eventDate, instants[index]);
        const dates = event.metrics.map((metric: { data: { date: string } }) => metric.data.date);
        assert.deepEqual([...new Set(dates)], [instants[index]]);
      }
    });

    it('is counted by rollups that equal a rebuild', async () => {
      const failed = async () =>
        (await verifyWorkspace(test.database, workspace.created.id)).checks.filter(({ ok }) => !ok);
      assert.deepEqual(await failed(), []);
      const rebuilt = await ask(test, 'POST', at(workspace, '/rebuild'));
      assert.equal(rebuilt.status, 200, JSON.stringify(rebuilt.body));
      assert.deepEqual(await failed(), []);
    });

    it('is counted on its local day, at both ends of time', async () => {
      const dayOf = (instant: string) => {
        const { year, month, day } = Temporal.Instant.from(instant).toZonedDateTimeISO(timezone);
        const pad = (number: number, length: number) => String(number).padStart(length, '0');
        return `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`;
      };
      for (const [since, until] of [
        ['0001-01-01T00:00:00.000Z', '0001-12-31T23:59:59.999Z'],
        ['9999-01-01T00:00:00.000Z', '9999-12-31T23:59:59.999Z'],
      ] as const) {
        const question = { since, until, metrics: ['event-count'], groupBy: 'project' };
        const within = instants.filter((instant) => instant >= since && instant <= until);
        for (const [interval, length] of [
          ['day', -0],
          ['month', -3],
          ['year', -6],
        ] as const) {
          const reply = await client.request('POST', `/projects/${client.projectId}/events/insights`, {
            ...question,
            interval,
          });
          assert.equal(reply.status, 200, reply.text);
          const counted = reply.body.map((row: { interval: string; values: object }) => [
            row.interval,
            Object.values(row.values)[0],
          ]);
          const labels = Map.groupBy(within, (instant) => dayOf(instant).slice(0, length || undefined));
          assert.deepEqual(
            counted,
            [...labels].map(([label, { length: total }]) => [label, total]),
            reply.text,
          );
        }
      }
    });
  });
