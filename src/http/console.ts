import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { RequestError } from '../errors.ts';
import { pageHeaders } from './page-headers.ts';
import { type PreparedFile, prepareFile, sendPrepared } from './prepared-file.ts';

/** Where the console lies when it is built (scripts/build.js): the same for sources and for what is compiled of them. */
const builtFolder = join(import.meta.dirname, '../../dist/console');

const mediaTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Nothing of the page makes markup of a text. */
const consoleHeaders = {
  ...pageHeaders(["require-trusted-types-for 'script'", "trusted-types 'none'"]),
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=()',
};

/** Names of built files have a hash of what is in them, so who has one need never ask again. */
const forGood = 'public, max-age=31536000, immutable';

/** The web console under /console: one page, whose addresses it reads itself, and the files that it names. */
export function registerConsole(app: FastifyInstance): void {
  // Read when somebody first comes, and held from then on: a build beside a running server takes no file from it.
  let console: BuiltConsole | undefined;
  const built = () => {
    console ??= readConsole(builtFolder);
    return console;
  };
  const schema = { hide: true };
  const sendPage = (request: FastifyRequest, reply: FastifyReply) =>
    sendPrepared(request, reply.headers(consoleHeaders).header('cache-control', 'no-cache'), built().page);
  app.get('/console', { schema }, sendPage);
  app.get('/console/*', { schema }, sendPage);
  app.get<{ Params: { '*': string } }>('/console/assets/*', { schema }, (request, reply) => {
    const file = built().asset(request.params['*']);
    // An address of a build before this one: the page loads itself anew.
    if (!file) throw new RequestError('not-found', 'The console has no such file; load its page again.');
    return sendPrepared(request, reply.headers(consoleHeaders).header('cache-control', forGood), file);
  });
}

interface BuiltConsole {
  readonly page: PreparedFile;
  readonly asset: (name: string) => PreparedFile | undefined;
}

/** @throws RequestError where it is not built, as in a checkout whose server was not started by npm */
function readConsole(folder: string): BuiltConsole {
  const index = join(folder, 'index.html');
  if (!existsSync(index))
    throw new RequestError(
      'not-found',
      'The console is not built here. Start the server by npm start, or build the console by: node scripts/bootstrap.js console',
    );
  const assets = join(folder, 'assets');
  const contents = new Map(readdirSync(assets).map((name) => [name, readFileSync(join(assets, name))]));
  const prepared = new Map<string, PreparedFile>();
  return {
    page: prepare(index, readFileSync(index)),
    asset(name) {
      const content = contents.get(name);
      return content && prepared.getOrInsertComputed(name, () => prepare(name, content));
    },
  };
}

function prepare(name: string, content: Buffer): PreparedFile {
  return prepareFile(content, mediaTypes[extname(name)] ?? 'application/octet-stream');
}
