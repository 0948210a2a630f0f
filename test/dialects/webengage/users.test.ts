import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { useApp } from '../../helpers/app.ts';
import { Store } from '../../helpers/store.ts';
import { inject } from '../../helpers/vendor-client.ts';
import { messageOf, WebengageClient } from './client.ts';

const test = await useApp({ freshWorkspace: true });
const webengage = new WebengageClient(test);

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
      const reply = await webengage.call('/users', everyField, { method });
      assert.equal(reply.status, status);
      assert.deepEqual(reply.body, { response: { status: 'queued' } });
      await webengage.call(
        '/users',
        { userId: 'ada', city: 'London', firstName: '', email: null, gender: '', attributes: { Age: 37 } },
        { method },
      );
      const [profile, ...others] = await test.store.profiles();
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
      assert.deepEqual(await test.store.accounting('webengage'), {}, 'users are no events');
    });

    it('refuses fields of a wrong type, and keeps nothing then', async () => {
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
        const reply = await webengage.call('/users', body, { method });
        assert.equal(reply.status, 400, reply.text);
        assert.equal(messageOf(reply), message);
      }
      assert.deepEqual(await test.store.profiles(), []);
    });
  });
}

describe('a user', () => {
  it('may be anonymous on POST; PUT names a known one', async () => {
    const body = { anonymousId: 'a', firstName: 'A' };
    assert.equal((await webengage.call('/users', body)).status, 201);
    const put = await webengage.call('/users', body, { method: 'PUT' });
    assert.equal(put.status, 400);
    assert.equal(messageOf(put), 'userId cannot be empty.');
    const [profile] = await test.store.profiles();
    assert.equal(profile!.anonymous, true);
  });

  it('is the one that its events came before or after', async () => {
    await webengage.call('/events', { userId: 'u', eventName: 'Before' });
    await webengage.call('/users', { userId: 'u', firstName: 'U', attributes: '' });
    await webengage.call('/events', { userId: 'u', eventName: 'After' });
    const profiles = await test.store.profiles();
    assert.equal(profiles.length, 1);
    assert.deepEqual(
      (await test.store.events()).map(({ profileId }) => profileId),
      [profiles[0]!.id, profiles[0]!.id],
    );
  });

  it('has its own fields cut from 1,000 characters on, and that is counted', async () => {
    const texts = { firstName: 'f'.repeat(999), company: 'c'.repeat(1000), city: 'p'.repeat(2000) };
    await webengage.call('/users', { userId: 'u', ...texts });
    const [profile] = await test.store.profiles();
    assert.deepEqual(profile!.values, {
      firstName: 'f'.repeat(999),
      company: 'c'.repeat(999),
      city: 'p'.repeat(999),
    });
    assert.deepEqual(await test.store.accounting('webengage'), { 'attribute-dropped string-cut': 2 });
  });

  it('is the person that has its e-mail or phone, in any writing, also in another dialect', async () => {
    const upsert = async (body: object) => assert.equal((await webengage.call('/users', body)).status, 201);
    await upsert({ userId: 'one', email: 'Ada@example.com' });
    await upsert({ userId: 'two', email: ' ada@EXAMPLE.com' });
    await upsert({ userId: 'three', phone: '+33 6 39 98 00 01' });
    await upsert({ userId: 'four', phone: '0639980001' });
    await upsert({ userId: 'five', email: 'no address', phone: '12' });
    const { octeth } = test.workspace.credentials;
    await inject(test, {
      method: 'POST',
      url: '/api/v1/event',
      body: { APIKey: octeth.apiKey, ListID: octeth.listId, Event: 'opened', Email: 'ada@example.com' },
    });
    const [one, two, three, four, five, subscriber] = await test.store.profiles();
    assert.equal(one!.personId, two!.personId);
    assert.equal(subscriber!.personId, one!.personId);
    assert.equal(three!.personId, four!.personId);
    assert.equal(new Set([one, three, five].map((profile) => profile!.personId)).size, 3);
    await upsert({ userId: 'one', phone: '+33639980001' });
    const person = await test.native.read('/people/lookup?kind=email&value=ADA@example.com');
    assert.equal(person.profiles.length, 5);
    assert.equal(person.id, one!.id);
  });

  it('is linked by its upsert, not by what its events mention, unless the workspace says so', async () => {
    const settings = { dialects: { webengage: { identifyingAttributes: ['email', 'phone'] } } };
    for (const [workspace, persons] of [
      [await test.addWorkspace(), 2],
      [await test.addWorkspace({ settings }), 1],
    ] as const) {
      for (const userId of ['one', 'two']) {
        const body = { userId, eventName: 'Paid', eventData: { email: 'friend@example.com' } };
        await new WebengageClient(test, workspace).call('/events', body);
      }
      const profiles = await new Store(test, workspace).profiles();
      assert.equal(new Set(profiles.map(({ personId }) => personId)).size, persons);
    }
  });

  it('that can not be stored is kept in quarantine, alone, and can be replayed once it is mended', async () => {
    const good = { userId: 'good', firstName: 'G' };
    const nul = { userId: 'bad', firstName: 'nul\u0000' };
    const body = { users: [good, nul, { userId: 'nul\u0000' }] };
    const reply = await webengage.call('/bulk-users', body);
    assert.equal(reply.status, 201, reply.text);
    const single = await webengage.call('/users', { userId: 'x', attributes: { a: '\u0000' } });
    assert.equal(single.status, 201);
    assert.deepEqual(
      (await test.store.profiles()).map(({ values }) => values),
      [{ firstName: 'G' }],
    );
    const quarantined = await test.store.quarantined();
    assert.equal(quarantined.length, 3);
    const [first] = quarantined.filter(({ path }) => path === '/firstName');
    assert.equal(first!.raw, JSON.stringify(nul), 'only the item itself is kept');
    const replay = () => test.native.call('POST', `/quarantine/${first!.id}/replay`);
    assert.equal((await replay()).status, 422);
    await test.store.mend(first!.id, { ...nul, firstName: 'mended' });
    const replayed = await replay();
    assert.equal(replayed.status, 200, JSON.stringify(replayed.body));
    assert.deepEqual(
      (await test.store.profiles()).map(({ values }) => values),
      [{ firstName: 'G' }, { firstName: 'mended' }],
    );
    const { body: accounting } = await test.native.call('GET', '/accounting');
    assert.equal(accounting.closes, true);
  });
});
