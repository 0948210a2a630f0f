import { enableCompileCache } from 'node:module';

// Half of a start is reading the sources; the next start finds them compiled.
enableCompileCache();
const { runCommandLine } = await import('./cli/run.ts');
process.exitCode = await runCommandLine(process.argv.slice(2));
