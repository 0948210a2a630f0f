/**
 * Brings one fault after the other upon the real server, in mid-load, and proves each time that what was acknowledged is there exactly once.
 *
 *   npm run test:crash -- --rounds 1000 --folder /var/tmp/crash
 *
 *   --rounds N      how many (20)
 *   --seed N        which faults, when, and what is sent (by chance)
 *   --only NAME     the faults whose names begin so, separated by commas (all)
 *   --processes N   of the server that take requests (1)
 *   --folder PATH   where the run is kept: the same command goes on with it after it was stopped, however that was. By default a folder of
 *                   its own, which is removed when all is well
 *
 * A round: clients of all five dialects send events over several connections, others make, edit, delete, forget and join customers; a fault
 * is made and after a while lifted (faults/), and the server has to recover by itself. What had no answer is sent again under the same key;
 * then what is stored is put beside what the clients know. The last line is `N passed, N failed`.
 */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { CrashRun } from './crash-run.ts';
import { allFaults } from './faults/index.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '20' },
    seed: { type: 'string' },
    only: { type: 'string' },
    processes: { type: 'string', default: '1' },
    folder: { type: 'string' },
  },
});
const run = await CrashRun.begin({
  rounds: wholeNumber('rounds', values.rounds),
  seed: values.seed === undefined ? randomInt(1, 2 ** 31) : wholeNumber('seed', values.seed),
  faults: chooseFaults(values.only),
  processes: wholeNumber('processes', values.processes),
  folder: values.folder,
});

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    console.log(`\n${signal}: stopping`);
    void run.interrupt().then(() => process.exit(1));
  });
}

const isWell = await run.play();
if (!run.wasInterrupted) process.exit(isWell ? 0 : 1);

function chooseFaults(only: string | undefined) {
  if (only === undefined) return allFaults;
  const wanted = only.split(',');
  const chosen = allFaults.filter(({ name }) =>
    wanted.some((beginning) => name.startsWith(beginning.trim())),
  );
  if (chosen.length > 0) return chosen;
  return fail(`--only must be the beginning of one of: ${allFaults.map(({ name }) => name).join(', ')}`);
}

function wholeNumber(name: string, text: string): number {
  if (/^[1-9]\d{0,9}$/.test(text)) return Number(text);
  return fail(`--${name} must be a whole number from 1 on, not "${text}"`);
}

function fail(message: string): never {
  console.error(message);
  process.exit(2);
}
