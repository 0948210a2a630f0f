import type { Actor, History, TouchFact, TouchKind } from './history.ts';

export type Model = 'first' | 'last' | 'last-non-direct' | 'linear' | 'position' | 'time-decay';
export type Group = 'campaign' | 'channel' | 'source' | 'medium' | 'api';

const minutesOfDay = 24 * 60;
const billion = 1_000_000_000n;

/** What each kind of touch is, as docs/attribution.md and the APIs' pages say it. */
interface Looks {
  readonly api: string;
  readonly channel: string;
  /** What a report by campaign calls it. */
  readonly campaign: string | null;
  readonly source: string | null;
  readonly medium: string | null;
  /** Touches of one of these within half an hour are one. */
  readonly same: string | null;
  readonly comesBack: boolean;
  /** Among touches of one moment: by API, channel, utm source and medium, campaign as it was named, ad, referrer and page. */
  readonly said: readonly (string | null)[];
}

const page = 'www.shop.example';

function visit(channel: string, more: Partial<Looks> & { name?: string; referrer?: string }): Looks {
  const { name = null, referrer = null, source = null, medium = null, ...rest } = more;
  const said = ['webmarketer', channel, source, medium, name, null, referrer, page];
  return {
    api: 'webmarketer',
    channel,
    campaign: null,
    source,
    medium,
    same: null,
    comesBack: false,
    said,
    ...rest,
  };
}

export const looks: Readonly<Record<TouchKind, Looks>> = {
  spring: visit('custom-ads', { campaign: 'spring', name: 'spring', same: 'spring' }),
  autumn: visit('custom-ads', { campaign: 'autumn', name: 'autumn', same: 'autumn' }),
  news: visit('email', { source: 'news', medium: 'email', name: 'june', same: 'june' }),
  search: visit('organic-search', { referrer: 'www.google.com' }),
  article: visit('referral', { referrer: 'blog.example' }),
  paypal: visit('referral', { referrer: 'www.paypal.com', comesBack: true }),
  'own-site': visit('referral', { referrer: 'help.shop.example', comesBack: true }),
  direct: visit('direct', {}),
  shop: {
    ...visit('offline', { same: 'shop' }),
    said: ['webmarketer', 'offline', null, null, null, null, null, null],
  },
  'mail-one': mail('mail-one'),
  'mail-two': mail('mail-two'),
  'ad-one': ad('23850000000000001'),
  'ad-two': ad('23850000000000002'),
};

function mail(name: string): Looks {
  const said = ['contacthub', 'email', null, null, name, null, null, null];
  return { ...visit('email', { same: name }), api: 'contacthub', said };
}

function ad(id: string): Looks {
  const said = ['signals', 'paid-social', null, null, null, id, null, null];
  return { ...visit('paid-social', { campaign: `ad:${id}`, same: id }), api: 'signals', said };
}

export interface JudgedFact {
  readonly touch: TouchFact;
  readonly leftOut: string | null;
}

export interface ExpectedConversion {
  readonly person: string;
  readonly at: number;
  /** In minor units. */
  readonly value: bigint;
  readonly touches: readonly JudgedFact[];
}

/** Half of a unit is rounded away from zero; amounts are thousandths. */
export function inMinorUnits(amount: number, digits: number): bigint {
  const unit = 10 ** (3 - digits);
  const rounded = Math.floor(Math.abs(amount) / unit + 0.5);
  return BigInt(amount < 0 ? -rounded : rounded);
}

/** The orders of Webmarketer that are paid in the end, by their place in the history; undefined: not paid. */
export function paidOrders(net: History, digits: number): (ExpectedConversion | undefined)[] {
  return net.orders.map(({ actor, turnovers, states }) => {
    const state = states.at(-1);
    if (!state?.paid) return undefined;
    return convert(net, actor, state.at, inMinorUnits(turnovers.at(-1) ?? 0, digits));
  });
}

export function purchases(net: History, digits: number): ExpectedConversion[] {
  return net.purchases.map(({ at, returned, amounts }) => {
    const amount = amounts.at(-1) ?? 0;
    return convert(net, 'customer', at, inMinorUnits(returned ? -amount : amount, digits));
  });
}

function convert(net: History, actor: Actor, at: number, value: bigint): ExpectedConversion {
  const person = personOf(net, actor);
  const touches = net.touches.filter((touch) => personOf(net, touch.actor) === person);
  return { person, at, value, touches: judge(touches, at) };
}

/** Links joined until nothing joins any more: the first actor of the person. */
export function personOf(net: History, actor: Actor): string {
  const person = new Set([actor]);
  for (let size = 0; size !== person.size; ) {
    size = person.size;
    for (const { first, second } of net.links)
      if (person.has(first) || person.has(second)) person.add(first).add(second);
  }
  return [...person].sort()[0] ?? actor;
}

