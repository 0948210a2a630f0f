import type { Static } from 'typebox';
import { type Grouping, keyOf } from '../../core/attribution/grouping.ts';
import type { Workspace } from '../../core/workspace/workspace.ts';
import { readConversionsPage, type WantedCredit } from '../../query/attribution/read-conversions.ts';
import { readLabels } from '../../query/attribution/read-labels.ts';
import { decodePosition, encodePosition } from '../../query/position.ts';
import { badNext, wrong } from '../refusals.ts';
import type { NativeDialect, NativeServices } from '../services.ts';
import type { ConvertedQuery, ConvertedReply } from './campaign-schemas.ts';
import { presentAsked, presentCredited, presentMoney, valueFormOf } from './present.ts';
import { readAsked, readDays } from './question.ts';

type Query = Static<typeof ConvertedQuery>;

/** The events behind a report's numbers, those first that converted last. @throws RequestError `invalid-request` */
export async function answerConverted(
  services: NativeServices,
  dialects: readonly NativeDialect[],
  cached: Workspace,
  query: Query,
): Promise<Static<typeof ConvertedReply>> {
  const { database, adPlatforms } = services;
  const { model, groupBy: grouping, limit } = query;
  const asked = await readAsked(services, cached, query);
  const { workspace, settings } = asked;
  const days = readDays(workspace, query, services.clock());
  const credit = wantedCredit(workspace, query);
  const before = positionIn(query.next);
  const wanted = { settings, model, grouping, days, credit, before, limit };
  const { conversions, next } = await readConversionsPage(database, workspace, wanted, adPlatforms);
  const pathOf = conversions.map(({ credited }) =>
    credited.touches.map(({ touch }) => keyOf(grouping, touch.origin)),
  );
  const attributions = dialects.flatMap(({ attribution }) => attribution ?? []);
  const nameOf = await readLabels(database, workspace, attributions, grouping, pathOf.flat());
  return {
    parameters: { ...presentAsked(asked), model, ...days, groupBy: grouping },
    events: conversions.map(({ journey, credited, share }, index) => {
      const form = valueFormOf(asked, journey.value ? journey.value.currency !== null : undefined);
      return {
        id: journey.eventId,
        profileId: journey.profileId,
        personId: journey.personId,
        convertedAt: new Date(journey.convertedAt).toISOString(),
        value: journey.value && form && presentMoney(credited.value, form.currency),
        path: (pathOf[index] ?? []).map(nameOf),
        credit: presentCredited(share, form),
      };
    }),
    next: next && encodePosition(new Date(next.at), next.id),
  };
}

/** @throws RequestError `invalid-request` */
function wantedCredit(workspace: Workspace, { groupBy, group, unattributed }: Query): WantedCredit {
  if (unattributed && group !== undefined)
    throw wrong(
      'querystring/group',
      'querystring/group goes without unattributed: what is not attributed is of no group.',
    );
  if (unattributed) return 'unattributed';
  return group === undefined ? 'all' : { key: keyIn(workspace, groupBy, group) };
}

/** A source is known outside by its public id. */
function keyIn({ sources }: Workspace, grouping: Grouping, group: string): string | null {
  if (group === '') return null;
  if (grouping !== 'integration') return group;
  const source = [...sources.values()].find(({ publicId }) => publicId === group);
  if (source) return String(source.id);
  throw wrong(
    'querystring/group',
    'querystring/group is the id of no source: GET …/sources lists those there are.',
  );
}

/** @throws RequestError `invalid-request` */
function positionIn(next: string | undefined) {
  if (next === undefined) return null;
  const position = decodePosition(next);
  if (!position) throw badNext();
  return { id: position.id, at: Date.parse(position.at) };
}
