import type { AdPlatform } from '../../core/attribution/ad-platform.ts';
import type { ConversionSettings } from '../../core/attribution/conversion.ts';
import { creditJourney } from '../../core/attribution/credit-journey.ts';
import { type Grouping, keyOf } from '../../core/attribution/grouping.ts';
import { readJourneys } from '../../core/attribution/journey-store.ts';
import type { RuleModel } from '../../core/attribution/models.ts';
import { addCredited, type Credited, type CreditedPath, nothing } from '../../core/attribution/tally.ts';
import type { Journey } from '../../core/attribution/touch.ts';
import type { Workspace } from '../../core/workspace/workspace.ts';
import type { Queryable } from '../../store/queryable.ts';
import type { ConvertingEvent } from './list-converting.ts';
import { listNewestConverting } from './list-newest-converting.ts';
import { type AskedDays, instantsOf, intervalIn } from './local-interval.ts';

/** Which of the conversions: all, those of which touches of a group have credit, or those of nobody whose touches count. */
export type WantedCredit = 'all' | 'unattributed' | { readonly key: string | null };

export interface ConversionsWanted {
  readonly settings: ConversionSettings;
  readonly model: RuleModel;
  readonly grouping: Grouping;
  readonly days: AskedDays;
  readonly credit: WantedCredit;
  /** Behind which one a page goes on. */
  readonly before: ConvertingEvent | null;
  readonly limit: number;
}

/** A conversion with its path. */
export interface ListedConversion {
  readonly journey: Journey;
  readonly credited: CreditedPath;
  /** What is wanted of it: all, or what the group has. */
  readonly share: Credited;
}

export interface ConversionsPage {
  readonly conversions: readonly ListedConversion[];
  /** Null: there are no more. A page can be short of its limit, or empty, and not be the last. */
  readonly next: ConvertingEvent | null;
}

const readTogether = 200;
/** A page is short where few are wanted: so many are looked at for it. */
const maximumRead = 4_000;
const readingMilliseconds = 3_000;

/** A page of conversions, those first that converted last. */
export async function readConversionsPage(
  connection: Queryable,
  workspace: Workspace,
  wanted: ConversionsWanted,
  platforms: readonly AdPlatform[],
): Promise<ConversionsPage> {
  const { settings, model, days, limit } = wanted;
  const deadline = performance.now() + readingMilliseconds;
  const span = instantsOf(days, workspace.timezone);
  const intervalOf = intervalIn(days, workspace.timezone, null);
  const size = wanted.credit === 'all' ? limit : readTogether;
  const found: ListedConversion[] = [];
  let before = wanted.before;
  for (let read = 0; read < maximumRead && performance.now() < deadline; read += size) {
    const events = await listNewestConverting(connection, workspace, settings, span, before, size);
    const ids = events.map(({ id }) => id);
    const journeys = await readJourneys(connection, workspace, settings, ids, platforms);
    const byId = new Map(journeys.map((journey) => [journey.eventId, journey]));
    for (const event of events) {
      before = event;
      const journey = byId.get(event.id);
      if (!journey || intervalOf(journey.convertedAt) === undefined) continue;
      const credited = creditJourney(journey, settings, model);
      const share = shareOf(credited, wanted);
      if (share) found.push({ journey, credited, share });
      if (found.length === limit) return { conversions: found, next: before };
    }
    if (events.length < size) return { conversions: found, next: null };
  }
  return { conversions: found, next: before };
}

/** What is wanted of a conversion; undefined: nothing of it is. */
function shareOf(
  credited: CreditedPath,
  { credit, grouping }: Pick<ConversionsWanted, 'credit' | 'grouping'>,
): Credited | undefined {
  if (credit === 'all') return credited;
  if (credit === 'unattributed') return credited.touches.length === 0 ? credited : undefined;
  const share = credited.touches
    .filter(({ touch }) => keyOf(grouping, touch.origin) === credit.key)
    .reduce<Credited>(addCredited, nothing);
  return share.conversions > 0n ? share : undefined;
}
