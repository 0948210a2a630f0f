import type { Config } from '../config.ts';
import { systemClock } from '../core/clock.ts';
import { Authenticator } from '../core/credential/authenticator.ts';
import { LastUses } from '../core/credential/last-uses.ts';
import { ErasureKeyFile } from '../core/erasure/erasure-key.ts';
import type { Workspace } from '../core/workspace/workspace.ts';
import { WorkspaceCache } from '../core/workspace/workspace-cache.ts';
import { listWorkspaceIds } from '../core/workspace/workspace-store.ts';
import { adPlatforms, erasureRules, jobKindsOf, projections, workspaceParts } from '../dialects/registry.ts';
import { Ingest } from '../ingest/ingest.ts';
import type { IngestObserver } from '../ingest/observer.ts';
import { JobRunner } from '../jobs/run-jobs.ts';
import { type OpenDatabase, type OpeningMode, openDatabase } from '../store/database.ts';
import { CommandError } from './command.ts';
import { createLogger } from './logger.ts';

export interface CommandServices {
  readonly database: OpenDatabase;
  readonly workspaces: WorkspaceCache;
  readonly erasureKey: ErasureKeyFile;
  readonly authenticator: Authenticator;
  /** Runs what the command asks for, and takes nothing up by itself. */
  readonly jobs: JobRunner;
}

/** Nobody looks at what a command's jobs store. */
const unobserved: IngestObserver = { committed() {} };

/**
 * Runs `work` on the database: beside a running server on its own one, else on the embedded one, started for the moment (and made, by a
 * `mode` that says so), or on that of DATABASE_URL. Only warnings are logged: stdout is the command's.
 */
export async function withServices<Result>(
  config: Config,
  work: (services: CommandServices) => Promise<Result>,
  mode: Exclude<OpeningMode, 'own'> = 'attach',
): Promise<Result> {
  const logger = createLogger(config.logLevel === 'info' ? 'warn' : config.logLevel);
  const database = await openDatabase(config, logger, mode);
  try {
    const workspaces = new WorkspaceCache(database, workspaceParts);
    const authenticator = new Authenticator(
      database,
      workspaces,
      systemClock,
      new LastUses(database, logger),
    );
    const jobs: JobRunner = new JobRunner({ database, clock: systemClock, logger }, () =>
      jobKindsOf({ ...shared, jobs }),
    );
    const erasureKey = new ErasureKeyFile(config.dataDir);
    const shared = {
      config,
      database,
      jobDatabase: database,
      workspaces,
      erasureKey,
      ingest: new Ingest(
        database,
        workspaces,
        systemClock,
        logger,
        unobserved,
        projections,
        { queueBytes: config.queueLimitBytes },
        { key: erasureKey, rules: erasureRules },
      ),
      projections,
      adPlatforms,
      clock: systemClock,
      logger,
    };
    return await work({ database, workspaces, erasureKey, authenticator, jobs });
  } finally {
    await database.close();
  }
}

/** The workspace of a slug or id; without one, the only workspace there is. @throws CommandError */
export async function requireWorkspace(
  { database, workspaces }: CommandServices,
  slugOrId: string | undefined,
): Promise<Workspace> {
  if (slugOrId !== undefined) {
    const found = await workspaces.find(slugOrId);
    if (!found)
      throw new CommandError(
        `there is no workspace "${slugOrId}" (throughline workspace list shows those there are)`,
      );
    return found;
  }
  const ids = await listWorkspaceIds(database);
  if (ids.length !== 1) {
    throw new CommandError(
      `there are ${ids.length} workspaces; name one with --workspace (throughline workspace list shows them)`,
    );
  }
  return workspaces.get(ids[0]!);
}

/** The workspace of a slug or id; without one, all there are. @throws CommandError */
export async function chooseWorkspaces(
  services: CommandServices,
  slugOrId: string | undefined,
): Promise<Workspace[]> {
  if (slugOrId !== undefined) return [await requireWorkspace(services, slugOrId)];
  const ids = await listWorkspaceIds(services.database);
  return Promise.all(ids.map((id) => services.workspaces.get(id)));
}
