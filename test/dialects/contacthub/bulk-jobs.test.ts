import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { beforeEach, describe, it } from 'node:test';
import { useApp } from '../../helpers/app.ts';
import { sendWebengage } from '../../native/helpers.ts';
import { BulkClient, formOf, outcomesOf, type Part, type Sent } from './bulk-client.ts';

const test = await useApp({ environment: { THROUGHLINE_BULK_LIMIT: '200000' } });
let client: BulkClient;

beforeEach(async () => {
  client = new BulkClient(test, await test.addWorkspace());
});

const header = 'externalId,base.firstName,base.contacts.email';

describe('a bulk job of customers', () => {
  it('UPSERT makes and updates customers as POST does, and tells of each row what became of it', async () => {
    const before = await client.create('doe@example.com', { base: { lastName: 'Kept' } });
    const job = await client.run(
      `${header}\n100,John,Doe@example.com\n101,Ann,ann@example.com\n102,No,not an address\n`,
    );
    assert.equal(job.status, 'PROCESSED');
    assert.deepEqual(
      [job.processedEntities, job.failedEntities, job.totalEntities, job.errorMessage],
      [3, 1, 3, null],
    );
    assert.deepEqual([job.entity, job.operation, job.eventType], ['CUSTOMER', 'UPSERT', null]);
    assert.deepEqual([job.filename, job.bulkJobName], ['rows.csv', 'rows']);
    const [john, ann, ...others] = await client.customers();
    assert.equal(others.length, 0);
    assert.equal(john.id, before.id);
    assert.deepEqual([john.base.firstName, john.base.lastName], ['John', 'Kept']);
    assert.deepEqual(await client.resultsOf(job.id), [
      ['1', 'OK', john.id, ''],
      ['2', 'OK', ann.id, ''],
      ['3', 'FAILED', '', '/base/contacts/email must match format "email"'],
    ]);
  });

  it('UPSERT changes the customer whose id a row has, and no other node’s', async () => {
    const own = await client.create('own@example.com');
    const stranger = new BulkClient(test, await test.addWorkspace());
    const foreign = await stranger.create('foreign@example.com');
    await sendWebengage(test, client.workspace, { userId: 'elsewhere' });
    const elsewhere = (await client.native.read('/people/lookup?kind=user&value=elsewhere')).id;
    const unknown = randomUUID();
    const job = await client.run(
      `id,base.firstName\n${own.id.toUpperCase()},Changed\n${foreign.id},Stolen\n${elsewhere},Stolen\n${unknown},Nobody\nnobody,Nobody\n`,
    );
    assert.deepEqual(outcomesOf(await client.resultsOf(job.id)), [
      ['OK', ''],
      ['FAILED', `customer not found ${foreign.id}`],
      ['FAILED', `customer not found ${elsewhere}`],
      ['FAILED', `customer not found ${unknown}`],
      ['FAILED', 'customer not found: the row has no id of one'],
    ]);
    const [changed, ...others] = await client.customers();
    assert.deepEqual([changed.id, changed.base.firstName, others.length], [own.id, 'Changed', 0]);
    const { body } = await stranger.call('GET', `/customers/${foreign.id}`);
    assert.equal(body.base.firstName, null);
  });

  it('INSERT refuses who is there already, also by a row before', async () => {
    const before = await client.create('there@example.com');
    const job = await client.run(
      `${header}\n1,A,there@example.com\n2,B,new@example.com\n3,C,NEW@example.com\n`,
      {
        operation: 'INSERT',
      },
    );
    const results = await client.resultsOf(job.id);
    assert.deepEqual(
      results.map(([, outcome]) => outcome),
      ['FAILED', 'OK', 'FAILED'],
    );
    assert.equal(results[0]?.[3], `there is such a customer already: ${before.id}`);
    assert.equal(results[2]?.[3], `there is such a customer already: ${results[1]?.[2]}`);
    assert.equal((await client.customers()).length, 2);
  });

  it('reads quotes, line breaks in them, a byte order mark, CRLF, blank lines and a last line without an end', async () => {
    const text = `\ufeff"externalId",base.firstName,base.contacts.email\r\n1,"Doe, ""the"" first\r\nJohn",a@example.com\r\n\r\n2,Zoë,b@example.com`;
    const job = await client.run(text);
    assert.deepEqual([job.status, job.totalEntities, job.failedEntities], ['PROCESSED', 2, 0]);
    assert.deepEqual(
      (await client.customers()).map(({ base }) => base.firstName),
      ['Doe, "the" first\r\nJohn', 'Zoë'],
    );
  });

  it('gives cells the types of their properties: numbers, truth values, lists, and texts as they are', async () => {
    const columns =
      'base.contacts.email,enabled,base.address.geo.lat,base.address.geo.lon,base.subscriptions,tags.manual,extended.code,consents.marketing.automatic.email.status,extra';
    const lists = `"[{""id"":""s"",""subscribed"":true}]","[""a"",""b""]"`;
    const job = await client.run(`${columns}\nt@example.com,false,45.5,-9.25,${lists},007,true,\n`);
    assert.deepEqual(outcomesOf(await client.resultsOf(job.id)), [['OK', '']]);
    const [customer] = await client.customers();
    assert.equal(customer.enabled, false);
    assert.deepEqual(customer.base.address.geo, { lat: 45.5, lon: -9.25 });
    assert.equal(customer.base.subscriptions[0].subscribed, true);
    assert.deepEqual(customer.tags.manual, ['a', 'b']);
    assert.deepEqual(customer.extended, { code: '007' });
    assert.equal(customer.consents.marketing.automatic.email.status, true);
    const wrong = await client.run(
      'base.contacts.email,enabled,base.subscriptions\nu@example.com,yes,\nv@example.com,,{\n',
    );
    assert.deepEqual(outcomesOf(await client.resultsOf(wrong.id)), [
      ['FAILED', '/enabled must be boolean'],
      ['FAILED', 'The body is not valid JSON (at character 1).'],
    ]);
  });

  it('tells which line is no record, and goes on with the next', async () => {
    const job = await client.run(
      `${header}\n1,A,a@example.com\n2,B"b,b@example.com\n3,"C"c,c@example.com\n4,D\n5,E,e@example.com\n6,"F,f@example.com\n`,
    );
    assert.equal(job.status, 'PROCESSED');
    assert.deepEqual(
      (await client.resultsOf(job.id)).map(([row, outcome, , reason]) => [row, outcome, reason]),
      [
        ['1', 'OK', ''],
        ['2', 'FAILED', 'a quote stands within a cell that is not quoted'],
        [
          '3',
          'FAILED',
          'something stands behind a closing quote; a quote within a quoted cell is written twice',
        ],
        ['4', 'FAILED', 'the row has 2 cells, the header 3'],
        ['5', 'OK', ''],
        ['6', 'FAILED', 'a quote is not closed'],
      ],
    );
    assert.deepEqual([job.processedEntities, job.failedEntities, job.totalEntities], [6, 4, 6]);
  });
});

