import fc from '../../helpers/fast-check.ts';

const firstNames = [
  ...['Ann', 'ann', 'Ann Marie', ' Ann', '', ' ', 'Bob', 'Łukasz', '1', '10', 'null', 'a\nb', '\u200b'],
  // What patterns, texts of lists and of JSON are made of.
  ...['50%_x', '%', '*', '_', 'back\\slash', "quo'te", 'dou"ble', '{a,b}'],
  // In two forms, or with two other cases.
  ...['Zoë', 'é', 'e\u0301', 'É', 'İ', 'i̇', 'ß', 'SS', 'ΑΣ', 'ας', 'Ａnn', '😀', '\uffff'],
];
const cities = ['Milano', 'milano', 'Roma', 'Paris', '', 'São', 'Sa\u0303o', 'x'.repeat(255)];
const tags = ['gold', 'web', 'vip', 'a"b', 'a,b', '{}', 'NULL', 'a\\', ' a', 'GOLD'];
const days = [
  '1970-01-01',
  '1980-05-05',
  '1990-12-31',
  '1969-12-31',
  '0001-01-01',
  '2000-02-29',
  '9999-12-31',
];
const points = [0, 5, 10.5, -3, -0.5, 0.1, 0.30000000000000004, 1e21, 1e-7, 9007199254740991, 1e300, 5e-324];
const dates = [
  '2026-01-01T00:00:00.000Z',
  '2026-01-15T12:00:00.000Z',
  '2026-01-15T23:59:59.999Z',
  '2026-02-01T00:00:00.000Z',
  '2025-12-31T23:59:59.999Z',
  '1969-12-31T23:59:59.999Z',
  '0001-01-01T00:00:00.000Z',
  '9999-12-31T23:59:59.999Z',
];

const optional = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined, freq: 2 });
const few = (values: readonly string[]) => fc.subarray([...values], { maxLength: 2 });

export const customers = fc.record({
  externalId: optional(fc.constantFrom('e1', 'e2')),
  enabled: optional(fc.boolean()),
  base: fc.record({
    firstName: optional(fc.constantFrom(...firstNames)),
    lastName: optional(fc.constantFrom('Rossi', 'Verdi')),
    dob: optional(fc.constantFrom(...days)),
    address: optional(
      fc.record({ city: optional(fc.constantFrom(...cities)), country: fc.constantFrom('IT', 'FR') }),
    ),
    jobs: optional(
      fc.constantFrom([{ id: '1', companyName: 'Acme' }], [{ id: '2', companyName: 'Beta' }, { id: '3' }]),
    ),
    subscriptions: optional(
      fc.constantFrom(
        [{ id: 'news', subscribed: true }],
        [
          { id: 'news', subscribed: false },
          { id: 'sport', subscribed: true },
        ],
      ),
    ),
  }),
  consents: optional(
    fc.record({
      marketing: fc.record({ automatic: fc.record({ email: fc.record({ status: fc.boolean() }) }) }),
    }),
  ),
  extended: optional(
    fc.record({
      points: optional(fc.constantFrom(...points)),
      tier: optional(fc.constantFrom('gold', 'silver')),
      vip: optional(fc.boolean()),
      labels: optional(few(tags)),
      shared: optional(few(tags)),
      note: optional(fc.constantFrom('a', 'b')),
      old: optional(fc.constantFrom('x', 'y')),
    }),
  ),
  tags: optional(fc.record({ auto: few(tags), manual: few(tags) })),
});

export const events = fc.record({
  date: fc.constantFrom(...dates),
  context: fc.constantFrom('WEB', 'MOBILE'),
  event: fc.oneof(
    fc.record({
      type: fc.constant('viewedPage'),
      properties: fc.record({ title: fc.constantFrom('Home', 'Shop'), pageTags: few(tags) }),
    }),
    fc.record({
      type: fc.constant('completedOrder'),
      properties: fc.record({
        orderId: fc.constantFrom('o1', 'o2'),
        amount: fc.record({ total: fc.constantFrom(10, 20.5) }),
      }),
    }),
  ),
  tracking: optional(fc.constantFrom({ ga: { utm_source: 'google' } }, { ga: { utm_source: 'news' } })),
});

/** Attributes with values that somebody may have. */
export const attributes: Readonly<Record<string, readonly (string | number | boolean)[]>> = {
  'base.firstName': firstNames,
  'base.lastName': ['Rossi', 'Verdi', 'Nobody'],
  'base.dob': days,
  'base.address.city': cities,
  'base.address.country': ['IT', 'FR'],
  'base.contacts.email': ['p1@x.example', 'P1@x.example', 'p2@x.example'],
  externalId: ['e1', 'e2'],
  enabled: [true, false],
  'tags.auto': tags,
  'tags.manual': tags,
  'base.subscriptions.id': ['news', 'sport'],
  'base.subscriptions.*.id': ['news', 'sport'],
  'base.subscriptions.subscribed': [true, false],
  'base.jobs.companyName': ['Acme', 'Beta'],
  'consents.marketing.automatic.email.status': [true, false],
  'extended.points': points,
  'extended.tier': ['gold', 'silver'],
  'extended.vip': [true, false],
  'extended.missing': ['x'],
};
/** What merge policies may make of them besides. */
export const mergedAttributes: typeof attributes = {
  ...attributes,
  'extended.points': [...points, 15.5, 7.5, 2, 10, 13.5, -10.5],
  'extended.labels': tags,
  'extended.shared': tags,
  'extended.note': ['a', 'b', 'ab', 'ba', 'aa', 'bb'],
};
const eventAttributes: Readonly<Record<string, Readonly<Record<string, readonly (string | number)[]>>>> = {
  viewedPage: {
    'properties.title': ['Home', 'Shop'],
    'properties.pageTags': tags,
    context: ['WEB', 'MOBILE'],
  },
  completedOrder: {
    'properties.amount.total': [10, 20.5],
    'properties.orderId': ['o1', 'o2'],
    'tracking.ga.utm_source': ['google', 'news'],
  },
};

