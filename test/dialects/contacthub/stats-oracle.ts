import { localDayIn } from '../../../src/projections/rollups/buckets.ts';

/** An event as GET shows it, and to whose id or session it was sent. */
export interface SeenEvent {
  readonly id: string;
  readonly type: string;
  readonly context: string;
  readonly date: string;
  readonly registeredAt: string;
  readonly updatedAt: string;
  readonly version: number;
  readonly customerId: string | null;
  readonly properties: Record<string, ReturnType<typeof JSON.parse>>;
  readonly sentTo: string;
  readonly nodeId: string;
}

export interface SeenCustomer {
  readonly id: string;
  readonly nodeId: string;
  readonly registeredAt: string;
  readonly updatedAt: string;
  readonly base: {
    readonly contacts: { readonly email: string | null; readonly mobilePhone: string | null } | null;
  };
}

export interface Deletion {
  readonly what: 'customers' | 'events';
  readonly nodeId: string;
  readonly at: number;
}

/** All that there is, as the wire shows it, with what was deleted and the events of who was forgotten. */
export interface Seen {
  readonly events: readonly SeenEvent[];
  readonly customers: readonly SeenCustomer[];
  readonly deletions: readonly Deletion[];
}

export const instantOf = (date: string) => Date.parse(date.replace('+0000', 'Z'));

/** The days from one to another, both inclusive. */
export function daysBetween(first: string, last: string): string[] {
  const days: string[] = [];
  for (let day = Temporal.PlainDate.from(first); day.toString() <= last; day = day.add({ days: 1 }))
    days.push(day.toString());
  return days;
}

function firstDayOf(day: string, mode: string): string {
  const date = Temporal.PlainDate.from(day);
  if (mode === 'MONTHLY') return date.with({ day: 1 }).toString();
  return mode === 'WEEKLY' ? date.subtract({ days: date.dayOfWeek - 1 }).toString() : day;
}

/** Counts slowly, one thing after the other. Days are inclusive; `nodeId` undefined: all. */
export class SlowCount {
  readonly #seen: Seen;
  readonly #dayOf: (instant: number) => string;

  constructor(seen: Seen, timezone: string) {
    this.#seen = seen;
    this.#dayOf = localDayIn(timezone);
  }

  #dayOfText = (date: string) => this.#dayOf(instantOf(date));

  intervals(days: readonly string[], counted: readonly string[], mode = 'DAILY') {
    const values = new Map([...new Set(days.map((day) => firstDayOf(day, mode)))].map((day) => [day, 0]));
    for (const day of counted) {
      if (day < (days[0] ?? '') || day > (days.at(-1) ?? '')) continue;
      const interval = firstDayOf(day, mode);
      values.set(interval, (values.get(interval) ?? 0) + 1);
    }
    return [...values].map(([datetime, value]) => ({ datetime, value: String(value) }));
  }

  customers(nodeId?: string): SeenCustomer[] {
    return this.#seen.customers.filter((customer) => nodeId === undefined || customer.nodeId === nodeId);
  }

