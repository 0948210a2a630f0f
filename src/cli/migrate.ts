import { migrate } from '../store/migrate.ts';
import { type Command, expectPositionals, parseOptions } from './command.ts';
import { withServices } from './with-services.ts';

export const migrateCommand: Command = {
  help: `Usage: throughline migrate [SETTINGS]

Brings the database's tables up to date and lists what was run. "throughline start" does so by itself; run it apart where
several servers share one database, before the first of them starts in the new version.
`,
  async run(args, config) {
    expectPositionals(parseOptions(args, {}).positionals);
    const { applied } = await withServices(config, ({ database }) => migrate(database));
    for (const name of applied) process.stdout.write(`${name}\n`);
    process.stdout.write(applied.length === 0 ? 'up to date\n' : `${applied.length} migrations run\n`);
    return 0;
  },
};
