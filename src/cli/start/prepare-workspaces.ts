import type { Logger } from 'pino';
import { type ProvidedDialect, provideLaterDialects } from '../../core/workspace/provide-dialect.ts';
import type { ShardedDatabase } from '../../core/workspace/shard-store.ts';
import { shardOf } from '../../core/workspace/shard-store.ts';
import type { WorkspaceId } from '../../core/workspace/workspace.ts';
import { listWorkspaceIds } from '../../core/workspace/workspace-store.ts';
import { type RecordFinder, type RespellServices, respellKeys } from '../../jobs/respell-keys.ts';
import { attempt, type Rounds, startRounds } from '../../jobs/rounds.ts';
import { isOutage } from '../../store/database-error.ts';

interface Services extends Omit<RespellServices, 'dialects'> {
  readonly shards: ShardedDatabase;
}

const againMilliseconds = 10_000;

/**
 * Brings each workspace to what this version needs of it, before its requests are taken: its keys as they are spelt now, a place in each
 * dialect. Where a node of a distributed database is away nobody waits for it: its workspaces, of which nobody can ask anything either, are
 * tried again until it is back, by the rounds that are answered.
 */
export async function prepareWorkspaces(
  services: Services,
  dialects: readonly (RecordFinder & ProvidedDialect)[],
): Promise<Rounds[]> {
  const { shards, logger, clock } = services;
  const prepare = async (id: WorkspaceId) => {
    await respellKeys({ ...services, dialects }, id);
    await provideLaterDialects(services, dialects, id, new Date(clock()));
  };
  let waiting = await prepareReachable(shards, logger, await listWorkspaceIds(shards), prepare);
  if (waiting.length === 0) return [];
  const times = { firstMilliseconds: againMilliseconds, intervalMilliseconds: againMilliseconds };
  const again = () =>
    attempt(logger, { job: 'prepare workspaces' }, async () => {
      waiting = await prepareReachable(shards, logger, waiting, prepare);
    });
  return [startRounds(times, again)];
}

/** Whether a part of the database is out of reach, and the rest may well go on. Where nothing is distributed an outage is of all. */
export function isNodeAway({ capabilities }: Pick<ShardedDatabase, 'capabilities'>, error: unknown): boolean {
  return capabilities.distributesTables && isOutage(error);
}

/** Answers those that could not be reached. Of a node each is tried until one has failed: it may take a while to say that it is away. */
async function prepareReachable(
  shards: ShardedDatabase,
  logger: Logger,
  ids: readonly WorkspaceId[],
  prepare: (id: WorkspaceId) => Promise<void>,
): Promise<WorkspaceId[]> {
  const away = new Set<string>();
  const waiting: WorkspaceId[] = [];
  for (const id of ids) {
    const node = await shardOf(shards, id);
    if (away.has(node)) waiting.push(id);
    else
      try {
        await prepare(id);
      } catch (error) {
        if (!isNodeAway(shards, error)) throw error;
        logger.warn({ err: error, node }, 'a node of the database is away; its workspaces wait for it');
        away.add(node);
        waiting.push(id);
      }
  }
  return waiting;
}
