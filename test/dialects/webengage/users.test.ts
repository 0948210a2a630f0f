import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ask, at } from '../../native/helpers.ts';
import { messageOf, useWebengage } from './webengage.ts';

const webengage = useWebengage();

const everyField = {
  userId: 'ada',
  firstName: 'Ada',
  lastName: 'Lovelace',
  birthDate: '1815-12-10T00:00:00+0100',
  gender: 'female',
  email: 'Ada@Example.com',
  phone: '+33639980001',
  emailOptIn: false,
  smsOptIn: true,
  whatsappOptIn: true,
  rcsOptIn: false,
  company: 'Analytical Engines',
  hashedEmail: 'ab12',
  hashedPhone: 'cd34',
  postalCode: '75001',
  country: 'France',
  city: 'Paris',
  locality: 'Marais',
  region: 'IDF',
  attributes: { Age: 36, tags: ['x'] },
};

for (const [method, status] of [
  ['POST', 201],
  ['PUT', 200],
] as const) {
  describe(`${method} /v1/accounts/{licenseCode}/users`, () => {
    it('stores every documented field, changes what is given and leaves the rest', async () => {
      const workspace = await webengage.app.addWorkspace();
      const reply = await webengage.send('/users', everyField, { workspace, method });
      assert.equal(reply.statusCode, status);
      assert.deepEqual(reply.json(), { response: { status: 'queued' } });
      await webengage.send(
        '/users',
        { userId: 'ada', city: 'London', firstName: '', email: null, gender: '', attributes: { Age: 37 } },
        { workspace, method },
      );
      const [profile, ...others] = await webengage.profiles(workspace);
      assert.equal(others.length, 0);
      const { userId: _id, attributes: _attributes, ...fields } = everyField;
      assert.deepEqual(profile!.values, {
        ...fields,
        birthDate: '1815-12-09T23:00:00.000Z',
        birthDateText: '1815-12-10T00:00:00+0100',
        city: 'London',
        'attributes.Age': 37,
        'attributes.tags': ['x'],
      });
      assert.deepEqual(await webengage.accounting(workspace), {}, 'users are no events');
    });

    it('refuses fields of a wrong type, and keeps nothing then', async () => {
      const workspace = await webengage.app.addWorkspace();
      const time = 'birthDate must be in ISO format yyyy-MM-ddTHH:mm:ss±hhmm.';
      const refused: [object, string][] = [
        [{ userId: undefined }, 'Error: userId and anonymousId cannot be empty.'],
        [{ userId: 'u'.repeat(101) }, 'userId must not be longer than 100 characters.'],
        [{ firstName: true }, 'firstName must be a string.'],
        [{ email: ['a@b.test'] }, 'email must be a string.'],
        [{ region: {} }, 'region must be a string.'],
        [{ smsOptIn: 'yes' }, 'smsOptIn must be true or false.'],
        [{ gender: 'Female' }, 'gender must be male, female or other.'],
        [{ birthDate: '1815-12-10' }, time],
        [{ birthDate: 5 }, time],
        [{ attributes: [1] }, 'attributes must be a JSON object.'],
      ];
      for (const [fields, message] of refused) {
        const body = { userId: 'u', company: 'kept?', ...fields };
        const reply = await webengage.send('/users', body, { workspace, method });
        assert.equal(reply.statusCode, 400, reply.body);
        assert.equal(messageOf(reply), message);
      }
      assert.deepEqual(await webengage.profiles(workspace), []);
    });
  });
}

