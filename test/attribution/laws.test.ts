import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { useApp } from '../helpers/app.ts';
import { verifyWorkspace } from '../helpers/derived.ts';
import fc from '../helpers/fast-check.ts';
import { type History, history, interleave, netOf } from './history.ts';
import {
  creditsBy,
  type ExpectedConversion,
  type Group,
  type Model,
  paidOrders,
  personOf,
  purchases,
  reportOf,
} from './oracle.ts';
import { type Enactment, fine, Shop } from './play.ts';

const test = await useApp();
const models: Model[] = ['first', 'last', 'last-non-direct', 'linear', 'position', 'time-decay'];
const groups: Group[] = ['campaign', 'channel', 'source', 'medium', 'api'];
const conversions = ['Paid', 'Bought'] as const;

interface Asked {
  readonly conversion: (typeof conversions)[number];
  readonly model: Model;
  readonly groupBy: Group;
  readonly dateOf: 'conversion' | 'touch';
}

const question: fc.Arbitrary<Asked> = fc.record({
  conversion: fc.constantFrom('Paid' as const, 'Paid' as const, 'Bought' as const),
  model: fc.constantFrom(...models),
  groupBy: fc.constantFrom(...groups),
  dateOf: fc.constantFrom('conversion' as const, 'touch' as const),
});

const day = 24 * 60 * 60_000;
/** Histories of these tests lie so far apart that no touch of one is near a conversion of another. */
const apart = 200 * day;
const firstBase = Date.UTC(2010, 0, 1);
let histories = 0;

