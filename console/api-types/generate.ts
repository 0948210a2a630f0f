/**
 * Writes console/src/api/native.d.ts: the types of the native API, made of the OpenAPI document of this checkout's routes. It is made
 * anew before each type check and kept nowhere, so that a change of the API shows in the console at once.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import openapiTS, { astToString, type OpenAPI3 } from 'openapi-typescript';
import { pino } from 'pino';
import { buildApp } from '../../src/app.ts';
import { loadConfig } from '../../src/config.ts';
import type { OpenDatabase } from '../../src/store/database.ts';

const prefix = '/throughline/v1';
const target = join(import.meta.dirname, '../src/api/native.d.ts');

/** Routes are declared without asking it anything. */
const noDatabase = { lanes: {} } as OpenDatabase;

const { http } = await buildApp(loadConfig({}, []), noDatabase, pino({ level: 'silent' }));
await http.ready();
const document = http.swagger() as OpenAPI3;
const paths = Object.entries(document.paths ?? {})
  .filter(([path]) => path.startsWith(`${prefix}/`))
  .map(([path, item]) => [path.slice(prefix.length), item] as const);
const native = { ...document, paths: Object.fromEntries(paths) };
const types = `// Made by console/api-types/generate.ts.\n${astToString(await openapiTS(native))}`;
if (!existsSync(target) || readFileSync(target, 'utf8') !== types) writeFileSync(target, types);
process.exit();
