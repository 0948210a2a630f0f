#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root, runOnPinnedNode } from './run-pinned.js';

const args = process.argv.slice(2);
// A checkout has the sources, and installs and builds what it lacks; a packed release has them compiled, and its packages beside it.
if (existsSync(join(root, 'src', 'main.ts'))) (await import('./bootstrap.js')).runCommandLine(args);
else runOnPinnedNode('dist/main.js', args);
