import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkValue, type FieldContext } from '../../../../src/dialects/webmarketer/field-type/field-type.ts';
import { wrapValue } from '../../../../src/dialects/webmarketer/field-type/value.ts';

const CONTEXT: FieldContext = { phoneCountries: ['FR'], currency: 'EUR', receivedAt: new Date() };
const EVENT_DATE = new Date('2024-04-16T20:37:02Z');

test('a valid value is wrapped as in the documented sample', () => {
  const raw = '+13072805881';
  assert.deepEqual(wrapValue('phone', raw, checkValue('phone', raw, CONTEXT), EVENT_DATE), {
    raw: '+13072805881',
    current: '+1 307 280 5881',
    type: 'phone',
    date: '2024-04-16T20:37:02.000Z',
    anonymized: false,
    invalid: false,
  });
});

test('an invalid value keeps what was sent and has no current', () => {
  assert.deepEqual(wrapValue('phone', '0613', checkValue('phone', '0613', CONTEXT), EVENT_DATE), {
    raw: '0613',
    current: null,
    type: 'phone',
    date: '2024-04-16T20:37:02.000Z',
    anonymized: false,
    invalid: true,
  });
});

test('a value that is false or zero is not taken for an invalid one', () => {
  assert.equal(wrapValue('boolean', 0, checkValue('boolean', 0, CONTEXT), EVENT_DATE).current, false);
  assert.equal(wrapValue('state', false, checkValue('state', false, CONTEXT), EVENT_DATE).current, 0);
});