const known = fc.constantFrom('IS_NULL', 'IS_NOT_NULL');
const comparing = fc.constantFrom('GTE', 'GT', 'LTE', 'LT');

function atomicOf(of: Readonly<Record<string, readonly (string | number | boolean)[]>>) {
  return fc.constantFrom(...Object.keys(of)).chain((attribute) => {
    const value = fc.constantFrom(...(of[attribute] ?? []));
    const atomic = (operator: fc.Arbitrary<string>, given: fc.Arbitrary<unknown>) =>
      fc.record({ type: fc.constant('atomic'), attribute: fc.constant(attribute), operator, value: given });
    const isText = typeof of[attribute]?.[0] === 'string';
    const inside = value.map((text) => String(text).slice(0, 2));
    return fc.oneof(
      { weight: 4, arbitrary: atomic(fc.constantFrom('EQUALS', 'NOT_EQUALS'), value) },
      {
        weight: 2,
        arbitrary: atomic(fc.constantFrom('IN', 'NOT_IN'), fc.array(value, { maxLength: 3 })),
      },
      { weight: 1, arbitrary: atomic(known, fc.constant(undefined)) },
      ...(isText ? [{ weight: 1, arbitrary: atomic(fc.constantFrom('LIKE', 'IN', 'NOT_IN'), inside) }] : []),
      ...(typeof of[attribute]?.[0] === 'boolean'
        ? []
        : [
            { weight: 2, arbitrary: atomic(comparing, value) },
            { weight: 1, arbitrary: atomic(fc.constant('BETWEEN'), fc.tuple(value, value)) },
          ]),
    );
  });
}

function compositeOf(atomic: fc.Arbitrary<unknown>) {
  const { condition } = fc.letrec((tie) => ({
    condition: fc.oneof(
      { maxDepth: 3, depthSize: 'small' },
      atomic,
      fc.record({
        type: fc.constant('composite'),
        conjunction: fc.constantFrom('and', 'or'),
        conditions: fc.array(tie('condition'), { minLength: 1, maxLength: 3 }),
      }),
    ),
  }));
  return condition;
}

const day = fc.constantFrom(
  '2026-01-01',
  '2026-01-15',
  '2026-02-01',
  '1969-12-31',
  '0001-01-01',
  '9999-12-31',
  ...dates,
);
const timeframe = compositeOf(
  fc.oneof(
    fc.record({
      type: fc.constant('atomic'),
      attribute: fc.constant('date'),
      operator: fc.constantFrom('EQUALS', 'GTE', 'GT', 'LTE', 'LT'),
      value: day,
    }),
    fc.record({
      type: fc.constant('atomic'),
      attribute: fc.constant('date'),
      operator: fc.constant('BETWEEN'),
      value: fc.tuple(day, day),
    }),
  ),
);
const did = fc.constantFrom(...Object.keys(eventAttributes)).chain((name) =>
  fc.record({
    event: fc.constant({ name }),
    condition: optional(compositeOf(atomicOf(eventAttributes[name] ?? {}))),
    timeframe: optional(timeframe),
  }),
);
export const queriesOf = (of: typeof attributes) => {
  const are = fc.record({ condition: compositeOf(atomicOf(of)) });
  const { query } = fc.letrec((tie) => ({
    query: fc.oneof(
      { maxDepth: 3, depthSize: 'small' },
      fc.oneof(
        { weight: 4, arbitrary: fc.record({ type: fc.constant('simple'), are }) },
        { weight: 1, arbitrary: fc.record({ type: fc.constant('simple'), did }) },
        { weight: 1, arbitrary: fc.record({ type: fc.constant('simple'), are, did }) },
      ),
      fc.record({
        type: fc.constant('combined'),
        conjunction: fc.constantFrom('INTERSECT', 'UNION', 'EXCEPT'),
        queries: fc.array(tie('query'), { minLength: 1, maxLength: 3 }),
      }),
    ),
  }));
  return query.filter((one) => countConditions(one) <= 100);
};

/** A query of more is refused. */
function countConditions(query: unknown): number {
  return JSON.stringify(query).split('"type":').length - 1;
}
export const sorts = fc.uniqueArray(
  fc.record({
    path: fc.constantFrom(
      'base.firstName',
      'base.lastName',
      'base.dob',
      'extended.points',
      'extended.note',
      'enabled',
      'registeredAt',
      'updatedAt',
      'externalId',
    ),
    direction: fc.constantFrom('asc', 'desc'),
  }),
  { maxLength: 3, selector: ({ path }) => path },
);
