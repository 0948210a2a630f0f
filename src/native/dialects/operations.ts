import { readPlaces } from '../../core/workspace/place.ts';
import type { Belonging } from '../../core/workspace/provision.ts';
import { type Operation, operation } from '../../http/operation.ts';
import { publicAddressOf } from '../../http/public-address.ts';
import { countStored } from '../../query/summary/read-summary.ts';
import { inWorkspace } from '../guards.ts';
import { errors, WorkspaceParameters } from '../schemas/common.ts';
import type { NativeDialect, NativeServices } from '../services.ts';
import { writeFirstEvent } from './first-event.ts';
import { dialectsReply } from './schemas.ts';

/** The vendors' APIs that there are, and how a client of each begins. */
export function dialectOperations(dialects: readonly NativeDialect[]): readonly Operation<NativeServices>[] {
  return [
    operation({
      method: 'GET',
      path: '/workspaces/:workspace/dialects',
      summary:
        'The APIs that are served: how clients of each move over, what can be set, and what came in by it',
      guard: inWorkspace,
      checks: { path: WorkspaceParameters },
      replies: { 200: dialectsReply(dialects), ...errors(404) },
      handle: async ({ services: { database }, access: { workspace }, request }) => {
        const [stored, { places }] = await Promise.all([
          countStored(database, workspace.id),
          readPlaces(database, workspace, dialects),
        ]);
        const baseUrl = publicAddressOf(request);
        return {
          dialects: dialects.map(({ name, provision, demo, addresses = [], rateGroups }) => {
            const place = places.get(name);
            const { source, names = {}, keys } = provision;
            return {
              name,
              title: demo?.api ?? name,
              addresses: addresses.map(({ host, path }) => ({
                vendor: `${host}${path}`,
                here: `${baseUrl}${path}`,
              })),
              names: Object.entries(names).map(([kind, one]) => ({ kind, belongsTo: belongingOf(one) })),
              source: source
                ? { kind: source.kind, isName: source.isName === true, belongsTo: belongingOf(source) }
                : null,
              keyRoles: [...keys.roles],
              rateGroups: [...rateGroups],
              stored: stored.get(name) ?? 0,
              firstEvent:
                demo?.command && place
                  ? writeFirstEvent(demo.command, provision, { workspace, place }, baseUrl)
                  : null,
            };
          }),
        };
      },
    }),
  ];
}

function belongingOf({ belongsTo }: { readonly belongsTo?: Belonging }) {
  return belongsTo ? { kind: belongsTo.kind, setting: belongsTo.setting } : null;
}
