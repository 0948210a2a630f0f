import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COUNTRIES } from '../../../../src/dialects/webmarketer/field-type/countries.ts';
import { checkValue, type FieldContext } from '../../../../src/dialects/webmarketer/field-type/field-type.ts';
import type { Address, Geocoder } from '../../../../src/dialects/webmarketer/field-type/geocoder.ts';
import { offlineGeocoder } from '../../../../src/dialects/webmarketer/field-type/offline-geocoder.ts';

const CONTEXT: FieldContext = { phoneCountries: [], currency: 'EUR', receivedAt: new Date() };

function codeOf(country: string): string | undefined {
  return offlineGeocoder.locate({ country })?.countryCode;
}

test("the sample's France 10928 resolves to the documented location, the place id apart", () => {
  assert.deepEqual(checkValue('location', { country: 'France', zipcode: '10928' }, CONTEXT), {
    valid: true,
    current: {
      formattedAddress: 'France',
      location: { type: 'Point', coordinates: [2.213749, 46.227638] },
      extra: {
        googlePlaceId: null,
        confidence: 0.5,
        premise: null,
        subpremise: null,
        neighborhood: 'France',
        establishment: null,
      },
      administrativeLevels: {},
      city: null,
      zipcode: null,
      streetName: null,
      streetNumber: null,
      country: 'France',
      countryCode: 'FR',
    },
  });
});

test('a location whose country does not resolve is invalid', () => {
  const values = [
    { zipcode: 'wd', country: 'wd' },
    { zipcode: '33000' },
    { country: '' },
    { country: 'Atlantis', zipcode: 33000 },
    { country: ['FR'] },
    { country: 'F'.repeat(300) },
    { country: 'a'.repeat(150) },
    {},
    ['FR'],
    'France',
    null,
    undefined,
  ];
  for (const value of values)
    assert.equal(checkValue('location', value, CONTEXT).valid, false, JSON.stringify(value));
});

test('the code is taken where the name does not resolve', () => {
  assert.equal(offlineGeocoder.locate({ country: 'Frankonia', countryCode: 'de' })?.country, 'Germany');
});

test('every country is found by its codes, by its name in each language and by its own name', () => {
  for (const [alpha2, alpha3] of COUNTRIES) {
    assert.equal(codeOf(alpha2), alpha2);
    assert.equal(codeOf(alpha3.toLowerCase()), alpha2);
    const ownLanguage = new Intl.Locale(`und-${alpha2}`).maximize().language;
    for (const language of ['en', 'fr', 'de', 'es', 'it', 'pt', 'nl', 'pl', ownLanguage]) {
      const name = new Intl.DisplayNames([language], { type: 'region' }).of(alpha2) ?? '';
      assert.equal(codeOf(name.toUpperCase()), alpha2, `${language} ${name}`);
    }
  }
});

test('accents, case, punctuation, ampersands and articles do not matter', () => {
  const names: [string, string][] = [
    ['  ESPANA ', 'ES'],
    ['etats-unis', 'US'],
    ["Cote d'Ivoire", 'CI'],
    ['CÔTE D’IVOIRE', 'CI'],
    ['Trinidad and Tobago', 'TT'],
    ['The Netherlands', 'NL'],
    ['Saint Lucia', 'LC'],
    ['Saint Vincent and the Grenadines', 'VC'],
    ['Österreich', 'AT'],
    ['OSTERREICH', 'AT'],
  ];
  for (const [name, code] of names) assert.equal(codeOf(name), code, name);
});

test('names in common use beside the official ones resolve', () => {
  const names: [string, string][] = [
    ['UK', 'GB'],
    ['England', 'GB'],
    ['USA', 'US'],
    ['U.S.A.', 'US'],
    ['United States of America', 'US'],
    ['Holland', 'NL'],
    ['Czech Republic', 'CZ'],
    ['Turkey', 'TR'],
    ['Russian Federation', 'RU'],
    ['Ivory Coast', 'CI'],
    ['Korea, Republic of', 'KR'],
    ['Viet Nam', 'VN'],
    ['Palestine', 'PS'],
  ];
  for (const [name, code] of names) assert.equal(codeOf(name), code, name);
});

test('names that are close to each other stay apart', () => {
  const pairs: [string, string][] = [
    ['Niger', 'NE'],
    ['Nigeria', 'NG'],
    ['Guinea', 'GN'],
    ['Guinea-Bissau', 'GW'],
    ['Dominica', 'DM'],
    ['Dominican Republic', 'DO'],
    ['Congo', 'CG'],
    ['Congo, The Democratic Republic of the', 'CD'],
    ['Australia', 'AU'],
    ['Austria', 'AT'],
  ];
  for (const [name, code] of pairs) assert.equal(codeOf(name), code, name);
});

test('the table has each country once, in order, at a place on earth', () => {
  const codes = COUNTRIES.map(([alpha2]) => alpha2);
  assert.deepEqual(codes, [...new Set(codes)].sort());
  assert.equal(new Set(COUNTRIES.map(([, alpha3]) => alpha3)).size, 250);
  for (const [alpha2, alpha3, latitude, longitude] of COUNTRIES) {
    assert.match(alpha2 + alpha3, /^[A-Z]{5}$/);
    assert.ok(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180, alpha2);
  }
});

test('centres lie in their countries, longitude first', () => {
  const places: [string, number, number][] = [
    ['BE', 4.5, 50.5],
    ['US', -95.7, 37.1],
    ['BR', -51.9, -14.2],
    ['NZ', 174.9, -40.9],
    ['ZA', 22.9, -30.6],
    ['RE', 55.5, -21.1],
  ];
  for (const [code, longitude, latitude] of places) {
    const [east, north] = offlineGeocoder.locate({ country: code })?.location.coordinates ?? [0, 0];
    assert.ok(Math.abs(east - longitude) < 1 && Math.abs(north - latitude) < 1, code);
  }
});

test('a located address belongs to its caller alone', () => {
  const first = offlineGeocoder.locate({ country: 'FR' });
  assert.ok(first !== undefined);
  first.location.coordinates[0] = 0;
  first.administrativeLevels.level1 = 'changed';
  const second = offlineGeocoder.locate({ country: 'FR' });
  assert.equal(second?.location.coordinates[0], 2.213749);
  assert.deepEqual(second?.administrativeLevels, {});
});

test('another geocoder gets the trimmed, bounded parts of the address and decides', () => {
  const asked: Address[] = [];
  const geocoder: Geocoder = {
    locate(address) {
      asked.push(address);
      return address.zipcode === '33000' ? offlineGeocoder.locate({ country: 'FR' }) : undefined;
    },
  };
  const raw = { zipcode: 33000, city: ' Bordeaux ', streetName: 's'.repeat(201), country: '', other: 'x' };
  assert.equal(checkValue('location', raw, { ...CONTEXT, geocoder }).valid, true);
  assert.equal(checkValue('location', { country: 'France' }, { ...CONTEXT, geocoder }).valid, false);
  assert.deepEqual(asked, [{ zipcode: '33000', city: 'Bordeaux' }, { country: 'France' }]);
});