for (const [currency, digits] of [
  ['EUR', 2],
  ['JPY', 0],
  ['KWD', 3],
] as const)
  describe(`of any history in ${currency}`, () => {
    let asItWas: Shop;
    let shuffled: Shop;

    before(async () => {
      asItWas = new Shop(test, await test.addWorkspace({ currency }));
      shuffled = new Shop(test, await test.addWorkspace({ currency }));
      await Promise.all([asItWas.open(), shuffled.open()]);
      await test.app.services.jobs.settle();
    });

    it('credit and money obey the laws', async () => {
      await fc.assert(
        fc.asyncProperty(history, fc.array(question, { minLength: 6, maxLength: 6 }), (whole, questions) =>
          obeysLaws(whole, questions),
        ),
        { numRuns: 4 },
      );
    });

    it('what is derived is verified, and equal when it is made anew', async () => {
      const question = {
        conversion: 'Paid',
        model: 'position',
        groupBy: 'channel',
        dateOf: 'touch',
      } as const;
      const last = firstBase + histories * apart;
      const span = spanOf(Math.max(firstBase, last - 9 * 365 * day), last);
      for (const shop of [asItWas, shuffled]) {
        await assertVerified(shop);
        const kept = figures(await report(shop, question, span));
        assert.ok(kept.rows.length > 0);
        fine(await shop.native.call('POST', '/rebuild'), 200);
        assert.deepEqual(figures(await report(shop, question, span)), kept);
        await assertVerified(shop);
      }
    });

    async function obeysLaws(whole: History, questions: readonly Asked[]): Promise<void> {
      const base = firstBase + histories++ * apart;
      const span = spanOf(base - 5 * day, base + 100 * day);
      const [one, other] = await Promise.all([asItWas.enact(base), shuffled.enact(base)]);
      const steps = interleave(one.stepsOf(whole), whole.orderSeeds[0]);
      const former: { asked: Asked; answer: Answer }[] = [];
      const takePlace = async () => {
        for (const [index, step] of steps.entries()) {
          await step();
          const isBetween = [1, 2].some((third) => index === Math.floor((third * steps.length) / 3));
          for (const asked of isBetween ? questions.slice(0, 2) : [])
            former.push({ asked, answer: await report(asItWas, asked, span) });
        }
      };
      const net = netOf(whole);
      const takePlaceShuffled = async () => {
        for (const step of interleave(other.stepsOf(net), whole.orderSeeds[1])) await step();
      };
      await Promise.all([takePlace(), takePlaceShuffled()]);
      for (const enactment of [one, other]) {
        if (whole.campaignDeleted) await enactment.deleteCampaign();
      }
      if (whole.customerDeleted) await one.deleteCustomer();
      const expected = { Paid: paidOrders(net, digits), Bought: purchases(net, digits) };
      for (const [shop, enactment] of [
        [asItWas, one],
        [shuffled, other],
      ] as const) {
        for (const asked of questions) {
          const all: readonly (ExpectedConversion | undefined)[] = expected[asked.conversion];
          const converted = all.filter((conversion) => conversion !== undefined);
          const answer = await report(shop, asked, span);
          assertReport(answer, converted, asked, whole.campaignDeleted, enactment);
          for (const interval of ['day', 'week', 'month'])
            assertDivided(await report(shop, asked, `${span}&interval=${interval}`), answer);
        }
        await assertCredits(shop, enactment, expected.Paid);
      }
      await one.erase('browser-0');
      const erased = personOf(net, 'browser-0');
      for (const asked of questions.slice(0, 2)) {
        const all: readonly (ExpectedConversion | undefined)[] = expected[asked.conversion];
        const left = all.filter((conversion) => conversion !== undefined && conversion.person !== erased);
        const converted = left.filter((conversion) => conversion !== undefined);
        assertReport(await report(asItWas, asked, span), converted, asked, whole.campaignDeleted, one);
      }
      for (const { asked, answer } of former) {
        const again = await report(asItWas, asked, span, answer.parameters.asOf);
        assert.deepEqual(figures(again), figures(answer), 'a report as of a seq is the same for ever');
      }
    }

    /** Of Webmarketer's orders, each by another model: every touch with its credit, or the rule that left it out. */
    async function assertCredits(
      shop: Shop,
      enactment: Enactment,
      expected: readonly (ExpectedConversion | undefined)[],
    ): Promise<void> {
      for (const [place, conversion] of expected.entries()) {
        const model = models[place % models.length] ?? 'linear';
        const path = `/conversions/${enactment.orderIds[place]}/credits?conversion=Paid&model=${model}`;
        const reply = await shop.native.call('GET', path);
        if (conversion === undefined) {
          assert.equal(reply.status, 404, reply.text);
          continue;
        }
        const { touches, unattributed } = fine(reply, 200).body;
        // What made somebody known is long before.
        const shown = touches.filter(({ at }: { at: string }) => at >= enactment.time(0));
        const credits = creditsBy(model, conversion);
        assert.deepEqual(
          shown.map(({ at, leftOut, credit }: { at: string; leftOut: string | null; credit: number }) => [
            at,
            leftOut,
            nearly(model, credit),
          ]),
          conversion.touches.map(({ touch, leftOut }, index) => [
            enactment.time(touch.at),
            leftOut,
            nearly(model, Number(credits[index] ?? 0n) / 1e9),
          ]),
        );
        const all = [...touches.map(({ credit }: { credit: number }) => credit), unattributed.conversions];
        assert.equal(
          all.reduce((sum: bigint, credit: number) => sum + BigInt(Math.round(credit * 1e9)), 0n),
          1_000_000_000n,
        );
      }
    }

    function assertReport(
      answer: Answer,
      converted: readonly ExpectedConversion[],
      { model, groupBy }: Asked,
      campaignDeleted: boolean,
      enactment: Enactment,
    ): void {
      const units = (value: { amount: number } | null) =>
        BigInt(Math.round((value?.amount ?? 0) * 10 ** digits));
      const credit = (conversions: number) => BigInt(Math.round(conversions * 1e9));
      const expected = reportOf(converted, model, groupBy, campaignDeleted);
      const rows = new Map(
        answer.rows.map(({ key, label, touches, people, conversions, value }) => {
          const name = groupBy === 'campaign' && !key?.startsWith('ad:') ? label : key;
          return [
            name === null ? '(none)' : enactment.slugOf(name),
            { touches, people, credit: credit(conversions), value: units(value) },
          ];
        }),
      );
      const sum = [
        ...rows.values(),
        { credit: credit(answer.unattributed.conversions), value: units(answer.unattributed.value) },
      ];
      const total = { credit: credit(answer.total.conversions), value: units(answer.total.value) };
      assert.equal(
        sum.reduce((partial, row) => partial + row.credit, 0n),
        total.credit,
      );
      assert.equal(
        sum.reduce((partial, row) => partial + row.value, 0n),
        total.value,
      );
      assert.equal(total.credit, BigInt(converted.length) * 1_000_000_000n, 'each conversion is there once');
      assert.equal(
        total.value,
        converted.reduce((partial, { value }) => partial + value, 0n),
        'all of its value is there',
      );
      assert.deepEqual([...rows.keys()].sort(), [...expected.rows.keys()].sort());
      for (const [key, row] of expected.rows) {
        // A double of the formula may round the last part of a credit otherwise than the product does.
        const slack = model === 'time-decay' ? BigInt(converted.length * 2) : 0n;
        const actual = rows.get(key) ?? assert.fail(key);
        assert.deepEqual([actual.touches, actual.people], [row.touches, row.people], key);
        assert.ok(
          absolute(actual.credit - row.credit) <= slack,
          `${key}: ${actual.credit}, not ${row.credit}`,
        );
        assert.ok(absolute(actual.value - row.value) <= slack, `${key}: ${actual.value}, not ${row.value}`);
      }
      assert.deepEqual(
        { credit: credit(answer.unattributed.conversions), value: units(answer.unattributed.value) },
        expected.unattributed,
      );
    }
  });

