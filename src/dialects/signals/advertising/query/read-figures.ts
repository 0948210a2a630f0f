import { readExchangeRates } from '../../../../core/exchange-rate/exchange-rate-store.ts';
import type { Queryable } from '../../../../store/queryable.ts';
import { isTextType } from '../../conversation/conversation-event.ts';
import { addDecimals, type Decimal, decimalOf, parseDecimal, zero } from '../decimal.ts';
import type { AdFigures, ForeignRevenue, KeywordSum } from '../insight.ts';
import {
  type AdSumsRow,
  type ConversationSumsRow,
  type ForeignSalesRow,
  fetchAdSums,
  fetchConversationSums,
  fetchForeignSales,
  type SumsQuestion,
} from './fetch-sums.ts';

/** The question, and in which currency revenue is told: the ad account's, that its ads' spending is in. */
export type FiguresQuestion = Omit<SumsQuestion, 'daily'> & { readonly currency: string };

/** One key's figures as they are gathered from the rows. */
interface Gathered {
  clicks: number;
  impressions: number;
  spend: Decimal;
  totals: Map<ConversationSumsRow['measure'], number>;
  keywords: Map<string, number>;
  sales: number;
  revenue: Decimal;
  unconverted: Map<string, Decimal>;
}

/**
 * The figures of each id that is asked for, summed over its days. The number of statements does not depend on how many are asked for:
 * two, and two more when there is revenue in another currency.
 */
export async function readFigures(
  connection: Queryable,
  question: FiguresQuestion,
): Promise<Map<string, AdFigures>> {
  const figures = await gatherFigures(connection, { ...question, daily: false }, question.currency);
  return new Map(
    [...question.spans.keys()].map((key) => [
      key,
      toFigures(figures.get(placeOf(key, null)) ?? newGathered()),
    ]),
  );
}

/** The figures of one id by day, oldest first; days without any are left out. */
export async function readDailyFigures(
  connection: Queryable,
  question: FiguresQuestion,
): Promise<{ day: string; figures: AdFigures }[]> {
  const figures = await gatherFigures(connection, { ...question, daily: true }, question.currency);
  return [...figures]
    .map(([place, gathered]) => ({
      day: place.slice(place.lastIndexOf(' ') + 1),
      figures: toFigures(gathered),
    }))
    .sort((a, b) => (a.day < b.day ? -1 : 1));
}

async function gatherFigures(
  connection: Queryable,
  question: SumsQuestion,
  currency: string,
): Promise<Map<string, Gathered>> {
  if (question.spans.size === 0) return new Map();
  const figures = new Map<string, Gathered>();
  const at = (row: { key: string; day: string | null }) =>
    figures.getOrInsertComputed(placeOf(row.key, row.day), newGathered);
  const [ads, conversations] = await Promise.all([
    fetchAdSums(connection, question),
    fetchConversationSums(connection, question),
  ]);
  for (const row of ads) addAdSums(at(row), row);
  for (const row of conversations) addConversationSums(at(row), row, currency);
  const foreign = conversations.filter((row) => row.measure === 'sale' && row.type_value !== currency);
  if (foreign.length > 0) {
    const spans = new Map(foreign.map(({ key }) => [key, question.spans.get(key) ?? null]));
    const sales = await fetchForeignSales(connection, { ...question, spans }, currency);
    await addForeignSales(connection, sales, currency, (row) =>
      at({ key: row.key, day: question.daily ? row.day : null }),
    );
  }
  return figures;
}

function addAdSums(gathered: Gathered, row: AdSumsRow): void {
  gathered.clicks = row.clicks;
  gathered.impressions = row.impressions;
  gathered.spend = parseDecimal(row.spend);
}

function addConversationSums(gathered: Gathered, row: ConversationSumsRow, currency: string): void {
  const { measure, type_value: value, total } = row;
  if (measure === 'sale') {
    gathered.sales += total;
    if (value === currency) gathered.revenue = addDecimals(gathered.revenue, parseDecimal(row.sum));
    return;
  }
  gathered.totals.set(measure, (gathered.totals.get(measure) ?? 0) + total);
  if (isTextType(measure) && value !== '')
    gathered.keywords.set(value, (gathered.keywords.get(value) ?? 0) + total);
}

/** Converts each day's revenue by that day's rate. */
async function addForeignSales(
  connection: Queryable,
  rows: readonly ForeignSalesRow[],
  currency: string,
  at: (row: ForeignSalesRow) => Gathered,
): Promise<void> {
  const conversions = rows.map(({ day, currency: from }) => ({ from, to: currency, day }));
  const rates = await readExchangeRates(connection, conversions);
  for (const row of rows) {
    const gathered = at(row);
    const converted = rates.convert(Number(row.revenue), row.currency, currency, row.day);
    const revenue = converted === undefined ? undefined : decimalOf(converted);
    if (revenue) gathered.revenue = addDecimals(gathered.revenue, revenue);
    else {
      const known = gathered.unconverted.get(row.currency) ?? zero;
      gathered.unconverted.set(row.currency, addDecimals(known, parseDecimal(row.revenue)));
    }
  }
}

function toFigures(gathered: Gathered): AdFigures {
  const { clicks, impressions, spend, totals, sales, revenue } = gathered;
  return {
    ads: { clicks, impressions, spend },
    conversations: {
      sessions: totals.get('session') ?? 0,
      uniqueUsers: totals.get('lead') ?? 0,
      engaged: totals.get('engaged') ?? 0,
      converted: totals.get('converted-lead') ?? 0,
      conversationEvents: totals.get('conversation') ?? 0,
      keywordEvents: totals.get('keyword') ?? 0,
      keywords: keywordsOf(gathered.keywords),
    },
    sales: { count: sales, revenue, unconverted: unconvertedOf(gathered.unconverted) },
  };
}

/** The most frequent first. */
function keywordsOf(keywords: ReadonlyMap<string, number>): KeywordSum[] {
  return [...keywords]
    .map(([keyword, events]) => ({ keyword, events }))
    .sort((a, b) => b.events - a.events || (a.keyword < b.keyword ? -1 : 1));
}

function unconvertedOf(unconverted: ReadonlyMap<string, Decimal>): ForeignRevenue[] {
  return [...unconverted].map(([currency, revenue]) => ({ currency, revenue }));
}

function newGathered(): Gathered {
  return {
    clicks: 0,
    impressions: 0,
    spend: zero,
    totals: new Map(),
    keywords: new Map(),
    sales: 0,
    revenue: zero,
    unconverted: new Map(),
  };
}

function placeOf(key: string, day: string | null): string {
  return `${key} ${day ?? ''}`;
}
