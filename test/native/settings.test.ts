import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { dialects } from '../../src/dialects/registry.ts';
import { type TestWorkspace, useApp } from '../helpers/app.ts';
import { ask, at } from '../helpers/native-client.ts';
import { inject } from '../helpers/vendor-client.ts';

const test = await useApp();

/** What is refused, where, and what the refusal says would be right. */
const refused: [settings: object, path: string, says: RegExp][] = [
  [
    { dialects: { octeth: { requireEmial: true } } },
    'dialects/octeth/requireEmial',
    /known are requireEmail/,
  ],
  [{ dialects: { octeth: { requireEmail: 'yes' } } }, 'dialects/octeth/requireEmail', /true or false/],
  [
    { dialects: { octeth: { eventRetentionDays: 0 } } },
    'dialects/octeth/eventRetentionDays',
    /1 to 36500 or null/,
  ],
  [
    { dialects: { webmarketer: { retentionDurationInDays: -3 } } },
    'dialects/webmarketer/retentionDurationInDays',
    /must be from 1 to 36500 or null/,
  ],
  [
    { dialects: { webmarketer: { retentionDurationInDays: 1.5 } } },
    'dialects/webmarketer/retentionDurationInDays',
    /a whole number or null/,
  ],
  [
    { dialects: { webmarketer: { mode: 'chaos' } } },
    'dialects/webmarketer/mode',
    /e-commerce, simple or long-sales-cycle/,
  ],
  [{ dialects: { webmarketer: { picture: {} } } }, 'dialects/webmarketer/picture', /a text or null/],
  [
    { dialects: { signals: { conversationHours: 721 } } },
    'dialects/signals/conversationHours',
    /above 0 and at most 720/,
  ],
  [{ dialects: { signals: { conversationHours: 0 } } }, 'dialects/signals/conversationHours', /above 0/],
  [
    { dialects: { webengage: { identifyingAttributes: ['name'] } } },
    'dialects/webengage/identifyingAttributes/0',
    /email or phone/,
  ],
  [{ dialects: { contacthub: { anything: 1 } } }, 'dialects/contacthub/anything', /is not known/],
  [{ dialects: { segment: {} } }, 'dialects/segment', /known are .*octeth/],
  [{ rateLimits: { 'webengage:evnts': 5 } }, 'rateLimits/webengage:evnts', /webengage:events/],
  [{ rateLimits: { 'webengage:events': -1 } }, 'rateLimits/webengage:events', /from 0 to/],
  [{ matching: ['user'] }, 'matching/0', /email or phone/],
  [{ phoneCountries: ['ZZ'] }, 'phoneCountries', /"ZZ" is no country/],
  [{ timezone: 'Mars/Base' }, 'timezone', /IANA/],
  [{ currency: 'euro' }, 'currency', /ISO 4217/],
];

describe('a setting that is none', () => {
  for (const [settings, path, says] of refused)
    it(`${path} is refused by its name, with what would be right, and nothing is changed`, async () => {
      const before = (await test.native.call('GET', '')).body;
      for (const { status, body } of [
        await test.native.call('PATCH', '', { body: { name: 'Changed', ...settings } }),
        await ask(test, 'POST', '/workspaces', { body: { slug: 'not-made', ...settings } }),
      ]) {
        assert.equal(status, 400, JSON.stringify(body));
        assert.equal(body.error.path, `body/${path}`);
        assert.match(body.error.message, says);
      }
      assert.deepEqual((await test.native.call('GET', '')).body, before);
      assert.equal((await ask(test, 'GET', '/workspaces/not-made')).status, 404);
    });

  it('is refused of a source, too', async () => {
    for (const [source, path] of [
      [{ dialect: 'octeth', settings: { optInMode: 'double' } }, 'optInMode'],
      [{ dialect: 'webmarketer', settings: { currencies: 'EUR' } }, 'currencies'],
      [{ dialect: 'signals', settings: { ctwaTracking: 'on' } }, 'ctwaTracking'],
    ] as const) {
      const { status, body } = await test.native.call('POST', '/sources', {
        body: { name: 'x', ...source },
      });
      assert.deepEqual([status, body.error.path], [400, `body/settings/${path}`], body.error.message);
    }
  });
});

