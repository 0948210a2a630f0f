import metadata from 'libphonenumber-js/min/metadata';

/** What one country takes for a number behind its calling code. */
interface Plan {
  readonly whole: RegExp;
  /** Kinds of numbers (fixed, mobile, toll-free …) with their lengths; there are some where countries have to be told apart by them. */
  readonly kinds: readonly { readonly whole: RegExp; readonly lengths: Row }[];
  /** By these alone the number is the country's. */
  readonly leadingDigits: RegExp | undefined;
}

interface CallingCode {
  /** What is dialled before a number at home, and may be taken from it. */
  readonly prefix: RegExp | undefined;
  readonly plans: readonly Plan[];
}

const e164 = /^\+[1-9]\d{6,14}$/;
const longestCallingCode = 3;
const known = new Map<string, CallingCode>();

/**
 * Whether a text is a valid number in E.164 just as it stands. False: it is not, or it takes the library's closer look. Most numbers that are
 * sent stand so; parsing takes one apart in twenty steps and makes a regular expression for each.
 */
export function isPlainNumber(text: string): boolean {
  if (!e164.test(text)) return false;
  for (let length = 1; length <= longestCallingCode; length++) {
    const code = callingCodeOf(text.slice(1, 1 + length));
    if (code) return isOf(code, text.slice(1 + length));
  }
  return false;
}

function isOf({ prefix, plans }: CallingCode, number: string): boolean {
  if (prefix?.test(number)) return false;
  const [only, ...others] = plans;
  if (only && others.length === 0)
    return only.whole.test(number) && (only.kinds.length === 0 || isOfKind(only, number));
  for (const plan of plans) {
    if (plan.leadingDigits?.test(number)) return false;
    if (!plan.leadingDigits && plan.whole.test(number) && isOfKind(plan, number)) return true;
  }
  return false;
}

function isOfKind({ kinds }: Plan, number: string): boolean {
  return kinds.some(({ whole, lengths }) => lengths.includes(number.length) && whole.test(number));
}

function callingCodeOf(digits: string): CallingCode | undefined {
  const found = known.get(digits);
  if (found || !Object.hasOwn(metadata.country_calling_codes, digits)) return found;
  // The first of the countries is the one that the code is chiefly of.
  const rows = (metadata.country_calling_codes[digits] ?? []).map(
    (country): Row => metadata.countries[country] ?? [],
  );
  const [main = []] = rows;
  const code = { prefix: beginning(main[at.parsedPrefix] || main[at.prefix]), plans: rows.map(planOf) };
  known.set(digits, code);
  return code;
}

/** A country, or a kind of numbers, in the library's metadata. */
type Row = readonly unknown[];

/** Where something is in the row of a country, version 4; of a kind of numbers the pattern is first, and its lengths are second. */
const at = { pattern: 2, lengths: 3, prefix: 5, parsedPrefix: 7, leadingDigits: 10, kinds: 11 } as const;

function planOf(row: Row): Plan {
  const kinds = listOf(row[at.kinds]).map(listOf);
  return {
    whole: whole(row[at.pattern]),
    kinds: kinds.flatMap(([pattern, lengths]) =>
      pattern ? [{ whole: whole(pattern), lengths: listOf(lengths ?? row[at.lengths]) }] : [],
    ),
    leadingDigits: beginning(row[at.leadingDigits]),
  };
}

function whole(pattern: unknown): RegExp {
  return new RegExp(`^(?:${String(pattern)})$`);
}

function beginning(pattern: unknown): RegExp | undefined {
  return pattern ? new RegExp(`^(?:${String(pattern)})`) : undefined;
}

function listOf(value: unknown): Row {
  return Array.isArray(value) ? value : [];
}