/** The rules as docs/attribution.md tells them, by comparing each with each. */
function judge(touches: readonly TouchFact[], convertedAt: number): JudgedFact[] {
  const inOrder = touches.toSorted((one, other) => one.at - other.at || compareSaid(one.kind, other.kind));
  const verdicts = new Map<TouchFact, string | null>();
  const counting = () => inOrder.filter((touch) => verdicts.get(touch) === null);
  for (const touch of inOrder) {
    const { same, comesBack } = looks[touch.kind];
    const isRepeat = counting().some(
      (other) => same !== null && looks[other.kind].same === same && touch.at - other.at <= 30,
    );
    const verdict =
      touch.at > convertedAt
        ? 'after-conversion'
        : touch.at < convertedAt - 30 * minutesOfDay
          ? 'before-lookback'
          : comesBack
            ? 'excluded-referrer'
            : isRepeat
              ? 'same-campaign'
              : null;
    verdicts.set(touch, verdict);
  }
  if (counting().some(({ kind }) => kind !== 'direct'))
    for (const touch of counting()) if (touch.kind === 'direct') verdicts.set(touch, 'direct-beside-others');
  return inOrder.map((touch) => ({ touch, leftOut: verdicts.get(touch) ?? null }));
}

function compareSaid(one: TouchKind, other: TouchKind): number {
  const [left, right] = [JSON.stringify(looks[one].said), JSON.stringify(looks[other].said)];
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Each touch's credit in billionths; of those that are left out 0. */
export function creditsBy(model: Model, { at, touches }: ExpectedConversion): bigint[] {
  const path = touches.filter(({ leftOut }) => leftOut === null);
  const shares = handOut(
    billion,
    weights(
      model,
      path.map(({ touch }) => touch),
      at,
    ),
  );
  return touches.map((touch) => (touch.leftOut === null ? (shares[path.indexOf(touch)] ?? 0n) : 0n));
}

function weights(model: Model, path: readonly TouchFact[], convertedAt: number): number[] {
  const last = path.length - 1;
  const only = (index: number) => path.map((_, place) => (place === index ? 1 : 0));
  switch (model) {
    case 'first':
      return only(0);
    case 'last':
      return only(last);
    case 'last-non-direct': {
      const named = path.findLastIndex(({ kind }) => kind !== 'direct');
      return only(named === -1 ? last : named);
    }
    case 'linear':
      return path.map(() => 1);
    case 'position':
      if (path.length < 3) return path.map(() => 1);
      return path.map((_, place) => (place === 0 || place === last ? 2 * (path.length - 2) : 1));
    case 'time-decay':
      // So many parts that what is left over of a double tells nothing any more.
      return path.map(({ at }) => Math.round(2 ** 50 * 0.5 ** ((convertedAt - at) / (7 * minutesOfDay))));
  }
}

/** Whole parts first, and what is left one by one to whom the most is missing, of equals to the earlier. */
export function handOut(total: bigint, by: readonly (number | bigint)[]): bigint[] {
  const whole = by.map(BigInt);
  const sum = whole.reduce((partial, weight) => partial + weight, 0n);
  const sign = total < 0n ? -1n : 1n;
  const quotas = whole.map((weight) => weight * total * sign);
  const shares = quotas.map((quota) => quota / sum);
  const missing = quotas
    .map((quota, place) => ({ place, missing: quota % sum }))
    .sort((one, other) =>
      one.missing > other.missing ? -1 : one.missing < other.missing ? 1 : one.place - other.place,
    );
  let left = total * sign - shares.reduce((partial, share) => partial + share, 0n);
  for (const { place } of missing) {
    if (left === 0n) break;
    shares[place] = (shares[place] ?? 0n) + 1n;
    left--;
  }
  return shares.map((share) => share * sign);
}

export interface ExpectedRow {
  touches: number;
  people: number;
  credit: bigint;
  value: bigint;
}

export interface ExpectedReport {
  readonly rows: ReadonlyMap<string, ExpectedRow>;
  readonly unattributed: { credit: bigint; value: bigint };
}

export function groupOf(group: Group, kind: TouchKind, campaignDeleted: boolean): string | null {
  if (group !== 'campaign') return looks[kind][group];
  return campaignDeleted && kind === 'autumn' ? null : looks[kind].campaign;
}

/** A report over all of a history, by group; those of none are under `(none)`. */
export function reportOf(
  conversions: readonly ExpectedConversion[],
  model: Model,
  group: Group,
  campaignDeleted: boolean,
): ExpectedReport {
  const rows = new Map<string, ExpectedRow & { persons: Set<string> }>();
  const unattributed = { credit: 0n, value: 0n };
  for (const conversion of conversions) {
    const credits = creditsBy(model, conversion);
    if (conversion.touches.every(({ leftOut }) => leftOut !== null)) {
      unattributed.credit += billion;
      unattributed.value += conversion.value;
      continue;
    }
    const values = handOut(conversion.value, credits);
    for (const [place, { touch, leftOut }] of conversion.touches.entries()) {
      if (leftOut !== null) continue;
      const key = groupOf(group, touch.kind, campaignDeleted) ?? '(none)';
      const row = rows.get(key) ?? {
        touches: 0,
        people: 0,
        credit: 0n,
        value: 0n,
        persons: new Set<string>(),
      };
      row.touches++;
      row.credit += credits[place] ?? 0n;
      row.value += values[place] ?? 0n;
      row.people = row.persons.add(conversion.person).size;
      rows.set(key, row);
    }
  }
  return {
    rows: new Map([...rows].map(([key, { persons: _, ...row }]) => [key, row])),
    unattributed,
  };
}
