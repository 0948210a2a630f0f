import { type ConversionSettings, defaultRules } from '../../core/attribution/conversion.ts';
import type { EventType } from '../../core/event-type/event-type.ts';
import type { Workspace } from '../../core/workspace/workspace.ts';
import { wrong } from '../refusals.ts';
import type { KnownType } from '../services.ts';

/** What is said of a conversion; what is undefined is as the rest has it. */
export type SaidSettings = Partial<ConversionSettings>;

/**
 * The settings that were said of an event type, over those of a conversion that is kept, or over the defaults. `part`: of the request, as
 * `body`. @throws RequestError `invalid-request`
 */
export function settingsOf(
  event: ConversionSettings['event'],
  said: SaidSettings,
  part: string,
  base?: ConversionSettings,
): ConversionSettings {
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

/** The event type that a text names by its API, a colon and its name; undefined when there is none. */
export function findType({ eventTypes }: Workspace, text: string): EventType | undefined {
  const colon = text.indexOf(':');
  const [dialect, name] = [text.slice(0, colon), text.slice(colon + 1)];
  return eventTypes.all().find((type) => type.dialect === dialect && type.name === name);
}

/**
 * The type that a text names, which the workspace has or will have with its first event.
 * @throws RequestError `invalid-request`. `path`: what of the request names it
 */
export function eventOf(
  workspace: Workspace,
  text: string,
  path: string,
  knownTypes: readonly KnownType[],
): ConversionSettings['event'] {
  const type =
    findType(workspace, text) ?? knownTypes.find(({ dialect, name }) => `${dialect}:${name}` === text);
  if (type) return { dialect: type.dialect, type: type.name };
  throw wrong(
    path,
    `The workspace has no event type ${JSON.stringify(text.slice(0, 120))}: write its API, a colon and its name, as webmarketer:order; GET …/event-types lists those there are.`,
  );
}
