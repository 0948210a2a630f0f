import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  checkValue,
  FIELD_TYPE_NAMES,
  type FieldContext,
  type FieldTypeName,
} from '../../../../src/dialects/webmarketer/field-type/field-type.ts';
import fc from '../../../helpers/fast-check.ts';

const CONTEXT: FieldContext = {
  phoneCountries: ['FR', 'BE'],
  currency: 'EUR',
  receivedAt: new Date('2024-04-16T20:37:03.000Z'),
};

function currentOf(type: FieldTypeName, raw: unknown): unknown {
  const checked = checkValue(type, raw, CONTEXT);
  assert.ok(checked.valid, `${type} ${JSON.stringify(raw)} should be valid`);
  return checked.current;
}

function assertInvalid(type: FieldTypeName, values: unknown[]): void {
  for (const value of values) {
    const checked = checkValue(type, value, CONTEXT);
    assert.equal(checked.valid, false, `${type} ${JSON.stringify(value)} should be invalid`);
  }
}

test('the values of the documented sample event keep or get their documented normal form', () => {
  assert.equal(currentOf('string', 'Felicita'), 'Felicita');
  assert.equal(
    currentOf('email', 'lenora.greenfelder@stoltenberg.com'),
    'lenora.greenfelder@stoltenberg.com',
  );
  assert.equal(currentOf('phone', '+13072805881'), '+1 307 280 5881');
  assert.equal(
    currentOf('string', '02c5fa45-be95-304b-90ed-2fb213594279'),
    '02c5fa45-be95-304b-90ed-2fb213594279',
  );
  assert.deepEqual(currentOf('currency', { amount: 70.23, currency: 'EUR' }), {
    currency: 'EUR',
    amount: 70.23,
  });
  assert.equal(currentOf('number', 3), 3);
  assert.equal(currentOf('state', 1), 1);
});

test('the values of the documented trashed events are invalid', () => {
  assertInvalid('phone', ['0613']);
  assertInvalid('location', [{ zipcode: 'wd', country: 'wd' }]);
});

test('a string is kept as it was sent', () => {
  for (const text of ['', ' padded ', '1,234', 'é', '👋', 'a'.repeat(10_000)]) {
    assert.equal(currentOf('string', text), text);
  }
});

test('a number in a string field becomes its decimal text', () => {
  assert.equal(currentOf('string', 12345), '12345');
  assert.equal(currentOf('message', 0.5), '0.5');
});

test('a string that is too long or that the database could not store is invalid', () => {
  assertInvalid('string', [
    'a'.repeat(10_001),
    'a\0b',
    '\ud800',
    true,
    null,
    undefined,
    {},
    ['a'],
    Number.NaN,
  ]);
});

test('a message may be longer than a string, up to its own bound', () => {
  assert.equal(currentOf('message', 'a'.repeat(100_000)), 'a'.repeat(100_000));
  assertInvalid('message', ['a'.repeat(100_001), false, null]);
});

test('a boolean is read from the eight forms that clients send and from no other', () => {
  for (const raw of [true, 1, '1', 'true']) assert.equal(currentOf('boolean', raw), true);
  for (const raw of [false, 0, '0', 'false']) assert.equal(currentOf('boolean', raw), false);
  assertInvalid('boolean', ['', 'yes', 'TRUE', 2, null, undefined, [], {}]);
});

test('a state is 0 or 1, as a number, a boolean or the text of one', () => {
  assert.equal(currentOf('state', true), 1);
  assert.equal(currentOf('state', 0), 0);
  assert.equal(currentOf('state', false), 0);
  for (const text of ['1', 'true']) assert.equal(currentOf('state', text), 1);
  for (const text of ['0', 'false']) assert.equal(currentOf('state', text), 0);
  assertInvalid('state', [2, -1, 0.5, '2', 'yes', '', null, undefined]);
});

test('a number may be written as a plain decimal text', () => {
  assert.equal(currentOf('number', '12.5'), 12.5);
  assert.equal(currentOf('number', '-7'), -7);
  assert.equal(currentOf('number', -2.5e-3), -0.0025);
  assert.ok(Object.is(currentOf('number', '-0'), 0));
  assert.ok(Object.is(currentOf('number', -0), 0));
});

test('a number with thousands commas, an exponent, spaces or no digits is invalid', () => {
  assertInvalid('number', [
    '1,234',
    '1,5',
    '1e3',
    '0x10',
    ' 1',
    '',
    '.',
    '1.',
    '-',
    '1 000',
    'NaN',
    '9'.repeat(31),
  ]);
  assertInvalid('number', [Number.NaN, Number.POSITIVE_INFINITY, true, null, undefined, {}, [1]]);
});

test('a bare amount is in the currency of the workspace', () => {
  assert.deepEqual(currentOf('currency', 70.23), { amount: 70.23, currency: 'EUR' });
  assert.deepEqual(currentOf('currency', '100'), { amount: 100, currency: 'EUR' });
});

test('an amount names its currency by an ISO 4217 code in either case', () => {
  assert.deepEqual(currentOf('currency', { amount: '12.50', currency: 'usd', note: 1 }), {
    amount: 12.5,
    currency: 'USD',
  });
});

test('an amount without its number or its currency is invalid', () => {
  assertInvalid('currency', [
    { amount: 1 },
    { currency: 'EUR' },
    { amount: null, currency: 'EUR' },
    { amount: '1,234', currency: 'EUR' },
    { amount: 1, currency: '' },
    { amount: 1, currency: 'ZZZ' },
    { amount: 1, currency: '€' },
    { amount: 1, currency: 978 },
    [1, 'EUR'],
    null,
    '1,234',
  ]);
});

test('a date becomes ISO 8601 in UTC with milliseconds', () => {
  assert.equal(currentOf('date', '2022-04-01T06:00:00+01:00'), '2022-04-01T05:00:00.000Z');
  assertInvalid('date', ['', 'yesterday', 1648789200, null, undefined, []]);
});

test('a reason never repeats the value', () => {
  const secret = 'jean.dupont';
  for (const type of FIELD_TYPE_NAMES) {
    const checked = checkValue(type, [secret], CONTEXT);
    assert.ok(!checked.valid && checked.reason.length > 0 && !checked.reason.includes(secret));
  }
});

test('no value makes a check throw, and every normal form is valid and its own normal form', () => {
  const digits = fc.stringMatching(/^[+0-9 ().-]{3,18}$/);
  const address = fc.record({
    zipcode: fc.string(),
    country: fc.oneof(fc.string(), fc.constantFrom('FR', 'peru')),
  });
  const value = fc.oneof(fc.anything(), fc.jsonValue(), fc.string({ unit: 'binary' }), digits, address);
  fc.assert(
    fc.property(fc.constantFrom(...FIELD_TYPE_NAMES), value, (type, raw) => {
      const checked = checkValue(type, raw, CONTEXT);
      if (checked.valid) assert.deepEqual(currentOf(type, checked.current), checked.current);
    }),
    { numRuns: 3000 },
  );
});