describe('settings that are right', () => {
  const dialectSettings = {
    octeth: { requireEmail: true, eventRetentionDays: null },
    webmarketer: {
      mode: 'e-commerce',
      retentionDurationInDays: 36_500,
      picture: null,
      domain: 'shop.example',
    },
    signals: { conversationHours: 0.5 },
    webengage: { identifyingAttributes: ['phone'] },
    contacthub: {},
  };

  it('are taken by a new workspace and by a change', async () => {
    const settings = {
      matching: ['phone'],
      phoneCountries: ['IT'],
      rateLimits: { 'octeth:lists.get': 3, contacthub: 0, 'octeth:hello.message.bytes': 100_000_000 },
      dialects: dialectSettings,
    };
    const made = await ask(test, 'POST', '/workspaces', { body: { slug: 'set-up', ...settings } });
    assert.equal(made.status, 201, JSON.stringify(made.body));
    assert.partialDeepStrictEqual(made.body.workspace, settings);
    const changed = await test.native.call('PATCH', '', { body: settings });
    assert.equal(changed.status, 200, JSON.stringify(changed.body));
    // Null takes a setting away, which is what it means where it is one.
    const { eventRetentionDays: _days, ...octeth } = dialectSettings.octeth;
    const { picture: _picture, ...webmarketer } = dialectSettings.webmarketer;
    const { dialects } = changed.body;
    assert.deepEqual(dialects, { ...dialectSettings, octeth, webmarketer });
  });

  it('each dialect has a form that refuses what it does not know', () => {
    for (const { name, settings, sourceSettings } of dialects)
      for (const form of [settings, sourceSettings])
        if (form) assert.equal(Reflect.get(form, 'additionalProperties'), false, name);
    assert.deepEqual(Object.keys(dialectSettings).sort(), dialects.map(({ name }) => name).sort());
  });
});

describe('a change of a dialect’s settings', () => {
  const retention = { viewedPage: { months: 3 }, clickedLink: { months: 5 } };
  const extendedProperties = { points: { type: 'integer', label: 'Points', indexed: true } };

  const change = (workspace: TestWorkspace, contacthub: unknown) =>
    ask(test, 'PATCH', at(workspace), { body: { dialects: { contacthub } } });

  it('is a merge patch: it changes what it names, takes away what it says is null, and keeps all else', async () => {
    const workspace = await test.addWorkspace({
      settings: { dialects: { contacthub: { retention, extendedProperties, industry: 'GDO' } } },
    });
    const steps: [patch: unknown, shown: unknown][] = [
      [{}, { retention, extendedProperties, industry: 'GDO' }],
      [
        { industry: 'Luxury', groupPk: null },
        { retention, extendedProperties, industry: 'Luxury' },
      ],
      [
        { industry: null, retention: { viewedPage: null, loggedIn: { months: 0 } } },
        { retention: { clickedLink: { months: 5 }, loggedIn: { months: 0 } }, extendedProperties },
      ],
      [
        { retention: null, extendedProperties: { points: { label: null, mergePolicy: 'MATH_SUM' } } },
        { extendedProperties: { points: { type: 'integer', indexed: true, mergePolicy: 'MATH_SUM' } } },
      ],
      [null, {}],
    ];
    for (const [patch, shown] of steps) {
      const { status, body } = await change(workspace, patch);
      assert.equal(status, 200, JSON.stringify(body));
      assert.deepEqual(body.dialects.contacthub, shown);
    }
  });

  it('is refused where nothing that is right comes of it, or a name is none, and then changes nothing', async () => {
    const contacthub = { retention, extendedProperties };
    const workspace = await test.addWorkspace({ settings: { dialects: { contacthub } } });
    for (const [patch, path] of [
      [{ retention: { viewedPage: { months: null } } }, 'retention/viewedPage/months'],
      [{ retention: { viewedPages: null } }, 'retention/viewedPages'],
      [{ industri: null }, 'industri'],
      [{ extendedProperties: { points: { type: null } } }, 'extendedProperties/points/type'],
      [{ retention: 5 }, 'retention'],
    ] as const) {
      const { status, body } = await change(workspace, { industry: 'GDO', ...patch });
      assert.deepEqual([status, body.error?.path], [400, `body/dialects/contacthub/${path}`]);
    }
    assert.deepEqual((await ask(test, 'GET', at(workspace))).body.dialects.contacthub, contacthub);
  });

  it('undoes nothing of others that are made at the same time', async () => {
    const workspace = await test.addWorkspace();
    const types = ['viewedPage', 'clickedLink', 'loggedIn', 'viewedProduct', 'addedProduct', 'abandonedCart'];
    const replies = await Promise.all([
      ...types.map((type, months) => change(workspace, { retention: { [type]: { months } } })),
      change(workspace, { industry: 'GDO' }),
      change(workspace, { disabledBaseProperties: ['contacts.fax'] }),
    ]);
    for (const { status, body } of replies) assert.equal(status, 200, JSON.stringify(body));
    assert.deepEqual((await ask(test, 'GET', at(workspace))).body.dialects.contacthub, {
      retention: Object.fromEntries(types.map((type, months) => [type, { months }])),
      industry: 'GDO',
      disabledBaseProperties: ['contacts.fax'],
    });
  });
});

