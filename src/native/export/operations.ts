import { beginExport } from '../../change/begin-export.ts';
import type { Access } from '../../core/credential/authenticator.ts';
import { readMembers } from '../../core/erasure/person-store.ts';
import { type Call, type Operation, operation } from '../../http/operation.ts';
import { sendTexts } from '../../http/stream-texts.ts';
import { type ErasureRules, erasureRulesOf } from '../../ingest/erased.ts';
import { readProfileIdsOfPerson } from '../../query/people/find-person.ts';
import { inWorkspace } from '../guards.ts';
import { PersonParameters } from '../people/schemas.ts';
import { noSuchPerson } from '../refusals.ts';
import { errors } from '../schemas/common.ts';
import type { NativeDialect, NativeServices } from '../services.ts';
import { type ExportedPerson, readExport } from './read-export.ts';

const lines = 'application/x-ndjson';

/** All that is kept of a person (docs/native-api.md). */
export function exportOperations(dialects: readonly NativeDialect[]): readonly Operation<NativeServices>[] {
  const rules = erasureRulesOf(dialects);
  return [
    operation({
      method: 'GET',
      path: '/workspaces/:workspace/people/:personId/export',
      summary: 'All that is kept of a person, in all dialects, a record a line',
      description:
        'Profiles with keys, links, events with metrics, touchpoints, consents and events in quarantine. The last line has the record `end` and counts; without it the export was cut short. It is logged as data-portability-requested.',
      guard: inWorkspace,
      // It writes to the log.
      hasHead: false,
      checks: { path: PersonParameters },
      replies: {
        200: {
          description: 'A JSON object a line.',
          content: { [lines]: { schema: { type: 'string' } } },
        },
        ...errors(404, 503),
      },
      handle: ({ services, access, path: { personId }, request, reply }) =>
        exportPerson({ services, access, request, reply }, rules, personId),
    }),
  ];
}

type ExportCall = Pick<
  Call<NativeServices, Access, unknown, unknown, unknown>,
  'services' | 'access' | 'request' | 'reply'
>;

async function exportPerson(
  { services, access: { workspace, credential }, request, reply }: ExportCall,
  rules: ErasureRules,
  profileId: string,
) {
  const { database } = services;
  if (!(await readProfileIdsOfPerson(database, workspace.id, profileId)))
    throw noSuchPerson('params/personId');
  const leave = await services.exports.enter(workspace.id, request.asker ?? undefined);
  try {
    const now = new Date(services.clock());
    const author = { sourceId: null, userId: credential.id };
    const read = (tx: Parameters<typeof readMembers>[0]) => readMembers(tx, workspace.id, profileId);
    const start = await beginExport(services, workspace.id, read, author, now);
    if (!start) throw noSuchPerson('params/personId');
    const person = { workspace, rules, ...start };
    return sendTexts(reply, lines, writeLines(services, person, now), leave);
  } catch (error) {
    leave();
    throw error;
  }
}

async function* writeLines(
  { database }: NativeServices,
  person: ExportedPerson,
  now: Date,
): AsyncGenerator<string> {
  const { members, lastSeq, workspace } = person;
  const about = {
    id: members[0]?.personId,
    workspace: workspace.publicId,
    at: now.toISOString(),
    seq: lastSeq,
  };
  yield `${JSON.stringify({ record: 'person', ...about })}\n`;
  const counts: Record<string, number> = {};
  for await (const page of readExport(database, person)) {
    let text = '';
    for (const record of page) {
      counts[record.record] = (counts[record.record] ?? 0) + 1;
      text += `${JSON.stringify(record)}\n`;
    }
    if (text !== '') yield text;
  }
  yield `${JSON.stringify({ record: 'end', counts })}\n`;
}
