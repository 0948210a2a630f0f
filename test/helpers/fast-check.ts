import fc from 'fast-check';
import { readSeed } from './seed.ts';

fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: readSeed() });

/** The properties' library with the run's seed; a test that brought a seed of its own could not be asked for other histories. */
export default fc;
