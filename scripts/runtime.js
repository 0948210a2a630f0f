// Plain JavaScript without dependencies, as bootstrap.js: how Node.js is started, by it and by the bench (docs/decisions/0004).
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const modules = join(dirname(dirname(fileURLToPath(import.meta.url))), 'node_modules');

export const runtimeFlags = [
  // What outlives the nursery is collected once the heap has grown by so much (core/heap-room.ts); V8 would let a small one grow to four
  // times its size.
  '--heap-growing-percent=50',
  // Who goes through much beside the heap says when it can be let go of (contacthub/bulk/receive-file.ts).
  '--expose-gc',
];

export const runtimeEnvironment = {
  // The second start reads what the first has made of the sources, and does without what takes their types away.
  NODE_COMPILE_CACHE: join(modules, '.throughline-compiled'),
  // The C library gives back what is free: in the arenas of threads, and behind the buffers of requests, 60 MB of it stayed taken.
  MALLOC_ARENA_MAX: '1',
  MALLOC_MMAP_THRESHOLD_: '131072',
  MALLOC_TRIM_THRESHOLD_: '131072',
};
