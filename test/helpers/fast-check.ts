import fc from 'fast-check';
import { readSeed } from './seed.ts';

/**
 * In milliseconds. Looking for a smaller history that fails ends here, well within the time that a test has, so that what was found is told. A property
 * that holds, but takes so long, fails too: it has not played all its histories.
 */
const longest = 150_000;

fc.configureGlobal({
  ...fc.readConfigureGlobal(),
  seed: readSeed(),
  interruptAfterTimeLimit: longest,
  markInterruptAsFailure: true,
});

/** The properties' library with the run's seed; a test that brought a seed of its own could not be asked for other histories. */
export default fc;
