import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { pino } from 'pino';
import { chooseWorkspaces, withServices } from '../../src/cli/with-services.ts';
import { loadConfig } from '../../src/config.ts';
import { projections } from '../../src/dialects/registry.ts';
import { verifyWorkspace } from '../../src/query/verify/verify-workspace.ts';
import { openDatabase } from '../../src/store/database.ts';

const root = new URL('../../', import.meta.url).pathname;
const node = join(root, 'node_modules', '.bin', 'node');
const commandPatienceMilliseconds = 180_000;

/** Where the order of events and changes has a hole or a seq twice, in the database of a running server. */
export async function findGaps(dataDir: string): Promise<{ gaps: string[]; highest: number }> {
  const database = await openDatabase(
    { dataDir, databaseUrl: undefined, databasePoolSize: 2 },
    pino({ level: 'silent' }),
    'attach',
  );
  try {
    const gaps = await database.query<{ workspace: number; seq: number; before: number | null }>(
      `select workspace_id as workspace, seq, before
         from (select workspace_id, seq, lag(seq) over (partition by workspace_id order by seq) as before
                 from (select workspace_id, seq from event union all select workspace_id, seq from change) s) o
        where seq <> coalesce(before, 0) + 1 order by 1, 2 limit 10`,
    );
    const heads = await database.query<{ workspace: number; seq: number; highest: number }>(
      `select h.workspace_id as workspace, h.seq,
              greatest((select coalesce(max(seq), 0) from event e where e.workspace_id = h.workspace_id),
                       (select coalesce(max(seq), 0) from change c where c.workspace_id = h.workspace_id)) as highest
         from workspace_head h`,
    );
    return {
      gaps: [
        ...gaps.map((gap) => `${gap.seq} follows ${gap.before} in workspace ${gap.workspace}`),
        ...heads
          .filter((head) => head.seq !== head.highest)
          .map(
            (head) => `the head of workspace ${head.workspace} says ${head.seq}, the rows ${head.highest}`,
          ),
      ],
      highest: Math.max(...heads.map((head) => head.highest)),
    };
  } finally {
    await database.close();
  }
}

/**
 * What `throughline verify` finds beside the running server: nothing when the counters agree with the tables. In this process, since a start
 * of another takes longer than the checks.
 */
export async function verify(dataDir: string): Promise<string[]> {
  const config = loadConfig({ LOG_LEVEL: 'silent', THROUGHLINE_DATABASE_POOL: '2' }, ['--data-dir', dataDir]);
  return withServices(config, async (services) => {
    const failed: string[] = [];
    for (const workspace of await chooseWorkspaces(services, undefined)) {
      const { checks } = await verifyWorkspace(services.database, workspace, projections);
      for (const { name, ok, detail } of checks)
        if (!ok) failed.push(`${workspace.slug} ${name} FAILED ${detail}`);
    }
    return failed;
  });
}

/** The command itself: nothing, or what it printed. */
export async function runVerify(dataDir: string): Promise<string[]> {
  try {
    await promisify(execFile)(node, [join(root, 'src/main.ts'), 'verify', '--data-dir', dataDir], {
      env: { ...process.env, DATABASE_URL: '' },
      timeout: commandPatienceMilliseconds,
    });
    return [];
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    return `the command verify failed\n${stdout}${stderr}`.trim().split('\n');
  }
}
