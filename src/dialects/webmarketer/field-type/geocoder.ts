/** The parts of an address that a client gave; each is bounded text, and at least one is there. */
export interface Address {
  country?: string;
  countryCode?: string;
  zipcode?: string;
  city?: string;
  streetName?: string;
  streetNumber?: string;
}

/** A place as it is stored and shown: the `current` of a location value (docs/spec/webmarketer.md B3). */
export interface Location {
  formattedAddress: string;
  /** GeoJSON: longitude before latitude, in degrees. */
  location: { type: 'Point'; coordinates: [longitude: number, latitude: number] };
  extra: {
    googlePlaceId: string | null;
    /** 0 to 1; 0.5 when only the country is known. */
    confidence: number;
    premise: string | null;
    subpremise: string | null;
    neighborhood: string | null;
    establishment: string | null;
  };
  administrativeLevels: Record<string, string>;
  city: string | null;
  zipcode: string | null;
  streetName: string | null;
  streetNumber: string | null;
  country: string;
  /** ISO 3166-1 alpha-2. */
  countryCode: string;
}

/**
 * Finds the place that an address names. Synchronous, because it stands between a request and its commit: one that
 * asks a network answers from what it has learnt and fills that in beside the request.
 */
export interface Geocoder {
  /** The place, or undefined when nothing of the address resolves. A located place's own address finds it again. */
  locate(address: Address): Location | undefined;
}
