import { readCluster } from '../core/cluster/cluster-store.ts';
import { describeCluster } from '../core/cluster/describe-cluster.ts';
import { emptyDistributedTables } from '../store/local-rows.ts';
import { migrate } from '../store/migrate.ts';
import { type Command, expectPositionals, parseOptions } from './command.ts';
import { withServices } from './with-services.ts';

export const migrateCommand: Command = {
  help: `Usage: throughline migrate [SETTINGS]

Brings the database's tables up to date and lists what was run. "throughline start" does so by itself; run it apart where
several servers share one database, before the first of them starts in the new version. Of a Citus cluster it says over which nodes
the tables are distributed, and what is amiss there.
`,
  async run(args, config) {
    expectPositionals(parseOptions(args, {}).positionals);
    await withServices(config, async ({ database }) => {
      const { applied } = await migrate(database);
      for (const name of applied) process.stdout.write(`${name}\n`);
      process.stdout.write(applied.length === 0 ? 'up to date\n' : `${applied.length} migrations run\n`);
      const emptied = await emptyDistributedTables(database);
      if (emptied.length > 0)
        process.stdout.write(
          `rows of before the distribution were left on the coordinator, and are gone now: ${emptied.join(', ')}\n`,
        );
      if (!database.capabilities.distributesTables) return;
      for (const line of describeCluster(await readCluster(database))) process.stdout.write(`${line}\n`);
    });
    return 0;
  },
};
