import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type {
  CustomField,
  ValidationMethod,
} from '../../../../src/dialects/octeth/custom-field/custom-field.ts';
import {
  identifyingKey,
  isEmptyValue,
  isValidValue,
  maximumValueLength,
  readFieldValue,
} from '../../../../src/dialects/octeth/custom-field/field-value.ts';

function fieldOf(validation: ValidationMethod): CustomField {
  return {
    id: 7,
    sourceId: 1,
    name: 'Field',
    type: 'Single line',
    alias: null,
    identifies: true,
    isUnique: false,
    isRequired: false,
    defaultValue: '',
    validation,
    detail: {},
    createdAt: new Date(0),
  };
}

describe('a value of a custom field', () => {
  it('is a text, or a list of texts', () => {
    const cases: [unknown, unknown][] = [
      ['a', 'a'],
      [0, '0'],
      [true, '1'],
      [false, '0'],
      [null, ''],
      [
        ['a', 1],
        ['a', '1'],
      ],
      [{ a: 1 }, undefined],
      [[{}], undefined],
      [undefined, undefined],
      ['nul\u0000', undefined],
      ['x'.repeat(maximumValueLength), 'x'.repeat(maximumValueLength)],
      ['x'.repeat(maximumValueLength + 1), undefined],
    ];
    for (const [given, value] of cases) assert.deepEqual(readFieldValue(given), value);
  });

  it('is empty when it is blank, and 0 is not', () => {
    for (const value of [undefined, '', ' ', [], ['', ' ']]) assert.equal(isEmptyValue(value), true);
    for (const value of ['0', 'a', ['', 'a']]) assert.equal(isEmptyValue(value), false);
  });

  it('keeps the rule of its field', () => {
    const cases: [ValidationMethod, string, string][] = [
      ['Numbers', '0123', '1.5'],
      ['Letters', 'aZ', 'a1'],
      ['Numbers and letters', 'a1', 'a-1'],
      ['Email address', 'a@b.test', 'a@b'],
      ['URL', 'https://a.test/?b', 'ftp://a.test'],
      ['Date', '2026-01-02', '02.01.2026'],
      ['Time', '10:00', '10'],
    ];
    for (const [method, right, wrong] of cases) {
      assert.equal(isValidValue(fieldOf(method), right), true, method);
      assert.equal(isValidValue(fieldOf(method), wrong), false, method);
      assert.equal(isValidValue(fieldOf(method), [right, wrong]), false, method);
      assert.equal(isValidValue(fieldOf(method), ''), true, method);
    }
    assert.equal(isValidValue(fieldOf('Disabled'), '?'), true);
  });

  it('makes a key unless it is too long; the case of a hash is none', () => {
    const field = fieldOf('Disabled');
    assert.deepEqual(identifyingKey(field, 'Ab'), { kind: 'customField', value: '7\nAb' });
    assert.deepEqual(identifyingKey(field, 'AB'.repeat(32)), {
      kind: 'customField',
      value: `7\n${'ab'.repeat(32)}`,
    });
    assert.equal(identifyingKey(field, 'x'.repeat(600)), undefined);
  });
});