describe('a bulk job that deletes', () => {
  it('deletes customers by their ids, by what the node finds them by, and by an externalId that one has alone', async () => {
    const named = await client.create('named@example.com');
    await client.create('found@example.com');
    await client.create('external@example.com', { externalId: 'only' });
    for (const email of ['one@example.com', 'two@example.com'])
      await client.create(email, { externalId: 'both' });
    const stranger = new BulkClient(test, await test.addWorkspace());
    const foreign = await stranger.create('foreign@example.com');
    const job = await client.run(
      `id,externalId,base.contacts.email\n${named.id},,\n,,FOUND@example.com\n,only,\n,both,\n${foreign.id},,\n,,\n${named.id},,\n`,
      { operation: 'DELETE' },
    );
    const results = await client.resultsOf(job.id);
    assert.deepEqual(outcomesOf(results), [
      ['OK', ''],
      ['OK', ''],
      ['OK', ''],
      ['FAILED', '2 customers have this externalId'],
      ['FAILED', `customer not found ${foreign.id}`],
      ['FAILED', 'the row says not whose customer it is'],
      ['FAILED', `customer not found ${named.id}`],
    ]);
    assert.equal(results[0]?.[2], named.id);
    assert.equal((await client.call('GET', `/customers/${named.id}`)).status, 404);
    assert.deepEqual(
      (await client.customers()).map(({ externalId }) => externalId),
      ['both', 'both'],
    );
    assert.equal((await stranger.customers()).length, 1);
  });

  it('deletes events by their ids', async () => {
    const { id } = await client.create('e@example.com');
    const [first, second] = [await client.view({ customerId: id }), await client.view({ customerId: id })];
    const job = await client.run(`id\n${first}\n${randomUUID()}\nnobody\n`, {
      operation: 'DELETE',
      entity: 'EVENT',
      eventType: 'viewedPage',
    });
    assert.deepEqual([job.processedEntities, job.failedEntities], [3, 2]);
    assert.deepEqual(await client.eventsOf(id), [second]);
  });

  it('is refused where no column says whom or what', async () => {
    const { body: customers } = await client.send('base.firstName\nA\n', { operation: 'DELETE' });
    assert.deepEqual(
      [customers.status, customers.errorMessage],
      [
        'FAILED',
        'There is no column that says who is to be deleted: id, externalId, or base.contacts.email.',
      ],
    );
    const { body: events } = await client.send('context\nWEB\n', {
      operation: 'DELETE',
      entity: 'EVENT',
      eventType: 'viewedPage',
    });
    assert.equal(events.status, 'FAILED');
  });
});