  channels(nodeId?: string) {
    const counts = { emailAndMobile: 0, emailOnly: 0, mobileOnly: 0, notReachable: 0 };
    for (const { base } of this.customers(nodeId)) {
      const [email, mobile] = [Boolean(base.contacts?.email), Boolean(base.contacts?.mobilePhone)];
      counts[
        email && mobile ? 'emailAndMobile' : email ? 'emailOnly' : mobile ? 'mobileOnly' : 'notReachable'
      ]++;
    }
    return Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, String(count)]));
  }

  updates(what: 'customers' | 'events', type: string, nodeId?: string): string[] {
    if (type === 'DELETED')
      return this.#seen.deletions
        .filter((one) => one.what === what && (nodeId === undefined || one.nodeId === nodeId))
        .map(({ at }) => this.#dayOf(at));
    const all = what === 'customers' ? this.customers(nodeId) : this.#eventsOf(nodeId);
    if (type === 'ADDED') return all.map(({ registeredAt }) => this.#dayOfText(registeredAt));
    return all.filter(isChanged).map(({ updatedAt }) => this.#dayOfText(updatedAt));
  }

  #eventsOf(nodeId?: string): SeenEvent[] {
    return this.#seen.events.filter((event) => nodeId === undefined || event.nodeId === nodeId);
  }

  #eventsIn(days: readonly string[], context: string, nodeId?: string): SeenEvent[] {
    return this.#eventsOf(nodeId).filter(
      (event) =>
        days.includes(this.#dayOfText(event.date)) && (context === 'ALL' || event.context === context),
    );
  }

  typesAndContexts(days: readonly string[], context: string, nodeId?: string): Record<string, string> {
    const counts: Record<string, number> = {};
    for (const event of this.#eventsIn(days, context, nodeId)) {
      const key = `${event.type} ${event.context}`;
      counts[key] = (counts[key] ?? 0) + 1;
    }
    return Object.fromEntries(Object.entries(counts).map(([key, count]) => [key, String(count)]));
  }

  categories(days: readonly string[], customerId: string, mode: string): Record<string, unknown> {
    const own = this.#eventsIn(days, 'ALL').filter((event) => event.customerId === customerId);
    const groups = Map.groupBy(own, ({ type }) => type);
    return Object.fromEntries(
      [...groups].map(([type, events]) => {
        const counted = events.map(({ date }) => this.#dayOfText(date));
        return [type, this.intervals(days, counted, mode)];
      }),
    );
  }

  orders(
    days: readonly string[],
    context: string,
    whose: { nodeId?: string | undefined; customerId?: string } = {},
  ) {
    const orders = this.#eventsIn(days, context, whose.nodeId).filter(
      ({ type, customerId }) =>
        type === 'completedOrder' && (whose.customerId === undefined || customerId === whose.customerId),
    );
    const bought = orders.filter(({ properties }) => properties.type !== 'return');
    const returned = orders.filter(({ properties }) => properties.type === 'return');
    const cents = (amount: number | undefined) => BigInt(Math.round((amount ?? 0) * 100));
    const total = ({ properties: { amount } }: SeenEvent) => cents(amount?.total ?? amount?.revenue);
    const revenue = ({ properties: { amount } }: SeenEvent) => cents(amount?.revenue ?? amount?.total);
    const magnitude = (value: bigint) => (value < 0n ? -value : value);
    const sum = (values: readonly bigint[]) => values.reduce((whole, part) => whole + part, 0n);
    const [turnover, back] = [sum(bought.map(total)), sum(returned.map((one) => magnitude(total(one))))];
    const earned = sum([...bought.map(revenue), ...returned.map((one) => -magnitude(revenue(one)))]);
    const products = bought.flatMap(({ properties }) => properties.products ?? []);
    return {
      purchases: String(bought.length),
      turnover: money(turnover),
      averagePurchase: money(bought.length === 0 ? 0n : divide(turnover, BigInt(bought.length))),
      returns: String(returned.length),
      returned: money(back),
      revenue: money(earned),
      products: String(
        products
          .filter((line: { type?: string }) => line.type !== 'return')
          .reduce((count: number, line: { quantity?: number }) => count + (line.quantity ?? 1), 0),
      ),
      returnRate: percent(returned.length, bought.length),
      spending: money(turnover - back),
      bought: bought.length,
    };
  }

  ecommerce(days: readonly string[], nodeId?: string): Record<string, string> {
    const events = this.#eventsIn(days, 'ECOMMERCE', nodeId);
    const of = (type: string) => events.filter((event) => event.type === type).length;
    const { purchases, turnover, averagePurchase, revenue, bought } = this.orders(days, 'ECOMMERCE', {
      nodeId,
    });
    const abandoned = of('abandonedCart');
    return {
      productViews: String(of('viewedProduct')),
      addedProducts: String(of('addedProduct')),
      removedProducts: String(of('removedProduct')),
      addedToWishlist: String(of('addedWishlist')),
      abandonedCarts: String(abandoned),
      purchases,
      turnover,
      averagePurchase,
      revenue,
      abandonmentRate: percent(abandoned, abandoned + bought),
    };
  }

  web(days: readonly string[], nodeId?: string): Record<string, string> {
    const events = this.#eventsIn(days, 'WEB', nodeId);
    const of = (type: string) => events.filter((event) => event.type === type);
    const views = of('viewedPage');
    const visits = [
      ...Map.groupBy(views, ({ date, sentTo }) => `${this.#dayOfText(date)} ${sentTo}`).values(),
    ];
    const bounces = visits.filter((visit) => visit.length === 1).length;
    return {
      pageViews: String(views.length),
      visits: String(visits.length),
      pagesPerVisit: visits.length === 0 ? '0.00' : (views.length / visits.length).toFixed(2),
      bounces: String(bounces),
      bounceRate: percent(bounces, visits.length),
      clickedLinks: String(of('clickedLink').length),
      searches: String(of('searched').length),
      forms: String(of('formCompiled').length),
      logins: String(of('loggedIn').length),
    };
  }
}

/** An event's version says so; a customer may be changed in the millisecond in which it is made, and is not told apart then. */
function isChanged(one: SeenEvent | SeenCustomer): boolean {
  return 'sentTo' in one ? one.version > 1 : one.updatedAt > one.registeredAt;
}

function percent(part: number, whole: number): string {
  return whole === 0 ? '0.00' : ((100 * part) / whole).toFixed(2);
}

/** Half away from zero. */
function divide(cents: bigint, by: bigint): bigint {
  const [magnitude, sign] = cents < 0n ? [-cents, -1n] : [cents, 1n];
  return sign * ((2n * magnitude + by) / (2n * by));
}

function money(cents: bigint): string {
  const digits = String(cents < 0n ? -cents : cents).padStart(3, '0');
  return `${cents < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