it('what an older version let in is shown, and read as unset', async () => {
  const old = {
    rateLimits: { 'webengage:evnts': 5 },
    dialects: {
      octeth: { requireEmial: true, requireEmail: 'yes', eventRetentionDays: -3 },
      webengage: { identifyingAttributes: ['email', 'name'] },
    },
  };
  const aged = await test.addWorkspace({ settings: old as never });
  assert.partialDeepStrictEqual((await ask(test, 'GET', at(aged))).body, old);
  const { octeth } = aged.credentials;
  const payload = { APIKey: octeth.apiKey, ListID: octeth.listId, Event: 'e', ID: 'somebody' };
  const reply = await inject(test, { method: 'POST', url: '/api/v1/event', body: payload });
  assert.ok(reply.status < 500, reply.text);
  assert.equal((await ask(test, 'POST', at(aged, '/retention'), { body: { dryRun: true } })).status, 200);
  const mended = await ask(test, 'PATCH', at(aged), {
    body: { dialects: { octeth: { requireEmail: true } } },
  });
  assert.deepEqual(mended.body.dialects.octeth, { requireEmail: true });
});

describe('messages say what was wrong, where, and what would be right', () => {
  for (const [path, where, says] of [
    ['/quarantine?dialect=segment', 'querystring/dialect', /octeth/],
    ['/quarantine?next=x', 'querystring/next', /`next` of the page before/],
    [
      '/accounting?since=2026-01-01T00:00:00Z&until=2026-03-01T00:00:00Z',
      'querystring/since',
      /31 days apart/,
    ],
    ['/accounting?since=2026-02-01T00:00:00Z&until=2026-01-01T00:00:00Z', 'querystring/since', /after until/],
    ['/accounting?since=yesterday', 'querystring/since', /2030-01-31T12:00:00Z/],
    ['/transitions?from=a&to=b&since=1990-01-01T00:00:00Z', 'querystring/since', /ten years apart/],
    ['/transitions?to=b', 'querystring/from', /is missing/],
    ['/transitions?from=a&to=b&groupBy=day', 'querystring/groupBy', /event-type/],
    ['/events?limit=5000', 'querystring/limit', /from 1 to 1000/],
    ['/people/lookup?kind=phone&value=x', 'querystring/value', /phoneCountries/],
    ['/people/nobody', 'params/personId', /an id such as/],
  ] as const)
    it(`GET ${path}`, async () => {
      const { status, body } = await test.native.call('GET', path);
      assert.equal(status, 400, JSON.stringify(body));
      assert.equal(body.error.path, where);
      assert.match(body.error.message, says);
    });

  it('of a body that is none, too', async () => {
    const { status, body } = await test.native.call('POST', '/links', { body: [] });
    assert.deepEqual([status, body.error.message], [400, 'body must be an object.']);
    const missing = await test.native.call('POST', '/keys', { body: { dialect: 'octeth' } });
    assert.equal(missing.body.error.message, 'body/name is missing.');
    const empty = await test.native.call('PATCH', '', { body: {} });
    assert.match(empty.body.error.message, /at least one of name, timezone/);
  });
});
