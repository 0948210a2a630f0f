import { COUNTRIES } from './countries.ts';
import { COUNTRY_ALIASES } from './country-aliases.ts';

/** A country with its English name and its centre in degrees. */
export interface Country {
  /** ISO 3166-1 alpha-2. */
  code: string;
  name: string;
  latitude: number;
  longitude: number;
}

const MAXIMUM_NAME_LENGTH = 100;
const LANGUAGES = ['en', 'fr', 'de', 'es', 'it', 'pt', 'nl', 'pl'];

// Letters that canonical decomposition leaves whole.
const LETTERS: Readonly<Record<string, string>> = {
  ł: 'l',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  '&': ' and ',
};

let countriesByName: ReadonlyMap<string, Country> | undefined;

/**
 * The country that a text names: an ISO 3166-1 alpha-2 or alpha-3 code, or a name in English, French, German,
 * Spanish, Italian, Portuguese, Dutch, Polish or the country's own language, whatever its case and accents.
 */
export function resolveCountry(text: string): Country | undefined {
  if (text.length > MAXIMUM_NAME_LENGTH) return undefined;
  countriesByName ??= indexCountries();
  return countriesByName.get(foldName(text));
}

function foldName(name: string): string {
  return name
    .toLowerCase()
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[łøđðþıßæœ&]/g, (letter) => LETTERS[letter] ?? letter)
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim()
    .replace(/\bsaint (?=\S)/, 'st ')
    .replace(/\bthe (?=\S)/g, '');
}

/** Codes win over names, names in an earlier language over those in a later one. */
function indexCountries(): Map<string, Country> {
  const index = new Map<string, Country>();
  const add = (name: string | undefined, country: Country) => {
    const key = name === undefined ? '' : foldName(name);
    if (key !== '' && !index.has(key)) index.set(key, country);
  };
  const english = regionNames('en');
  const countries = COUNTRIES.map(([code, alpha3, latitude, longitude]) => {
    const country = { code, name: english.of(code) ?? code, latitude, longitude };
    return { country, alpha3, aliases: COUNTRY_ALIASES[code] ?? [] };
  });
  for (const { country } of countries) add(country.code, country);
  for (const { country, alpha3 } of countries) add(alpha3, country);
  for (const { country, aliases } of countries)
    for (const name of [country.name, ...aliases]) add(name, country);
  for (const language of LANGUAGES.slice(1)) {
    const names = regionNames(language);
    for (const { country } of countries) add(names.of(country.code), country);
  }
  for (const { country } of countries) add(nameInOwnLanguage(country.code), country);
  return index;
}

function nameInOwnLanguage(code: string): string | undefined {
  return regionNames(new Intl.Locale(`und-${code}`).maximize().language).of(code);
}

function regionNames(language: string): Intl.DisplayNames {
  return new Intl.DisplayNames([language], { type: 'region', fallback: 'none' });
}