describe('a bulk job of events', () => {
  const ofPages = { entity: 'EVENT', eventType: 'viewedPage', operation: 'INSERT' };

  it('stores the events of customers, of sessions and of external ids, as POST does', async () => {
    const { id } = await client.create('e@example.com');
    const job = await client.run(
      `customerId,externalId,sessionId,context,date,properties.title,properties.pageTags,contextInfo.client.userAgent,tracking.ga.utm_source\n${id},,,WEB,2024-05-01T10:00:00Z,Home,"[""x""]",agent/1,mail\n,ext-1,,OTHER,,Second,,,\n,,session-1,WEB,,Third,,,\n,,,WEB,,Nobody's,,,\n${id},ext-1,,WEB,,Two,,,\n${randomUUID()},,,WEB,,Unknown,,,\n`,
      ofPages,
    );
    assert.deepEqual([job.status, job.entity, job.eventType], ['PROCESSED', 'EVENT', 'viewedPage']);
    const results = await client.resultsOf(job.id);
    assert.deepEqual(
      results.map(([, outcome]) => outcome),
      ['OK', 'OK', 'OK', 'FAILED', 'FAILED', 'FAILED'],
    );
    assert.equal(results[3]?.[3], 'one of customerId, externalId, sessionId has to be given');
    const { body: first } = await client.call('GET', `/events/${results[0]?.[2]}`);
    assert.deepEqual(
      [first.customerId, first.date, first.properties, first.contextInfo.client.userAgent, first.tracking],
      [
        id,
        '2024-05-01T10:00:00.000+0000',
        { title: 'Home', pageTags: ['x'] },
        'agent/1',
        { ga: { utm_source: 'mail' } },
      ],
    );
    await client.call('PATCH', `/customers/${id}`, { externalId: 'ext-1' });
    await client.call('POST', `/customers/${id}/sessions`, { value: 'session-1' });
    assert.equal((await client.eventsOf(id)).length, 3);
  });

  it('keeps an event that breaks its schema in quarantine, whole, so that it can be replayed; all are accounted for', async () => {
    const { id } = await client.create('q@example.com');
    const job = await client.run(
      `customerId,context,properties.orderId,properties.amount.total\n${id},WEB,o1,12.50\n${id},WEB,o2,dear\n${id},WEB,o3,9007199254740993\n${id},,o4,1\n`,
      { ...ofPages, eventType: 'completedOrder' },
    );
    const results = await client.resultsOf(job.id);
    assert.deepEqual(outcomesOf(results), [
      ['OK', ''],
      ['QUARANTINED', '/properties/amount/total must be number'],
      ['OK', ''],
      ['FAILED', '/context is required'],
    ]);
    assert.deepEqual([job.processedEntities, job.failedEntities], [4, 2]);
    const { body: kept } = await client.native.call('GET', `/quarantine/${results[1]?.[2]}`);
    assert.equal(JSON.parse(kept.raw).properties.orderId, 'o2');
    const { body } = await client.native.call('GET', '/accounting');
    const [hour] = body.hours.filter((one: { dialect: string }) => one.dialect === 'contacthub');
    assert.deepEqual([hour.received, hour.stored, hour.quarantined, hour.closes], [3, 2, 1, true]);
    // Beside the three, the customer of the test is no event, and the row without a context is none either.
    assert.deepEqual(hour.refusedBy, { 'invalid-request': 1 });
  });
});

