#!/usr/bin/env node
import { runScript } from './bootstrap.js';

runScript('src/main.ts', process.argv.slice(2));
