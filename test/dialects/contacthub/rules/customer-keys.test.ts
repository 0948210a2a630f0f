import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { maximumKeyLength } from '../../../../src/core/identity/identity.ts';
import type { Node, NodeSettings } from '../../../../src/core/node/node.ts';
import { flattenCustomer } from '../../../../src/dialects/contacthub/rules/customer-attributes.ts';
import {
  clearedPaths,
  contactKeys,
  customerKeys,
  matchingKey,
  matchingPolicyOf,
  touches,
} from '../../../../src/dialects/contacthub/rules/customer-keys.ts';

function nodeWith(settings: NodeSettings): Node {
  return {
    id: 1,
    publicId: '',
    dialect: 'contacthub',
    kind: 'entry',
    name: '',
    isDefault: true,
    settings,
    createdAt: new Date(0),
    archivedAt: null,
  };
}

const byEmail = { paths: ['base.contacts.email'], caseSensitive: false };

describe('matchingKey', () => {
  it('minds the case only where the policy does', () => {
    const lower = { 'base.contacts.email': 'ann@example.com' };
    const upper = { 'base.contacts.email': 'Ann@Example.com' };
    assert.deepEqual(matchingKey(lower, byEmail), matchingKey(upper, byEmail));
    const strict = { ...byEmail, caseSensitive: true };
    assert.notDeepEqual(matchingKey(lower, strict), matchingKey(upper, strict));
  });

  it('does not confuse values that join to the same text', () => {
    const policy = { paths: ['base.firstName', 'base.lastName'], caseSensitive: true };
    assert.notDeepEqual(
      matchingKey({ 'base.firstName': 'a', 'base.lastName': 'bc' }, policy),
      matchingKey({ 'base.firstName': 'ab', 'base.lastName': 'c' }, policy),
    );
  });

  it('is none when a property is missing or empty', () => {
    assert.equal(matchingKey({}, byEmail), undefined);
    assert.equal(matchingKey({ 'base.contacts.email': '' }, byEmail), undefined);
  });

  it('fits the index however long the values are', () => {
    const policy = { paths: ['base.firstName', 'base.lastName', 'extra'], caseSensitive: true };
    const values = { 'base.firstName': 'x'.repeat(255), 'base.lastName': 'y'.repeat(255), extra: 'z' };
    const key = matchingKey(values, policy);
    assert.ok(key && key.value.length <= maximumKeyLength);
    assert.notDeepEqual(key, matchingKey({ ...values, extra: 'zz' }, policy));
  });
});

describe('matchingPolicyOf', () => {
  it('takes properties with and without the prefix base', () => {
    const settings = {
      uniqueCustomer: { properties: ['contacts.email', 'externalId'], caseSensitive: true },
    };
    assert.deepEqual(matchingPolicyOf(nodeWith(settings))?.paths, ['base.contacts.email', 'externalId']);
  });

  it('is none where nobody is matched', () => {
    const uniqueCustomer = { properties: ['base.contacts.email'], caseSensitive: true };
    assert.equal(matchingPolicyOf(nodeWith({ uniqueCustomer, uniquenessPolicy: 'NO_CHECK' })), undefined);
    assert.equal(matchingPolicyOf(nodeWith({})), undefined);
  });
});

describe('contactKeys', () => {
  it('are in normal form, and each is there once', () => {
    const keys = contactKeys(
      {
        'base.contacts.email': 'Ann@Example.COM',
        'base.contacts.mobilePhone': '06 12 34 56 78',
        'base.contacts.phone': '+33612345678',
        externalId: 'X-1',
      },
      ['FR'],
    );
    assert.deepEqual(keys, [
      { kind: 'email', value: 'ann@example.com' },
      { kind: 'phone', value: '+33612345678' },
      { kind: 'external', value: 'X-1' },
    ]);
  });

  it('follow with the matching key from all values', () => {
    const node = nodeWith({ uniqueCustomer: { properties: ['base.contacts.email'], caseSensitive: false } });
    const kinds = customerKeys({ 'base.contacts.email': 'a@b.it' }, node, []).map((key) => key.kind);
    assert.deepEqual(kinds, ['matching', 'email']);
  });
});

describe('a write and the properties of the policy', () => {
  const paths = ['base.contacts.email'];
  it('is seen to take a value away, alone or with its part', () => {
    assert.deepEqual(clearedPaths(flattenCustomer({ base: { contacts: { email: null } } }), paths), paths);
    assert.deepEqual(clearedPaths(flattenCustomer({ base: { contacts: null } }), paths), paths);
    assert.deepEqual(clearedPaths(flattenCustomer({ base: { firstName: 'A' } }), paths), []);
  });
  it('is seen to touch it', () => {
    assert.equal(touches(flattenCustomer({ base: { contacts: { email: 'a@b.it' } } }), paths), true);
    assert.equal(touches(flattenCustomer({ base: { contacts: { phone: '1' } } }), paths), false);
  });
});