describe('a file that can not be read', () => {
  const cases: readonly (readonly [string, string | Buffer, string, Sent?])[] = [
    [
      'semicolons',
      'externalId;base.firstName\n1;A\n',
      'The columns are separated by semicolons; separate them by commas.',
    ],
    ['tabs', 'externalId\tbase.firstName\n', 'The columns are separated by tabs; separate them by commas.'],
    ['an unknown column', 'externalId,base.fristName\n', 'There is no property of the name of column 2.'],
    ['what the system gives', 'externalId,version\n', 'There is no property of the name of column 2.'],
    ['a column twice', 'externalId,externalId\n', 'Column 2 has the name of a column before it.'],
    [
      'a column within another',
      'base.contacts.email,base.contacts\n',
      'Columns 2 and 1 can not both be there: one is a part of the other.',
    ],
    ['a prototype', 'externalId,extended.__proto__.x\n', 'Column 2 has a name that no property can have.'],
    ['a column without a name', 'externalId,\n', 'Column 2 has no name.'],
    ['nothing', '', 'The file is empty.'],
    ['line ends alone', '\r\n\r\n', 'The file has no header.'],
    ['a broken header', 'externalId,"base\n1,2\n', 'The header can not be read: a quote is not closed.'],
    ['another encoding', Buffer.from('externalId\n\xe9\n', 'latin1'), 'The file is not UTF-8.'],
    ['UTF-16', Buffer.from('\ufeffexternalId\n', 'utf16le'), 'The file is not UTF-8.'],
    [
      'events without a context',
      'customerId\n',
      'There is no column context.',
      { entity: 'EVENT', eventType: 'searched' },
    ],
    [
      'events of nobody',
      'context\n',
      'There is no column that says whose the events are: customerId, externalId, sessionId.',
      { entity: 'EVENT', eventType: 'searched' },
    ],
    [
      'properties of another type of event',
      'customerId,context,properties.rating\n',
      'There is no property of the name of column 3.',
      { entity: 'EVENT', eventType: 'searched' },
    ],
  ];
  for (const [what, csv, message, sent] of cases)
    it(`fails with ${what}, and says why`, async () => {
      const { status, body } = await client.send(csv, sent);
      assert.equal(status, 201);
      assert.deepEqual([body.status, body.errorMessage], ['FAILED', message]);
      assert.deepEqual(await client.resultsOf(body.id), []);
      assert.equal((await client.customers()).length, 0);
    });
});

describe('the form', () => {
  const files = [{ name: 'file', value: `${header}\n`, fileName: 'a.csv' }];
  const cases: readonly (readonly [string, readonly Part[], string])[] = [
    ['without a file', [{ name: 'operation', value: 'UPSERT' }], '/file is required'],
    ['without an operation', files, '/operation is required'],
    [
      'with another operation',
      [...files, { name: 'operation', value: 'MERGE' }],
      '/operation must be one of UPSERT, INSERT, DELETE',
    ],
    [
      'with another entity',
      [...files, { name: 'operation', value: 'INSERT' }, { name: 'entity', value: 'NODE' }],
      '/entity must be one of CUSTOMER, EVENT',
    ],
    [
      'of events without a type',
      [...files, { name: 'operation', value: 'INSERT' }, { name: 'entity', value: 'EVENT' }],
      '/eventType is required where entity is EVENT',
    ],
    [
      'with a type that there is not',
      [...files, { name: 'operation', value: 'INSERT' }, { name: 'eventType', value: 'sneezed' }],
      '/eventType is not known',
    ],
  ];
  for (const [what, parts, message] of cases)
    it(`is refused ${what}, and nothing is kept`, async () => {
      const reply = await client.post(parts);
      assert.equal(reply.status, 400);
      const [item] = reply.body.errors;
      assert.equal(`${item.path} ${item.message}`, message);
      const list = await client.get('');
      assert.equal(list.body.page.totalElements, 0);
    });

  it('is refused where it is none, ends early or is too large, in the vendor’s form', async () => {
    const json = await client.call('POST', client.path(), {}, { token: client.admin });
    assert.equal(json.status, 415);
    const { body, headers } = formOf([...files, { name: 'operation', value: 'INSERT' }]);
    const unbound = await client.call('POST', client.path(), body, {
      token: client.admin,
      headers: { 'content-type': 'multipart/form-data' },
    });
    assert.equal(unbound.status, 400);
    const cut = await client.call('POST', client.path(), body.subarray(0, body.length - 60), {
      token: client.admin,
      headers,
    });
    assert.equal(cut.status, 400);
    const two = formOf([...files, ...files, { name: 'operation', value: 'INSERT' }]);
    assert.equal(
      (await client.call('POST', client.path(), two.body, { token: client.admin, headers: two.headers }))
        .status,
      400,
    );
    const large = await client.send(`${header}\n${'1,A,a@example.com\n'.repeat(20_000)}`);
    assert.equal(large.status, 413);
    assert.deepEqual(Object.keys(large.body), ['message', 'logref', 'data', 'errors']);
    const list = await client.get('');
    assert.equal(list.body.page.totalElements, 0);
  });

  it('takes no multipart body anywhere else', async () => {
    const { body, headers } = formOf(files);
    const reply = await client.call('POST', '/customers', body, { headers });
    assert.equal(reply.status, 415);
  });
});