describe('a user', () => {
  it('may be anonymous on POST; PUT names a known one', async () => {
    const workspace = await webengage.app.addWorkspace();
    const body = { anonymousId: 'a', firstName: 'A' };
    assert.equal((await webengage.send('/users', body, { workspace })).statusCode, 201);
    const put = await webengage.send('/users', body, { workspace, method: 'PUT' });
    assert.equal(put.statusCode, 400);
    assert.equal(messageOf(put), 'userId cannot be empty.');
    const [profile] = await webengage.profiles(workspace);
    assert.equal(profile!.anonymous, true);
  });

  it('is the one that its events came before or after', async () => {
    const workspace = await webengage.app.addWorkspace();
    await webengage.send('/events', { userId: 'u', eventName: 'Before' }, { workspace });
    await webengage.send('/users', { userId: 'u', firstName: 'U', attributes: '' }, { workspace });
    await webengage.send('/events', { userId: 'u', eventName: 'After' }, { workspace });
    const profiles = await webengage.profiles(workspace);
    assert.equal(profiles.length, 1);
    assert.deepEqual(
      (await webengage.events(workspace)).map(({ profileId }) => profileId),
      [profiles[0]!.id, profiles[0]!.id],
    );
  });

  it('has its own fields cut from 1,000 characters on, and that is counted', async () => {
    const workspace = await webengage.app.addWorkspace();
    const texts = { firstName: 'f'.repeat(999), company: 'c'.repeat(1000), city: 'p'.repeat(2000) };
    await webengage.send('/users', { userId: 'u', ...texts }, { workspace });
    const [profile] = await webengage.profiles(workspace);
    assert.deepEqual(profile!.values, {
      firstName: 'f'.repeat(999),
      company: 'c'.repeat(999),
      city: 'p'.repeat(999),
    });
    assert.deepEqual(await webengage.accounting(workspace), { 'attribute-dropped string-cut': 2 });
  });

  it('is the person that has its e-mail or phone, in any writing, also in another dialect', async () => {
    const workspace = await webengage.app.addWorkspace();
    const upsert = async (body: object) =>
      assert.equal((await webengage.send('/users', body, { workspace })).statusCode, 201);
    await upsert({ userId: 'one', email: 'Ada@example.com' });
    await upsert({ userId: 'two', email: ' ada@EXAMPLE.com' });
    await upsert({ userId: 'three', phone: '+33 6 39 98 00 01' });
    await upsert({ userId: 'four', phone: '0639980001' });
    await upsert({ userId: 'five', email: 'no address', phone: '12' });
    const { octeth } = workspace.credentials;
    await webengage.app.app.http.inject({
      method: 'POST',
      url: '/api/v1/event',
      payload: { APIKey: octeth.apiKey, ListID: octeth.listId, Event: 'opened', Email: 'ada@example.com' },
    });
    const [one, two, three, four, five, subscriber] = await webengage.profiles(workspace);
    assert.equal(one!.personId, two!.personId);
    assert.equal(subscriber!.personId, one!.personId);
    assert.equal(three!.personId, four!.personId);
    assert.equal(new Set([one, three, five].map((profile) => profile!.personId)).size, 3);
    await upsert({ userId: 'one', phone: '+33639980001' });
    const person = await ask(
      webengage.app,
      'GET',
      at(workspace, '/people/lookup?kind=email&value=ADA@example.com'),
    );
    assert.equal(person.body.profiles.length, 5);
    assert.equal(person.body.id, one!.id);
  });

  it('is linked by its upsert, not by what its events mention, unless the workspace says so', async () => {
    const settings = { dialects: { webengage: { identifyingAttributes: ['email', 'phone'] } } };
    for (const [workspace, persons] of [
      [await webengage.app.addWorkspace(), 2],
      [await webengage.app.addWorkspace({ settings }), 1],
    ] as const) {
      for (const userId of ['one', 'two']) {
        const body = { userId, eventName: 'Paid', eventData: { email: 'friend@example.com' } };
        await webengage.send('/events', body, { workspace });
      }
      const profiles = await webengage.profiles(workspace);
      assert.equal(new Set(profiles.map(({ personId }) => personId)).size, persons);
    }
  });

  it('that can not be stored is kept in quarantine, alone, and can be replayed once it is mended', async () => {
    const workspace = await webengage.app.addWorkspace();
    const good = { userId: 'good', firstName: 'G' };
    const nul = { userId: 'bad', firstName: 'nul\u0000' };
    const body = { users: [good, nul, { userId: 'nul\u0000' }] };
    const reply = await webengage.send('/bulk-users', body, { workspace });
    assert.equal(reply.statusCode, 201, reply.body);
    const single = await webengage.send(
      '/users',
      { userId: 'x', attributes: { a: '\u0000' } },
      { workspace },
    );
    assert.equal(single.statusCode, 201);
    assert.deepEqual(
      (await webengage.profiles(workspace)).map(({ values }) => values),
      [{ firstName: 'G' }],
    );
    const quarantined = await webengage.quarantined(workspace);
    assert.equal(quarantined.length, 3);
    const [first] = quarantined.filter(({ path }) => path === '/firstName');
    assert.equal(Buffer.from(first!.raw).toString(), JSON.stringify(nul), 'only the item itself is kept');
    const replay = () => ask(webengage.app, 'POST', at(workspace, `/quarantine/${first!.id}/replay`));
    assert.equal((await replay()).status, 422);
    await webengage.query('update quarantine set raw = convert_to($2, $3) where id = $1', [
      first!.id,
      JSON.stringify({ ...nul, firstName: 'mended' }),
      'UTF8',
    ]);
    const replayed = await replay();
    assert.equal(replayed.status, 200, JSON.stringify(replayed.body));
    assert.deepEqual(
      (await webengage.profiles(workspace)).map(({ values }) => values),
      [{ firstName: 'G' }, { firstName: 'mended' }],
    );
    const { body: accounting } = await ask(webengage.app, 'GET', at(workspace, '/accounting'));
    assert.equal(accounting.closes, true);
  });
});
