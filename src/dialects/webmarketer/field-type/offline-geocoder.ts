import { type Country, resolveCountry } from './country-names.ts';
import type { Geocoder, Location } from './geocoder.ts';

/** A geocoder without a network that resolves an address to its country and the country's centre. */
export const offlineGeocoder: Geocoder = {
  locate(address) {
    const country =
      (address.country && resolveCountry(address.country)) ||
      (address.countryCode && resolveCountry(address.countryCode)) ||
      undefined;
    return country === undefined ? undefined : toLocation(country);
  },
};

// docs/spec/webmarketer.md ruling 9; its sample repeats the country as the neighbourhood.
function toLocation(country: Country): Location {
  return {
    formattedAddress: country.name,
    location: { type: 'Point', coordinates: [country.longitude, country.latitude] },
    extra: {
      googlePlaceId: null,
      confidence: 0.5,
      premise: null,
      subpremise: null,
      neighborhood: country.name,
      establishment: null,
    },
    administrativeLevels: {},
    city: null,
    zipcode: null,
    streetName: null,
    streetNumber: null,
    country: country.name,
    countryCode: country.code,
  };
}