describe('the list of bulk jobs', () => {
  it('is newest first, filtered by status and entity, sorted and paged', async () => {
    const done = await client.run(`${header}\n1,A,a@example.com\n`);
    const { body: failed } = await client.send('nonsense\n');
    const { body: ofEvents } = await client.send('context,customerId\n', {
      entity: 'EVENT',
      eventType: 'loggedIn',
    });
    await test.app.services.jobs.settle();
    const list = async (query: string) => {
      const { status, body } = await client.get(`?${query}`);
      assert.equal(status, 200, query);
      return [
        body.elements.map((job: { id: string }) => job.id),
        body.page.totalElements,
        body.page.totalUnfilteredElements,
      ];
    };
    assert.deepEqual(await list(''), [[ofEvents.id, failed.id, done.id], 3, 3]);
    assert.deepEqual(await list('status=FAILED'), [[failed.id], 1, 3]);
    assert.deepEqual(await list('entity=CUSTOMER&sort=createdAt,asc'), [[done.id, failed.id], 2, 3]);
    assert.deepEqual(await list('status=LOADED'), [[], 0, 3]);
    assert.deepEqual(await list('size=1&page=1'), [[failed.id], 3, 3]);
    for (const query of ['status=DONE', 'entity=NODE', 'sort=bytes', 'size=0'])
      assert.equal((await client.get(`?${query}`)).status, 400, query);
  });
});

describe('who may', () => {
  it('see and send bulk jobs is told by the roles, and only in the own workspace and node', async () => {
    const job = await client.run(`${header}\n1,A,a@example.com\n`);
    const user = await client.tokenOf('USER');
    assert.equal((await client.send('x', { token: user })).status, 403);
    assert.equal((await client.send('x', { token: client.credentials.contacthub.token })).status, 403);
    assert.equal((await client.send('x', { token: '' })).status, 401);
    assert.equal((await client.get(`/${job.id}`, user)).status, 200);
    const guest = await client.tokenOf('GUEST');
    assert.equal((await client.get(`/${job.id}/results`, guest)).status, 403);
    const stranger = new BulkClient(test, await test.addWorkspace());
    const foreign = stranger.credentials.contacthub.adminToken;
    assert.equal((await client.send('x', { token: foreign })).status, 403);
    for (const rest of ['', '/results']) {
      const reply = await stranger.call(
        'GET',
        `/nodes/${stranger.nodeId}/bulk-jobs/${job.id}${rest}`,
        undefined,
        { token: foreign },
      );
      assert.equal(reply.status, 404);
      const named = await stranger.call('GET', client.path(`/${job.id}${rest}`), undefined, {
        token: foreign,
      });
      assert.equal(named.status, 404);
    }
    assert.equal((await client.send(header, { nodeId: stranger.nodeId })).status, 404);
    for (const id of ['nobody', 'x'.repeat(150), randomUUID()])
      assert.equal((await client.get(`/${id}`)).status, 404);
  });
});
