import assert from 'node:assert/strict';
import { it } from 'node:test';
import { useApp } from '../helpers/app.ts';
import { inject } from '../helpers/vendor-client.ts';
import { isErrorForm } from '../journeys/vendors.ts';

const test = await useApp();

const form = 'application/x-www-form-urlencoded';
const multipart = 'multipart/form-data; boundary=-7d1';
const megabyte = 1024 * 1024 - 100;
/** Nesting a megabyte of fields took 1.7 to 3.7 seconds. Of processor time, which other work on the machine does not lengthen. */
const maximumMilliseconds = 700;

const fill = (unit: string, bytes = megabyte) => unit.repeat(Math.floor(bytes / unit.length));
const fillNumbered = (unit: (index: number) => string) =>
  Array.from({ length: Math.floor(megabyte / 16) }, (_, index) => unit(index)).join('');
const part = (name: string) => `---7d1\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n1\r\n`;

function post(url: string, type: string, payload: string) {
  return inject(test, { method: 'POST', url, headers: { 'content-type': type }, body: payload });
}

const hostile: [what: string, type: string, body: string][] = [
  ['lists of lists', form, fill('a[][]&')],
  ['lists in sixty levels', form, fill(`a${fill('[]', 120)}&`)],
  ['one name', form, fill('a&')],
  ['names of their own', form, fillNumbered((index) => `k${index}&`)],
  ['numbers and lists', form, fillNumbered((index) => `a[${index}][]&`)],
  ['one name of all of it', form, `a${fill('[]')}`],
  ['brackets that do not close', form, fill('a[')],
  ['parts', multipart, `${fill(part('a[][]'))}---7d1--\r\n`],
  ['parts that are files', multipart, `${fill(part('a"; filename="b'))}---7d1--\r\n`],
  ['parts in capitals', multipart, `${fill(part('a').toUpperCase())}---7D1--\r\n`],
  ['JSON with many parameters', 'application/json', `{${fillNumbered((index) => `"k${index}":0,`)}"z":1}`],
];

for (const [what, type, body] of hostile) {
  for (const url of ['/api/v1/event', '/api.php', '/api/v1/subscriber.create']) {
    it(`${url} refuses a megabyte of ${what} before it is nested, whoever sends it`, async () => {
      const before = process.cpuUsage();
      const reply = await post(url, type, body);
      const { user, system } = process.cpuUsage(before);
      assert.deepEqual([reply.status, reply.body.ErrorCode], [400, 100_000], reply.text);
      const milliseconds = (user + system) / 1000;
      assert.ok(milliseconds < maximumMilliseconds, `${milliseconds} ms`);
    });
  }
}

it('the token endpoint refuses a form of as many fields, in its own form', async () => {
  const reply = await post('/oidc/token', form, fill('a&', 60_000));
  assert.equal(reply.status, 400);
  assert.deepEqual(reply.body, {
    error: 'invalid_request',
    error_description: 'The body has more than 1000 fields.',
  });
});

it('every API refuses a query of as many parameters, in its own form', async () => {
  const { id } = test.workspace.created;
  const paths = {
    octeth: '/api/v1/website_events.properties',
    webmarketer: '/api/v1/me',
    contacthub: `/hub/v1/workspaces/${id}/customers`,
    signals: '/v1/clients/x/apps',
    webengage: '/v1/accounts/x/users',
    native: '/throughline/v1/workspaces',
  } as const;
  for (const [owner, path] of Object.entries(paths)) {
    const reply = await inject(test, { method: 'GET', url: `${path}?${fill('a=1&', 8000)}` });
    assert.ok([400, 422].includes(reply.status), `${owner}: ${reply.status} ${reply.text}`);
    assert.match(reply.text, /more than 1000 parameters/, owner);
    assert.ok(isErrorForm(owner as keyof typeof paths, path, reply), `${owner}: ${reply.text}`);
  }
  const legacy = await inject(test, { method: 'GET', url: `/api.php?${fill('a&', 8000)}` });
  assert.deepEqual([legacy.status, legacy.body.ErrorCode], [400, 400]);
});

it('a form of a thousand fields and ten levels is taken, one more of either is not', async () => {
  const { apiKey, listId } = test.workspace.credentials.octeth;
  const fields = (count: number) =>
    new URLSearchParams([
      ['APIKey', apiKey],
      ['ListID', listId],
      ['Event', 'many'],
      ['Email', 'ada@example.com'],
      ...Array.from({ length: count - 4 }, (_, index): [string, string] => [`Properties[p${index}]`, '1']),
    ]);
  const asMultipart = (given: URLSearchParams) =>
    `${[...given]
      .map(([name, value]) => `---7d1\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`)
      .join('')}---7d1--\r\n`;
  for (const [count, status] of [
    [1000, 200],
    [1001, 400],
  ] as const) {
    assert.equal((await post('/api/v1/event', form, fields(count).toString())).status, status);
    assert.equal((await post('/api/v1/event', multipart, asMultipart(fields(count)))).status, status);
  }
  const nested = (levels: number) => {
    const given = fields(4);
    given.append(`Properties${'[a]'.repeat(levels - 1)}`, '1');
    return given.toString();
  };
  assert.equal((await post('/api/v1/event', form, nested(10))).status, 200);
  const refused = await post('/api/v1/event', form, nested(11));
  assert.equal(refused.body.ErrorText, "A field's name has more than 10 levels.");
});
