/** A campaign of an integration (docs/spec/webmarketer.md A3, B11). */
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
  /** True: a visitor's traffic made it, without a key. It counts on the visitors' own budget. */
  readonly keyless: boolean;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export const maximumSlugLength = 200;
export const maximumCampaignNameLength = 200;

/** Of one integration, by keyed calls: from here on they make no further campaigns. */
export const maximumCampaigns = 10_000;
/** Beside them, by visitors: anybody can write slugs into a landing URL. From here on their visits count without a campaign. */
export const maximumKeylessCampaigns = 500;

/** The slug of the implicit campaign of traffic that names none. */
export const unnamedSlug = 'default';
