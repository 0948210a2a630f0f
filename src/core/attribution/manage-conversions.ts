import type { Database } from '../../store/database.ts';
import { newId } from '../id.ts';
import { requestAnew } from '../job/rebuild-request.ts';
import { changeConfiguration } from '../workspace/change-configuration.ts';
import type { WorkspaceChange } from '../workspace/change-workspace.ts';
import type { WorkspaceId } from '../workspace/workspace.ts';
import type { WorkspaceCache } from '../workspace/workspace-cache.ts';
import type { ConversionSettings } from './conversion.ts';
import {
  type Conversion,
  insertConversion,
  markConversionDeleted,
  markConversionsCounting,
  readConversions,
  updateConversion,
} from './conversion-store.ts';
import { endPeriods } from './period-store.ts';

/** The kind of the job that makes the sums of a conversion (jobs/count-conversion.ts); its subject is the conversion's id. */
export const countConversionKind = 'count-conversion';

/** Each costs its share with every converting event. */
export const maximumConversions = 20;

/** Why a conversion is not as it was asked for. */
export type ConversionRefusal = 'no-such-conversion' | 'name-taken' | 'too-many';

interface Services {
  readonly database: Database;
  readonly workspaces: WorkspaceCache;
}

/** Keeps a conversion from now on. Its sums are made by a job, for which it is `counting`; what comes in meanwhile is counted, too. */
export function addConversion(
  services: Services,
  workspaceId: WorkspaceId,
  wanted: Pick<Conversion, 'name' | 'settings'>,
  now: Date,
): Promise<Conversion | ConversionRefusal> {
  return changeConfiguration(services, workspaceId, now, async (change) => {
    const { tx } = change;
    const known = await readConversions(tx, workspaceId);
    if (known.length >= maximumConversions) return 'too-many';
    if (known.some(({ name }) => name === wanted.name)) return 'name-taken';
    const id = newId(now.getTime());
    await insertConversion(tx, workspaceId, { id, ...wanted }, now);
    await requestCount(change, id);
    return readOne(change, id);
  });
}

/** What is absent stays. With other settings its sums are made anew. */
export function changeConversion(
  services: Services,
  workspaceId: WorkspaceId,
  id: string,
  wanted: { readonly name?: string; readonly settings?: ConversionSettings },
  now: Date,
): Promise<Conversion | ConversionRefusal> {
  return changeConfiguration(services, workspaceId, now, async (change) => {
    const { tx } = change;
    const known = await readConversions(tx, workspaceId);
    const before = known.find((conversion) => conversion.id === id);
    if (!before) return 'no-such-conversion';
    const { name = before.name, settings = before.settings } = wanted;
    if (known.some((other) => other.id !== id && other.name === name)) return 'name-taken';
    const isSame = JSON.stringify(settings) === JSON.stringify(before.settings);
    const state = isSame ? before.state : 'counting';
    await updateConversion(tx, workspaceId, { id, name, settings, state }, now);
    if (!isSame) {
      await endPeriods(tx, workspaceId, before.number, change.head.seq);
      await requestCount(change, id);
    }
    return readOne(change, id);
  });
}

/** Keeps a conversion no more. Answers whether there was one. */
export function removeConversion(
  services: Services,
  workspaceId: WorkspaceId,
  id: string,
  now: Date,
): Promise<boolean> {
  return changeConfiguration(services, workspaceId, now, async (change) => {
    const known = await readConversions(change.tx, workspaceId);
    if (!known.some((conversion) => conversion.id === id)) return false;
    await markConversionDeleted(change.tx, workspaceId, id);
    await requestCount(change, id);
    return true;
  });
}

/** Counts all conversions anew, in the transaction that sets another time zone or currency: days and amounts are others then. */
export async function countConversionsAnew(
  change: Pick<WorkspaceChange, 'tx' | 'head' | 'workspaceId' | 'now'>,
): Promise<void> {
  await endPeriods(change.tx, change.workspaceId, 'all', change.head.seq);
  for (const id of await markConversionsCounting(change.tx, change.workspaceId))
    await requestCount(change, id);
}

async function requestCount(
  { tx, workspaceId, now }: Pick<WorkspaceChange, 'tx' | 'workspaceId' | 'now'>,
  subject: string,
): Promise<void> {
  await requestAnew(tx, workspaceId, { kind: countConversionKind, subject }, now);
}

async function readOne({ tx, workspaceId }: WorkspaceChange, id: string): Promise<Conversion> {
  const found = (await readConversions(tx, workspaceId)).find((conversion) => conversion.id === id);
  if (!found) throw new Error(`the conversion ${id} was written and is not there`);
  return found;
}
