/**
 * The codes of `amount.local.currency`. The vendor lists 161, many of them withdrawn since; ours are those in use
 * by the runtime's ISO 4217 data plus the withdrawn ones and the metals, a superset of the vendor's.
 */
const WITHDRAWN_CODES_AND_METALS = [
  'BYR',
  'EEK',
  'LTL',
  'LVL',
  'MRO',
  'SKK',
  'STD',
  'TMM',
  'VEB',
  'XAG',
  'XAU',
  'XPD',
  'XPT',
  'ZMK',
  'ZWD',
];

/** Every accepted currency code, sorted. */
export const CURRENCY_CODES: readonly string[] = [
  ...new Set([...Intl.supportedValuesOf('currency'), ...WITHDRAWN_CODES_AND_METALS]),
].sort();
