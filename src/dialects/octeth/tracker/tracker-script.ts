import { readFileSync } from 'node:fs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Source } from '../../../core/source/source.ts';
import type { Workspace } from '../../../core/workspace/workspace.ts';
import { prepareFile, sendPrepared } from '../../../http/prepared-file.ts';

/** Of the script and of what it sends; goes up with every change of src/dialects/octeth/tracker/tracker.js. */
export const trackerVersion = '1.0.0';

// From src/ and from dist/ alike.
const file = new URL('./tracker.js', import.meta.url);

export const trackerScript = strip(readFileSync(file, 'utf8').replace('__VERSION__', trackerVersion));

const prepared = prepareFile(trackerScript, 'text/javascript; charset=utf-8');

/** Takes away comments that stand on lines of their own, and indentation. Line ends stay: statements may end by them. */
function strip(source: string): string {
  return source
    .replaceAll(/^\s*\/\*[\s\S]*?\*\/\s*$/gm, '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('//'))
    .join('\n');
}

/**
 * Answers `GET /t.js`. Under `?v=` with the version that there is it is kept for a year, since that address never gets another
 * content; else for an hour, and asked for again by its tag.
 */
export function sendTrackerScript(
  version: string | undefined,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const isPinned = version === trackerVersion;
  reply.headers({
    'cache-control': isPinned ? 'public, max-age=31536000, immutable' : 'public, max-age=3600',
    // Pages of any origin run it, also those that let in only what says so.
    'cross-origin-resource-policy': 'cross-origin',
  });
  return sendPrepared(request, reply, prepared);
}

/** What a page names a list by. Neither is a secret: both stand in every page that is tracked. */
export interface TrackerIds {
  readonly list: string;
  /** The vendor's user, here the workspace. */
  readonly user: string;
}

export function trackerIdsOf(workspace: Workspace, list: Source): TrackerIds {
  return { list: list.publicId, user: workspace.publicId };
}

/** Of the version that there is; browsers keep it for a year. `origin`: where this server is reached, as `//track.example.com`. */
export function trackerAddress(origin: string): string {
  return `${origin}/t.js?v=${trackerVersion}`;
}

/** The HTML that a page is tracked by. `origin`: as of `trackerAddress`. */
export function trackerSnippet(origin: string, { list, user }: TrackerIds): string {
  return `<script async src="${trackerAddress(origin)}" data-user="${user}" data-list="${list}"></script>`;
}
