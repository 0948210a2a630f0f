/**
 * The names of `base.timezone`. The vendor lists 342 IANA names of about 2018. Ours are those that the runtime
 * knows plus the ones below, a superset of the vendor's: the runtime reports one name per zone, often the older
 * one (Asia/Calcutta), and has folded some of the vendor's into their neighbours.
 */
const NAMES_MISSING_FROM_THE_RUNTIME = [
  'America/Argentina/Buenos_Aires',
  'America/Argentina/Catamarca',
  'America/Argentina/Cordoba',
  'America/Argentina/Jujuy',
  'America/Argentina/Mendoza',
  'America/Atikokan',
  'America/Indiana/Indianapolis',
  'America/Kentucky/Louisville',
  'America/Nipigon',
  'America/Nuuk',
  'America/Pangnirtung',
  'America/Rainy_River',
  'America/Thunder_Bay',
  'America/Yellowknife',
  'Asia/Choibalsan',
  'Asia/Ho_Chi_Minh',
  'Asia/Kathmandu',
  'Asia/Kolkata',
  'Asia/Yangon',
  'Atlantic/Faroe',
  'Australia/Currie',
  'Europe/Kyiv',
  'Europe/Uzhgorod',
  'Europe/Zaporozhye',
  'Pacific/Chuuk',
  'Pacific/Kanton',
  'Pacific/Pohnpei',
];

/** Every accepted time zone name, sorted. */
export const TIME_ZONE_NAMES: readonly string[] = [
  ...new Set([...Intl.supportedValuesOf('timeZone'), ...NAMES_MISSING_FROM_THE_RUNTIME]),
].sort();
