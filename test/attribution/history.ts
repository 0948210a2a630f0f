import fc from '../helpers/fast-check.ts';

/** Who can have touches: two browsers, two users of Webmarketer, a customer of Contacthub and a lead of Signals. */
export const actors = ['browser-0', 'browser-1', 'user-0', 'user-1', 'customer', 'lead'] as const;

export type Actor = (typeof actors)[number];

/** What a touch can be; by whom it can be depends on the API that tells of it. */
const kindsOf = {
  browser: ['spring', 'autumn', 'news', 'search', 'article', 'paypal', 'own-site', 'direct'],
  user: ['shop'],
  customer: ['mail-one', 'mail-two'],
  lead: ['ad-one', 'ad-two'],
} as const;

export type TouchKind = (typeof kindsOf)[keyof typeof kindsOf][number];

/** Times are minutes from the beginning of a history. */
export interface TouchFact {
  readonly actor: Actor;
  readonly kind: TouchKind;
  readonly at: number;
  /** Of a message of a campaign: when it was said to have been before it was changed, or null if it never was. */
  readonly saidBefore: number | null;
  /** Of a message of a campaign: whether it is deleted in the end. */
  readonly deleted: boolean;
}

/** An order of Webmarketer, which counts while it is paid. Amounts are in thousandths. */
export interface OrderFact {
  readonly actor: 'user-0' | 'user-1';
  readonly at: number;
  /** The turnover, as it was and became; null: none. */
  readonly turnovers: readonly (number | null)[];
  /** What the state `paid` became, one after the other. */
  readonly states: readonly { readonly paid: boolean; readonly at: number }[];
}

/** An order of Contacthub, which counts by itself. */
export interface PurchaseFact {
  readonly at: number;
  readonly returned: boolean;
  readonly amounts: readonly number[];
  readonly deleted: boolean;
}

export interface LinkFact {
  readonly first: Actor;
  readonly second: Actor;
  readonly undone: boolean;
}

export interface History {
  readonly touches: readonly TouchFact[];
  readonly orders: readonly OrderFact[];
  readonly purchases: readonly PurchaseFact[];
  readonly links: readonly LinkFact[];
  /** Whether the campaign of `autumn` is deleted in the end. */
  readonly campaignDeleted: boolean;
  /** Whether the customer is deleted in the end. */
  readonly customerDeleted: boolean;
  /** In which orders things are sent. */
  readonly orderSeeds: readonly [number, number];
}

const dayInMinutes = 24 * 60;
/** Few moments of few days: touches are often at the bound of a rule, repeat and meet, and a day is as long before as the lookback reaches. */
const momentOf = (...days: number[]) =>
  fc
    .tuple(fc.constantFrom(...days), fc.constantFrom(0, 1, 3))
    .map(([day, slot]) => day * dayInMinutes + 600 + slot * 10);
const touched = momentOf(0, 15, 30, 30);
const converted = momentOf(30, 30, 31);

const touchOf = (actor: Actor, kinds: readonly TouchKind[]) =>
  fc.record({
    actor: fc.constant(actor),
    kind: fc.constantFrom(...kinds),
    at: touched,
    saidBefore: actor === 'customer' ? fc.option(touched) : fc.constant(null),
    deleted: actor === 'customer' ? fc.nat({ max: 4 }).map((one) => one === 0) : fc.constant(false),
  });

/** Campaigns are the most, so that they repeat. */
const ofBrowsers = [...kindsOf.browser, 'spring', 'spring', 'spring', 'news'] as const;

const touch = fc.oneof(
  { weight: 4, arbitrary: touchOf('browser-0', ofBrowsers) },
  { weight: 4, arbitrary: touchOf('browser-1', ofBrowsers) },
  { weight: 1, arbitrary: touchOf('user-0', kindsOf.user) },
  { weight: 1, arbitrary: touchOf('user-1', kindsOf.user) },
  { weight: 2, arbitrary: touchOf('customer', kindsOf.customer) },
  { weight: 2, arbitrary: touchOf('lead', kindsOf.lead) },
);

/** Also such that are rounded, and whose thirds and sevenths are not whole. */
const amount = fc.oneof(
  fc.constantFrom(1000, 10_000, 4_000_000, 5, 10_005, 100_010, 2_675),
  fc.integer({ min: 1, max: 9_999_999 }),
);

const order: fc.Arbitrary<OrderFact> = fc.record({
  actor: fc.constantFrom('user-0' as const, 'user-1' as const),
  at: converted,
  turnovers: fc.array(
    fc.option(
      fc.oneof(
        amount,
        amount.map((one) => -one),
      ),
      { freq: 6 },
    ),
    { minLength: 1, maxLength: 2 },
  ),
  states: fc.array(fc.record({ paid: fc.nat({ max: 3 }).map((one) => one > 0), at: converted }), {
    minLength: 1,
    maxLength: 3,
  }),
});

const purchase = fc.record({
  at: converted,
  returned: fc.nat({ max: 3 }).map((one) => one === 0),
  amounts: fc.array(amount, { minLength: 1, maxLength: 2 }),
  deleted: fc.nat({ max: 4 }).map((one) => one === 0),
});

const link = fc
  .tuple(fc.constantFrom(...actors), fc.constantFrom(...actors), fc.nat({ max: 2 }))
  .filter(([first, second]) => first < second)
  .map(([first, second, undone]) => ({ first, second, undone: undone === 0 }));

const seldom = fc.nat({ max: 3 }).map((one) => one === 0);

export const history: fc.Arbitrary<History> = fc.record({
  touches: fc.array(touch, { minLength: 12, maxLength: 24 }),
  orders: fc.array(order, { minLength: 2, maxLength: 5 }),
  purchases: fc.array(purchase, { maxLength: 2 }),
  links: fc.uniqueArray(link, {
    selector: ({ first, second }) => `${first} ${second}`,
    minLength: 4,
    maxLength: 7,
  }),
  campaignDeleted: seldom,
  customerDeleted: seldom,
  orderSeeds: fc.tuple(fc.nat(), fc.nat()),
});

/** What is left of a history when all that was undone, changed or deleted had never been: each thing once, as it is in the end. */
export function netOf(whole: History): History {
  const isThere = (actor: Actor) => !(whole.customerDeleted && actor === 'customer');
  return {
    ...whole,
    touches: whole.touches
      .filter(({ actor, deleted }) => !deleted && isThere(actor))
      .map((one) => ({ ...one, saidBefore: null })),
    orders: whole.orders.map((one) => ({
      ...one,
      turnovers: one.turnovers.slice(-1),
      states: one.states.slice(-1),
    })),
    purchases: whole.purchases
      .filter(({ deleted }) => !deleted && isThere('customer'))
      .map((one) => ({ ...one, amounts: one.amounts.slice(-1) })),
    links: whole.links.filter(({ first, second, undone }) => !undone && isThere(first) && isThere(second)),
  };
}

/** Steps of several things, each thing's in their order, all in an order that a number makes. */
export function interleave<Step>(things: readonly (readonly Step[])[], from: number): Step[] {
  const random = mulberry(from);
  const turns = things
    .flatMap((steps, thing) => steps.map(() => ({ thing, place: random() })))
    .toSorted((one, other) => one.place - other.place);
  const taken = things.map(() => 0);
  return turns.flatMap(({ thing }) => things[thing]?.[taken[thing]!++] ?? []);
}

/** A small generator of numbers from 0 to 1 (mulberry32). */
function mulberry(from: number): () => number {
  let state = from >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
