import type { Static } from 'typebox';
import type {
  CampaignDirectory,
  FoundCampaign,
  KnownCampaign,
} from '../../core/attribution/known-campaign.ts';
import type { Workspace } from '../../core/workspace/workspace.ts';
import { decodePosition } from '../../query/position.ts';
import { readTouchpoints } from '../../query/touchpoints/read-touchpoints.ts';
import { timeOrNull } from '../date-times.ts';
import { badNext, noSuch } from '../refusals.ts';
import type { NativeDialect, NativeServices } from '../services.ts';
import { presentTouchpoint } from '../touchpoints/present.ts';
import type { TouchpointsReply } from '../touchpoints/schemas.ts';
import type {
  CampaignSchema,
  CampaignsQuery,
  CampaignsReply,
  CampaignTouchpointsQuery,
} from './campaign-schemas.ts';

interface NamedDirectory {
  readonly dialect: string;
  readonly directory: CampaignDirectory;
}

function directoriesOf(dialects: readonly NativeDialect[]): NamedDirectory[] {
  return dialects.flatMap(({ name, attribution }) =>
    attribution?.campaigns ? [{ dialect: name, directory: attribution.campaigns }] : [],
  );
}

/** A page of the campaigns of all dialects, one dialect behind the other. @throws RequestError `invalid-request` */
export async function listCampaigns(
  { database }: NativeServices,
  dialects: readonly NativeDialect[],
  workspace: Workspace,
  { search, next, limit }: Static<typeof CampaignsQuery>,
): Promise<Static<typeof CampaignsReply>> {
  const directories = directoriesOf(dialects);
  const begin: Begin = next === undefined ? { place: 0, after: null } : positionIn(next, directories);
  const wanted = { search: search ?? null };
  const found: KnownCampaign[] = [];
  for (const [index, { directory }] of directories.slice(begin.place).entries()) {
    const after = index === 0 ? begin.after : null;
    const missing = limit + 1 - found.length;
    found.push(...(await directory.list(database, workspace, { ...wanted, after, limit: missing })));
    if (found.length > limit) break;
  }
  const page = found.slice(0, limit);
  const last = page.at(-1);
  return {
    campaigns: page.map(presentCampaign),
    next: found.length > limit && last ? `${last.dialect}.${last.key}` : null,
  };
}

/** In which of the directories a page begins, and behind which key. */
interface Begin {
  readonly place: number;
  readonly after: string | null;
}

/** Where a page ended. @throws RequestError `invalid-request` */
function positionIn(text: string, directories: readonly NamedDirectory[]): Begin {
  const dot = text.indexOf('.');
  const place = directories.findIndex(({ dialect }) => dialect === text.slice(0, dot));
  if (place < 0) throw badNext();
  return { place, after: text.slice(dot + 1) };
}

/** @throws RequestError `not-found` */
export async function findCampaign(
  { database }: NativeServices,
  dialects: readonly NativeDialect[],
  workspace: Workspace,
  key: string,
): Promise<FoundCampaign> {
  for (const { directory } of directoriesOf(dialects)) {
    const found = await directory.find(database, workspace, key);
    if (found) return found;
  }
  throw noSuch(
    'params/campaignKey',
    'The workspace has no campaign of this key; GET …/attribution/campaigns lists those there are.',
  );
}

/** @throws RequestError `invalid-request`, `not-found` */
export async function listTouchpoints(
  services: NativeServices,
  dialects: readonly NativeDialect[],
  workspace: Workspace,
  key: string,
  { limit, next: after }: Static<typeof CampaignTouchpointsQuery>,
): Promise<Static<typeof TouchpointsReply>> {
  if (after !== undefined && !decodePosition(after)) throw badNext();
  const { touchedBy } = await findCampaign(services, dialects, workspace, key);
  const { touchpoints, next } = await readTouchpoints(services.database, workspace.id, {
    profileIds: null,
    campaignId: 'campaignId' in touchedBy ? touchedBy.campaignId : null,
    adIds: 'adIds' in touchedBy ? touchedBy.adIds : null,
    from: undefined,
    to: undefined,
    after,
    limit,
  });
  return { touchpoints: touchpoints.map((one) => presentTouchpoint(workspace, one)), next };
}

export function presentCampaign(campaign: KnownCampaign): Static<typeof CampaignSchema> {
  const { key, dialect, label, name, owner, status, createdAt } = campaign;
  return {
    key,
    dialect,
    label,
    name,
    owner: owner && { id: owner.id, name: owner.name },
    status,
    createdAt: timeOrNull(createdAt),
  };
}
