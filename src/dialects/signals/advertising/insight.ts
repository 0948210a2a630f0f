import { type Decimal, divideToHundredths, roundToHundredths, wholeNumber } from './decimal.ts';

/** What Meta tells of ads, summed over days. */
export interface AdSums {
  readonly clicks: number;
  readonly impressions: number;
  /** In the ad account's currency. */
  readonly spend: Decimal;
}

/** What our conversations tell of ads, summed over days. */
export interface ConversationSums {
  readonly sessions: number;
  /** Leads, each counted once for an ad, on the day of its first conversation. */
  readonly uniqueUsers: number;
  /** Leads that wrote a second message. */
  readonly engaged: number;
  /** Leads with the campaign's conversion. */
  readonly converted: number;
  /** Events of the two types that the vendor counts in an insight. */
  readonly conversationEvents: number;
  readonly keywordEvents: number;
  /** Events by the text that was looked for, of either type. */
  readonly keywords: readonly KeywordSum[];
}

export interface KeywordSum {
  readonly keyword: string;
  readonly events: number;
}

/** External events with a revenue, summed over days. */
export interface SaleSums {
  readonly count: number;
  /** In the ad account's currency. */
  readonly revenue: Decimal;
  /** What no exchange rate is known for, by its own currency: not in `revenue`, but in `count`. */
  readonly unconverted: readonly ForeignRevenue[];
}

export interface ForeignRevenue {
  readonly currency: string;
  readonly revenue: Decimal;
}

/** All that insights of an ad, an ad set, a campaign or a day of one are computed from. */
export interface AdFigures {
  readonly ads: AdSums;
  readonly conversations: ConversationSums;
  readonly sales: SaleSums;
}

/** The vendor's figures; percentages and amounts have two decimals, and what would be divided by zero is 0 (docs/spec/signals.md B2). */
export interface Insight {
  readonly clicks: number;
  readonly costPerClick: number;
  readonly costPerThousandImpressions: number;
  /** Percent, as are all rates. */
  readonly clickThroughRate: number;
  readonly impressions: number;
  readonly spend: number;
  readonly sessions: number;
  readonly costPerSession: number;
  readonly sessionRate: number;
  readonly uniqueUsers: number;
  readonly costPerUniqueUser: number;
  readonly uniqueUserRate: number;
  readonly engaged: number;
  readonly costPerEngagement: number;
  readonly engagementRate: number;
  readonly converted: number;
  readonly costPerConversion: number;
  readonly conversionRate: number;
  readonly conversationEvents: number;
  readonly keywordEvents: number;
  readonly keywords: readonly (KeywordSum & { readonly rate: number })[];
}

export interface SaleInsight {
  readonly revenue: number;
  readonly count: number;
  /** Return on advertising spend: revenue per unit spent, no percentage. */
  readonly returnOnSpend: number;
  /** Sales per hundred unique users. */
  readonly saleRate: number;
  readonly costPerSale: number;
  readonly unconverted: readonly { readonly currency: string; readonly revenue: number }[];
}

export function computeInsight({ ads, conversations }: AdFigures): Insight {
  const { clicks, impressions, spend } = ads;
  const { sessions, uniqueUsers, engaged, converted, keywords } = conversations;
  return {
    clicks,
    costPerClick: costPer(spend, clicks),
    costPerThousandImpressions: divideToHundredths(spend, wholeNumber(impressions), 1000),
    clickThroughRate: percentageOf(clicks, impressions),
    impressions,
    spend: roundToHundredths(spend),
    sessions,
    costPerSession: costPer(spend, sessions),
    sessionRate: percentageOf(sessions, clicks),
    uniqueUsers,
    costPerUniqueUser: costPer(spend, uniqueUsers),
    uniqueUserRate: percentageOf(uniqueUsers, clicks),
    engaged,
    costPerEngagement: costPer(spend, engaged),
    engagementRate: percentageOf(engaged, uniqueUsers),
    converted,
    costPerConversion: costPer(spend, converted),
    conversionRate: percentageOf(converted, uniqueUsers),
    conversationEvents: conversations.conversationEvents,
    keywordEvents: conversations.keywordEvents,
    keywords: keywords.map((sum) => ({ ...sum, rate: percentageOf(sum.events, uniqueUsers) })),
  };
}

/** Undefined when nothing was sold. */
export function computeSaleInsight({ ads, conversations, sales }: AdFigures): SaleInsight | undefined {
  const { count, revenue, unconverted } = sales;
  if (count === 0) return undefined;
  return {
    revenue: roundToHundredths(revenue),
    count,
    returnOnSpend: divideToHundredths(revenue, ads.spend),
    saleRate: percentageOf(count, conversations.uniqueUsers),
    costPerSale: costPer(ads.spend, count),
    unconverted: unconverted.map((foreign) => ({
      currency: foreign.currency,
      revenue: roundToHundredths(foreign.revenue),
    })),
  };
}

/** `part` in a hundred of `whole`, with two decimals; 0 when there is nothing to compare with. */
export function percentageOf(part: number, whole: number): number {
  return divideToHundredths(wholeNumber(part), wholeNumber(whole), 100);
}

/** What one of so many cost, with two decimals; 0 when there was none. */
export function costPer(spend: Decimal, count: number): number {
  return divideToHundredths(spend, wholeNumber(count));
}