/** The intervals' rows come to the rows of all, and what each interval comes to is there. */
function assertDivided(divided: Answer, whole: Answer): void {
  const sumsOf = ({ rows, unattributed }: Pick<Answer, 'rows' | 'unattributed'>) => {
    const sums = new Map<string, [number, bigint, bigint]>();
    for (const { key, touches, conversions, value } of [
      ...rows,
      { key: 'unattributed', touches: 0, ...unattributed },
    ]) {
      const [count, credit, worth] = sums.get(`${key}`) ?? [0, 0n, 0n];
      const thousandths = BigInt(Math.round((value?.amount ?? 0) * 1000));
      const billionths = BigInt(Math.round(conversions * 1e9));
      sums.set(`${key}`, [count + touches, credit + billionths, worth + thousandths]);
    }
    return [...sums].filter(([, [touches, credit]]) => touches !== 0 || credit !== 0n).sort();
  };
  assert.deepEqual(sumsOf(divided), sumsOf(whole));
  const credited = (some: readonly Figures[]) =>
    some.reduce((sum, { conversions }) => sum + BigInt(Math.round(conversions * 1e9)), 0n);
  assert.equal(credited(divided.intervals.map(({ total }) => total)), credited([whole.total]));
  for (const row of whole.rows) {
    const parts = divided.rows.filter(({ key }) => key === row.key).map(({ people }) => people);
    assert.ok(Math.max(...parts) <= row.people && parts.reduce((sum, one) => sum + one, 0) >= row.people);
  }
}

interface Figures {
  readonly conversions: number;
  readonly value: { readonly amount: number } | null;
}

interface Answer {
  readonly parameters: { readonly asOf: number; readonly countedFrom: string };
  readonly rows: readonly (Figures & {
    readonly key: string | null;
    readonly label: string | null;
    readonly touches: number;
    readonly people: number;
  })[];
  readonly unattributed: Figures;
  readonly total: Figures;
  readonly intervals: readonly { readonly total: Figures }[];
}

function spanOf(since: number, until: number): string {
  const dayOf = (instant: number) => new Date(instant).toISOString().slice(0, 10);
  return `since=${dayOf(since)}&until=${dayOf(until)}`;
}

async function report(shop: Shop, asked: Asked, span: string, asOf?: number): Promise<Answer> {
  const query = new URLSearchParams({ ...asked }).toString();
  const seq = asOf === undefined ? '' : `&asOf=${asOf}`;
  const answer: Answer = fine(await shop.native.call('GET', `/attribution?${query}&${span}${seq}`), 200).body;
  assert.equal(answer.parameters.countedFrom, 'sums');
  return answer;
}

/** What a report counts; names may change. */
function figures({ rows, unattributed, total }: Answer) {
  return { rows: rows.map(({ label: _, ...row }) => row), unattributed, total };
}

function nearly(model: Model, credit: number): number {
  return model === 'time-decay' ? Math.round(credit * 1e7) : Math.round(credit * 1e9);
}

function absolute(number: bigint): bigint {
  return number < 0n ? -number : number;
}

async function assertVerified(shop: Shop): Promise<void> {
  const { checks } = await verifyWorkspace(test.database, shop.workspace.created.id);
  assert.deepEqual(
    checks.filter(({ ok }) => !ok),
    [],
  );
}
