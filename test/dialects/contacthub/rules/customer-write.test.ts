import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { flattenCustomer } from '../../../../src/dialects/contacthub/rules/customer-attributes.ts';
import {
  type CollectionRule,
  changeCustomer,
  maximumItems,
} from '../../../../src/dialects/contacthub/rules/customer-write.ts';

function change(current: Record<string, unknown>, body: Record<string, unknown>, rule: CollectionRule) {
  return { ...changeCustomer({ shown: current, values: current }, flattenCustomer(body), rule) };
}

describe('changeCustomer', () => {
  it('changes only what is given and different', () => {
    const current = { 'base.firstName': 'A', 'base.lastName': 'B', 'base.address.geo': { lon: 2, lat: 1 } };
    const body = { base: { firstName: 'A', lastName: 'C', address: { geo: { lat: 1, lon: 2 } } } };
    assert.deepEqual(change(current, body, 'set'), { 'base.lastName': 'C' });
  });

  it('appends to collections without repeating items', () => {
    const current = { 'tags.manual': ['a', 'b'], 'base.jobs': [{ id: '1', jobTitle: 'x' }] };
    const body = {
      tags: { manual: ['b', 'c', 'c'] },
      base: {
        jobs: [
          { jobTitle: 'y', id: '1' },
          { id: '2', jobTitle: 'z' },
        ],
      },
    };
    assert.deepEqual(change(current, body, 'append'), {
      'tags.manual': ['a', 'b', 'c'],
      'base.jobs': [
        { jobTitle: 'y', id: '1' },
        { id: '2', jobTitle: 'z' },
      ],
    });
  });

  it('replaces collections by a set, without repeats', () => {
    assert.deepEqual(change({ 'tags.manual': ['a', 'b'] }, { tags: { manual: ['c', 'c'] } }, 'set'), {
      'tags.manual': ['c'],
    });
  });

  it('merges subscriptions by id, keeping what is not given, but strictly replaces them', () => {
    const current = {
      'base.subscriptions': [
        { id: 'news', subscribed: true, name: 'News' },
        { id: 'sms', subscribed: true },
      ],
    };
    const body = {
      base: {
        subscriptions: [
          { id: 'news', subscribed: false },
          { id: 'new', subscribed: true },
        ],
      },
    };
    const merged = [
      { id: 'news', subscribed: false, name: 'News' },
      { id: 'sms', subscribed: true },
      { id: 'new', subscribed: true },
    ];
    for (const rule of ['append', 'set'] as const)
      assert.deepEqual(change(current, body, rule), { 'base.subscriptions': merged });
    assert.deepEqual(change(current, body, 'strict'), { 'base.subscriptions': body.base.subscriptions });
  });

  it('clears every attribute of a part that is null', () => {
    const current = {
      'base.contacts.email': 'a',
      'base.contacts.otherContacts': [{ name: 'n' }],
      extra: 'e',
    };
    assert.deepEqual(change(current, { base: { contacts: null } }, 'set'), {
      'base.contacts.email': null,
      'base.contacts.otherContacts': [],
    });
  });

  it('merges the members of an extended object', () => {
    assert.deepEqual(change({ 'extended.o': { a: 1, b: 2 } }, { extended: { o: { b: 3 } } }, 'set'), {
      'extended.o': { a: 1, b: 3 },
    });
  });

  it('lets no collection grow without end', () => {
    const current = { 'tags.auto': Array.from({ length: maximumItems }, (_, index) => `t${index}`) };
    assert.deepEqual(change(current, { tags: { auto: ['one-more'] } }, 'append'), {});
  });
});
