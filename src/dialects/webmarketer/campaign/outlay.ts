/** What a campaign cost during a time. */
export interface Outlay {
  readonly id: string;
  readonly campaignId: string;
  /** In the units (not the cents) of the currency. */
  readonly amount: number;
  /** ISO 4217: the integration's when the outlay was made. */
  readonly currency: string;
  readonly startsAt: Date;
  /** The first instant that is not covered any more; always after `startsAt`. */
  readonly endsAt: Date;
  readonly country: string | null;
  readonly region: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** What of an outlay is given by whoever makes or changes it. */
export type OutlayFacts = Pick<
  Outlay,
  'campaignId' | 'amount' | 'startsAt' | 'endsAt' | 'country' | 'region'
>;
