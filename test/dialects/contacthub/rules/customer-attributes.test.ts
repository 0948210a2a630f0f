import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  flattenCustomer,
  nestCustomer,
} from '../../../../src/dialects/contacthub/rules/customer-attributes.ts';
import { locate } from '../../../../src/dialects/contacthub/rules/customer-shape.ts';

describe('flattenCustomer', () => {
  it('gives each value its path, and keeps a location whole', () => {
    const { given, cleared } = flattenCustomer({
      id: 'ignored',
      externalId: 'x',
      base: { firstName: 'A', contacts: { email: 'a@b.it' }, address: { geo: { lat: 1, lon: 2 } } },
      extended: { card: 'ABC', 'with.dot': { a: 1 } },
      tags: { manual: ['m'] },
    });
    assert.deepEqual(Object.fromEntries(given), {
      externalId: 'x',
      'base.firstName': 'A',
      'base.contacts.email': 'a@b.it',
      'base.address.geo': { lat: 1, lon: 2 },
      'extended.card': 'ABC',
      'extended.with.dot': { a: 1 },
      'tags.manual': ['m'],
    });
    assert.deepEqual(cleared, []);
  });

  it('tells parts that are null from values that are null', () => {
    const { given, cleared } = flattenCustomer({ base: { dob: null, address: null }, extended: null });
    assert.deepEqual([...given], [['base.dob', null]]);
    assert.deepEqual(cleared, ['base.address.', 'extended.']);
  });

  it('does not take inherited names for given ones', () => {
    const { given } = flattenCustomer({ base: Object.create({ firstName: 'inherited' }) });
    assert.equal(given.size, 0);
  });
});

describe('nestCustomer', () => {
  it('shows absent values as null, absent lists as empty and absent parts as null', () => {
    const customer = nestCustomer({ 'base.contacts.email': 'a@b.it' });
    assert.equal(customer.externalId, null);
    assert.equal(customer.consents, null);
    assert.equal(customer.extended, null);
    assert.equal(customer.tags, null);
    const base = customer.base as Record<string, unknown>;
    assert.equal(base.firstName, null);
    assert.equal(base.address, null);
    assert.deepEqual(base.jobs, []);
    assert.deepEqual(base.contacts, {
      email: 'a@b.it',
      fax: null,
      mobilePhone: null,
      phone: null,
      otherContacts: [],
      mobileDevices: [],
    });
  });

  it('gives back what was flattened', () => {
    const body = {
      externalId: 'x',
      consents: { marketing: { automatic: { sms: { status: true, limitation: null, objection: false } } } },
      extended: { 'a.b': [1], c: { d: 'e' } },
      tags: { auto: ['a'], manual: ['m'] },
    };
    const again = nestCustomer(Object.fromEntries(flattenCustomer(body).given));
    assert.deepEqual({ ...(again.extended as object) }, body.extended);
    assert.deepEqual(again.tags, body.tags);
    const consents = again.consents as { marketing: { automatic: { sms: unknown; email: unknown } } };
    assert.deepEqual(consents.marketing.automatic.sms, body.consents.marketing.automatic.sms);
    assert.equal(consents.marketing.automatic.email, null);
  });
});

describe('locate', () => {
  it('finds values, members of lists, extended properties and whole parts', () => {
    assert.deepEqual(locate('base.firstName'), { kind: 'attribute', path: 'base.firstName', members: [] });
    assert.deepEqual(locate('base.jobs.companyName'), {
      kind: 'attribute',
      path: 'base.jobs',
      members: ['companyName'],
    });
    assert.deepEqual(locate('extended.size.shoe'), {
      kind: 'attribute',
      path: 'extended.size',
      members: ['shoe'],
    });
    assert.deepEqual(locate('base.contacts'), { kind: 'group', prefix: 'base.contacts.' });
    assert.deepEqual(locate('extended'), { kind: 'group', prefix: 'extended.' });
    assert.deepEqual(locate('registeredAt'), { kind: 'attribute', path: 'registeredAt', members: [] });
  });
});
