/** A campaign of an integration (spec/webmarketer.md A3, B11). */
export interface Campaign {
  readonly id: string;
  /** The integration. */
  readonly sourceId: number;
  /** Names the campaign in landing URLs; unique within the integration, and never changes. */
  readonly slug: string;
  readonly name: string;
  readonly active: boolean;
  /** False: it appeared from traffic, and nobody has created it. */
  readonly explicit: boolean;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export const maximumSlugLength = 200;
export const maximumCampaignNameLength = 200;

/** Of one integration. Anybody can write slugs into a landing URL: from here on traffic makes no further campaigns. */
export const maximumCampaigns = 10_000;

/** The slug of the implicit campaign of traffic that names none. */
export const unnamedSlug = 'default';
