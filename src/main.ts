import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

// Half of a start is reading the sources; the next start finds them compiled. Beside what is installed, so that who can write there can
// write the sources, too: the usual place is in the temp folder, where another account could lay down code for us to run.
enableCompileCache(join(import.meta.dirname, '..', 'node_modules', '.cache', 'throughline'));
const { runCommandLine } = await import('./cli/run.ts');
process.exitCode = await runCommandLine(process.argv.slice(2));
