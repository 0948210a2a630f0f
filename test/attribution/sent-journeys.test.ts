import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { removalEffectsByWalking } from '../core/attribution/markov-oracle.ts';
import { field, WebmarketerClient } from '../dialects/webmarketer/client.ts';
import { useApp } from '../helpers/app.ts';
import { readChannelJourneys } from './journeys.ts';
import { fine } from './play.ts';

const test = await useApp();
const webmarketer = new WebmarketerClient(test);

/** Every so manieth of the public journeys is sent: some 300 persons. */
const every = 80;
const day = 24 * 60 * 60_000;
const base = Date.UTC(2025, 0, 1, 12);
const span = 'since=2025-01-01&until=2025-12-31';
/** Of each order, in cents: prime, so that hardly anything divides. */
const turnover = 10_007;

interface Person {
  readonly channels: readonly string[];
  readonly orders: boolean;
}

/** One who ordered for each conversion, one who did not for each journey without, up to two of each. */
function somePersons(): Person[] {
  return readChannelJourneys()
    .filter((_, index) => index % every === 0)
    .flatMap(({ channels, conversions, nulls }) => [
      ...Array.from({ length: Math.min(conversions, 2) }, () => ({ channels, orders: true })),
      ...Array.from({ length: Math.min(nulls, 2) }, () => ({ channels, orders: false })),
    ]);
}

async function sendPerson({ channels, orders }: Person, number: number): Promise<void> {
  const { wmktId } = test.workspace.credentials.webmarketer;
  const trackerId = `browser-${number}`;
  for (const [place, channel] of channels.entries()) {
    const body = {
      url: `https://www.shop.example/?wmktid=${wmktId}&cid=${channel}`,
      trackerId,
      at: new Date(base + place * day).toISOString(),
    };
    fine(await test.native.call('POST', '/visits', { body }), 201);
  }
  if (!orders) return;
  const eventDate = new Date(base + channels.length * day).toISOString();
  const data = { email: `person-${number}@example.org`, turnover: turnover / 100 };
  await webmarketer.sendFine({ eventType: 'order', nonce: `order ${number}`, trackerId, eventDate, data });
}

describe('of public journeys that are sent as visits and orders', () => {
  const persons = somePersons();
  const converted = persons.filter(({ orders }) => orders);

  before(async () => {
    await webmarketer.defineType('order', [
      field('user', 'email', 'email', { discriminant: true }),
      field('statistic', 'currency', 'turnover', { optional: true }),
    ]);
    const body = { name: 'Orders', event: 'webmarketer:order', metric: 'turnover', lookbackDays: 365 };
    fine(await test.native.call('POST', '/conversions', { body }), 201);
    const waiting = persons.entries();
    const sendOneByOne = async () => {
      for (const [number, person] of waiting) await sendPerson(person, number);
    };
    await Promise.all(Array.from({ length: 20 }, sendOneByOne));
  });

  const shares: Record<string, (length: number) => number[]> = {
    first: (length) => only(0, length),
    last: (length) => only(length - 1, length),
    linear: (length) => Array<number>(length).fill(1 / length),
    position: (length) => {
      if (length < 3) return Array<number>(length).fill(1 / length);
      return Array.from({ length }, (_, place) =>
        place === 0 || place === length - 1 ? 0.4 : 0.2 / (length - 2),
      );
    },
  };

  for (const [model, sharesOf] of Object.entries(shares))
    it(`a report by ${model} gives what its definition gives`, async () => {
      const { rows, unattributed, total } = await report(model);
      const expected = new Map<string, number>();
      for (const { channels } of converted)
        for (const [place, share] of sharesOf(channels.length).entries()) {
          const channel = channels[place] ?? '';
          expected.set(channel, (expected.get(channel) ?? 0) + share);
        }
      const reached = new Set(converted.flatMap(({ channels }) => channels));
      assert.deepEqual(rows.map(({ label }) => label).sort(), [...reached].sort());
      for (const { label, conversions, value, touches, people } of rows) {
        const share = expected.get(label) ?? 0;
        assert.ok(Math.abs(conversions - share) < 1e-6, `${label}: ${conversions}, not ${share}`);
        // A cent of each order is given to one of those it does not divide among.
        assert.ok(Math.abs(value.amount * 100 - share * turnover) <= converted.length, label);
        const theirs = converted.map(
          ({ channels }) => channels.filter((channel) => channel === label).length,
        );
        assert.equal(
          touches,
          theirs.reduce((sum, times) => sum + times, 0),
        );
        assert.equal(people, theirs.filter((times) => times > 0).length);
      }
      assert.deepEqual([unattributed.conversions, unattributed.value.amount], [0, 0]);
      assertWhole(rows, total);
    });

  it('a report by markov gives what walking the chain without each campaign comes to', async () => {
    const body = {
      conversion: 'Orders',
      model: 'markov',
      groupBy: 'campaign',
      since: '2025-01-01',
      until: '2025-12-31',
    };
    const asked = await test.native.call('POST', '/attribution/models', { body });
    assert.ok([200, 201, 202].includes(asked.status), asked.text);
    await test.app.services.jobs.settle();
    const { rows, total } = await report('markov');
    const effects = removalEffectsByWalking(
      persons.map(({ channels, orders }) => ({
        keys: channels,
        conversions: orders ? 1 : 0,
        nulls: orders ? 0 : 1,
      })),
    );
    const sum = [...effects.values()].reduce((partial, effect) => partial + effect, 0);
    const shown = new Map(rows.map(({ label, conversions }) => [label, conversions]));
    for (const [channel, effect] of effects) {
      const expected = (effect / sum) * converted.length;
      assert.ok(Math.abs((shown.get(channel) ?? 0) - expected) < 1e-6, `${channel}: ${shown.get(channel)}`);
    }
    assertWhole(rows, total);
  });

  async function report(model: string): Promise<Answer> {
    const path = `/attribution?conversion=Orders&model=${model}&groupBy=campaign&${span}`;
    return fine(await test.native.call('GET', path), 200).body;
  }

  function assertWhole(rows: readonly Row[], total: Figures): void {
    const sum = (of: (row: Row) => number) => rows.reduce((partial, row) => partial + Math.round(of(row)), 0);
    assert.equal(
      sum(({ conversions }) => conversions * 1e9),
      converted.length * 1e9,
    );
    assert.equal(
      sum(({ value }) => value.amount * 100),
      converted.length * turnover,
    );
    assert.equal(total.conversions, converted.length);
    assert.equal(Math.round(total.value.amount * 100), converted.length * turnover);
  }
});

interface Figures {
  readonly conversions: number;
  readonly value: { readonly amount: number };
}

interface Row extends Figures {
  readonly label: string;
  readonly touches: number;
  readonly people: number;
}

interface Answer {
  readonly rows: readonly Row[];
  readonly unattributed: Figures;
  readonly total: Figures;
}

function only(index: number, length: number): number[] {
  return Array.from({ length }, (_, place) => (place === index ? 1 : 0));
}
