import {
  type AttributionRules,
  type ConversionSettings,
  defaultRules,
} from '../../core/attribution/conversion.ts';
import type { EventType } from '../../core/event-type/event-type.ts';
import type { Workspace } from '../../core/workspace/workspace.ts';
import { wrong } from '../refusals.ts';

/** What is said of a conversion; what is undefined is as the rest has it. */
export interface SaidSettings extends Partial<AttributionRules> {
  readonly event?: string;
  readonly state?: string | null;
  readonly metric?: string | null;
}

/**
 * The settings that were said, over those of a conversion that is kept, or over the defaults. `part`: of the request, as `body`.
 * @throws RequestError `invalid-request`
 */
export function settingsOf(
  workspace: Workspace,
  said: SaidSettings,
  part: string,
  base: ConversionSettings | undefined,
): ConversionSettings {
  const event = said.event === undefined ? base?.event : eventOf(workspace, said.event, `${part}/event`);
  if (!event) throw wrong(`${part}/event`, `${part}/event is missing: say which event type converts.`);
  const rules = { ...(base ?? defaultRules) };
  const position = said.position ?? rules.position;
  if (position.first + position.last > 100)
    throw wrong(
      `${part}/position`,
      `${part}/position has more than 100 percent: first and last together may have 100 at most.`,
    );
  return {
    event,
    state: said.state === undefined ? (base?.state ?? null) : said.state,
    metric: said.metric === undefined ? (base?.metric ?? null) : said.metric,
    lookbackDays: said.lookbackDays ?? rules.lookbackDays,
    excludedReferrers: said.excludedReferrers?.map((host) => host.toLowerCase()) ?? rules.excludedReferrers,
    excludeOwnSite: said.excludeOwnSite ?? rules.excludeOwnSite,
    sameCampaignMinutes: said.sameCampaignMinutes ?? rules.sameCampaignMinutes,
    directOnlyAlone: said.directOnlyAlone ?? rules.directOnlyAlone,
    position,
    halfLifeDays: said.halfLifeDays ?? rules.halfLifeDays,
  };
}

function eventOf(workspace: Workspace, text: string, path: string): ConversionSettings['event'] {
  const { dialect, name: type } = typeOf(workspace, text, path);
  return { dialect, type };
}

/** The event type that a text names by its API and its name. @throws RequestError `invalid-request` */
export function typeOf(workspace: Workspace, text: string, path: string): EventType {
  const colon = text.indexOf(':');
  const [dialect, name] = [text.slice(0, colon), text.slice(colon + 1)];
  const found = workspace.eventTypes.all().find((type) => type.dialect === dialect && type.name === name);
  if (found) return found;
  throw wrong(
    path,
    `The workspace has no event type ${JSON.stringify(text.slice(0, 120))}: write its API, a colon and its name, as webmarketer:order; GET …/event-types lists those there are.`,
  );
}
