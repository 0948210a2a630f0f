import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import metadata from 'libphonenumber-js/min/metadata';
import examples from 'libphonenumber-js/mobile/examples';
import { isPlainNumber } from '../../../src/core/value/numbering-plans.ts';
import fc from '../../helpers/fast-check.ts';

/** Whether the library takes it for valid, and leaves it as it is. */
function isValidAsItStands(text: string): boolean {
  const number = parsePhoneNumberFromString(text, { extract: false });
  return number?.isValid() === true && number.number === text;
}

const codes = Object.keys(metadata.country_calling_codes);
/** Numbers that are not far from some country's mobile numbers. */
const nearNumbers = fc
  .tuple(fc.constantFrom(...Object.entries(examples)), fc.nat(99_999), fc.integer({ min: 0, max: 5 }))
  .map(([[country, example], digits, kept]) => {
    const code = codes.find((one) => metadata.country_calling_codes[one]?.some((each) => each === country));
    const tail = String(digits).padStart(5, '0').slice(kept);
    return `+${code}${example.slice(0, example.length - tail.length)}${tail}`;
  });
const anyNumbers = fc
  .tuple(fc.constantFrom(...codes), fc.stringMatching(/^\d{3,12}$/))
  .map(([code, digits]) => `+${code}${digits}`);

test('what is taken for a number as it stands the library takes for one, too', () => {
  fc.assert(
    fc.property(fc.oneof(nearNumbers, anyNumbers), (text) => {
      if (isPlainNumber(text)) assert.ok(isValidAsItStands(text), text);
    }),
    { numRuns: 5000 },
  );
});

test('numbers of many countries are known as they stand, and nothing else is', () => {
  const numbers = [
    '+393331234567',
    '+4915112345678',
    '+33612345678',
    '+12133734253',
    '+447400123456',
    '+34612345678',
    '+919812345678',
  ];
  for (const text of numbers) assert.equal(isPlainNumber(text), true, text);
  for (const text of ['', '+', '+39', '+39333123456x', '393331234567', '+0393331234567', '+999123456789'])
    assert.equal(isPlainNumber(text), false, text);
});
