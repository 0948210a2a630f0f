import fc from '../helpers/fast-check.ts';

/** A number's text as a whole number and a power of ten, both as small as can be. Slow, and plain to see. */
export function decimalOf(text: string): string {
  const [mantissa = '', power = '0'] = text.toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  let digits = BigInt(whole + fraction);
  let exponent = Number(power) - fraction.length;
  if (digits === 0n) return '0';
  while (digits % 10n === 0n) {
    digits /= 10n;
    exponent++;
  }
  return `${digits}e${exponent}`;
}

/** A JSON text as a value whose numbers are `decimalOf` their own texts. */
export function decimalsOf(json: string): unknown {
  const reviver = (_name: string, value: unknown, context: { source?: string }) =>
    typeof value === 'number' ? { decimal: decimalOf(context.source ?? '') } : value;
  return JSON.parse(json, reviver as (name: string, value: unknown) => unknown);
}

const digits = (most: number) =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: most }).map((some) => some.join(''));

/** Numbers as JSON writes them, within the range of doubles: short ones, and more digits than a double holds. */
export const numberText = fc
  .tuple(
    fc.constantFrom('', '-'),
    fc.oneof(digits(5), digits(25)).map((text) => text.replace(/^0+(?=\d)/, '')),
    fc.option(digits(25), { nil: undefined }),
    fc.option(fc.integer({ min: -250, max: 250 }), { nil: undefined }),
    fc.constantFrom('e', 'E', 'e+'),
  )
  .map(([sign, whole, fraction, power, mark]) => {
    const exponent = power === undefined ? '' : `${power < 0 ? 'e' : mark}${power}`;
    return `${sign}${whole}${fraction === undefined ? '' : `.${fraction}`}${exponent}`;
  });

const text = fc.oneof(
  fc.string({ maxLength: 8 }),
  fc.constantFrom('12345678901234567890', '"', '\\', '\\"', ': 1e400,', '[9007199254740993]'),
);
const name = fc.stringMatching(/^[a-z]{1,6}$/);

/** JSON objects as texts, numbers and all, to a few levels. */
export const objectText = fc.letrec<{ value: string; object: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    numberText,
    text.map((value) => JSON.stringify(value)),
    fc.constantFrom('true', 'null', '[]', '{}'),
    fc.array(tie('value'), { maxLength: 3 }).map((items) => `[ ${items.join(' ,')}]`),
    tie('object'),
  ),
  object: fc
    .uniqueArray(fc.tuple(name, tie('value')), { maxLength: 4, selector: ([key]) => key })
    .map((members) => `{${members.map(([key, value]) => `"${key}" :${value}`).join(', ')} }`),
})).object;
