import { type CheckedValue, invalid, valid } from '../../../core/value/checked-value.ts';
import { isRecord, readText } from '../../../core/value/text.ts';
import type { Address, Geocoder } from './geocoder.ts';

const ADDRESS_PARTS = ['country', 'countryCode', 'zipcode', 'city', 'streetName', 'streetNumber'] as const;
const MAXIMUM_PART_LENGTH = 200;

/** Checks an address `{zipcode, country, …}`: valid when the geocoder finds at least its country. */
export function checkLocation(raw: unknown, geocoder: Geocoder): CheckedValue {
  const address = readAddress(raw);
  const location = address === undefined ? undefined : geocoder.locate(address);
  return location === undefined ? invalid('neither the zipcode nor the country resolves') : valid(location);
}

function readAddress(raw: unknown): Address | undefined {
  if (!isRecord(raw)) return undefined;
  const address: Address = {};
  for (const part of ADDRESS_PARTS) {
    const text = readText(raw[part], MAXIMUM_PART_LENGTH)?.trim();
    if (text) address[part] = text;
  }
  return Object.keys(address).length === 0 ? undefined : address;
}
