import assert from 'node:assert/strict';
import { test } from 'node:test';
import examples from 'libphonenumber-js/mobile/examples';
import { normalizePhone } from '../../../src/core/value/normal-form.ts';
import { checkValue, toE164 } from '../../../src/dialects/webmarketer/field-type/field-type.ts';
import fc from '../../helpers/fast-check.ts';

function internationalForm(raw: unknown, phoneCountries: string[]): unknown {
  const checked = checkValue('phone', raw, { phoneCountries, currency: 'EUR', receivedAt: new Date() });
  return checked.valid ? checked.current : undefined;
}

test('a national number is read in the first country in which it is valid', () => {
  // 0470 is a mobile prefix in Belgium and a landline prefix in France.
  assert.equal(toE164('0470 12 34 56', ['BE', 'FR']), '+32470123456');
  assert.equal(toE164('0470 12 34 56', ['FR', 'BE']), '+33470123456');
  assert.equal(toE164('0470 12 34 56', ['US', 'BE']), '+32470123456');
});

test('a number with + or 00 needs no country and ignores the configured ones', () => {
  for (const raw of [
    '+33612345678',
    '0033612345678',
    '(+33) 6 12 34 56 78',
    '+33 (0)6 12 34 56 78',
    ' +33-612345678 ',
  ]) {
    assert.equal(toE164(raw, []), '+33612345678', raw);
    assert.equal(toE164(raw, ['US']), '+33612345678', raw);
  }
});

test('a number sent as a JSON number is read as its digits', () => {
  assert.equal(toE164(612345678, ['FR']), '+33612345678');
  assert.equal(toE164(33612345678, ['FR']), '+33612345678');
  assert.equal(toE164(-612345678, ['FR']), undefined);
});

test('what is not a valid number in any of the countries has no form', () => {
  for (const raw of [
    '',
    '0613',
    '+',
    '+33',
    '00',
    'call 0612345678',
    '0612345678 or so',
    '0'.repeat(65),
    null,
    {},
    1.5,
  ]) {
    assert.equal(toE164(raw, ['FR', 'BE']), undefined, String(raw));
  }
  assert.equal(toE164('0612345678', []), undefined);
  assert.equal(toE164('0612345678', ['ZZ', '']), undefined);
});

test('an extension is shown but is no part of the identifier', () => {
  assert.equal(internationalForm('+1 307 280 5881 ext. 5', []), '+1 307 280 5881 ext. 5');
  assert.equal(normalizePhone('+1 307 280 5881 ext. 5', []), '+13072805881');
});

test('one number under two lists of countries is not mixed up however often it is asked for', () => {
  for (let round = 0; round < 3; round++) {
    assert.equal(normalizePhone('0470 12 34 56', ['FR']), '+33470123456');
    assert.equal(normalizePhone('0470 12 34 56', ['BE']), '+32470123456');
    assert.equal(normalizePhone('0470 12 34 56', []), undefined);
  }
});

test('a number is still read after more numbers than are remembered', () => {
  for (let number = 0; number < 5000; number++) {
    assert.equal(normalizePhone(`06${10_000_000 + number}`, ['FR']), `+336${10_000_000 + number}`);
  }
  assert.equal(normalizePhone('0610000000', ['FR']), '+33610000000');
});

test("every country's example number normalises to forms that normalise to themselves", () => {
  for (const [country, example] of Object.entries(examples)) {
    const e164 = toE164(example, [country]);
    assert.ok(e164 !== undefined, country);
    const international = internationalForm(example, [country]);
    assert.equal(internationalForm(international, []), international, country);
    assert.equal(internationalForm(e164, []), international, country);
    assert.equal(toE164(international, []), e164, country);
  }
});

test('any valid number normalises to a form that normalises to itself', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('FR', 'US', 'GB', 'IT', 'AR', 'MX', 'DE', 'BR'),
      fc.nat(99_999_999_999),
      (country, digits) => {
        const form = internationalForm(String(digits), [country]);
        if (form !== undefined) assert.equal(internationalForm(form, [country]), form);
      },
    ),
    { numRuns: 2000 },
  );
});
