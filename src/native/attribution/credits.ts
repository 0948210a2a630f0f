import type { Static } from 'typebox';
import { conversions } from '../../core/attribution/conversion-store.ts';
import type { ExplainedTouch } from '../../core/attribution/explain-credits.ts';
import { keyOf } from '../../core/attribution/grouping.ts';
import { nothing } from '../../core/attribution/tally.ts';
import { readEvent } from '../../core/event/event-store.ts';
import type { Workspace } from '../../core/workspace/workspace.ts';
import { readExplanation } from '../../query/attribution/read-explanation.ts';
import { type NameGroup, readLabels } from '../../query/attribution/read-labels.ts';
import { noSuch, wrong } from '../refusals.ts';
import type { NativeDialect, NativeServices } from '../services.ts';
import {
  presentAsked,
  presentCredit,
  presentCredited,
  presentMoney,
  type ValueForm,
  valueFormOf,
} from './present.ts';
import { readAsked } from './question.ts';
import type { CreditsQuery, CreditsReply } from './schemas.ts';

/** Why a conversion is credited as it is. @throws RequestError `invalid-request`, `not-found` */
export async function explainConversion(
  services: NativeServices,
  dialects: readonly NativeDialect[],
  cached: Workspace,
  eventId: string,
  query: Static<typeof CreditsQuery>,
): Promise<Static<typeof CreditsReply>> {
  const { database, adPlatforms } = services;
  const conversion = query.conversion ?? (await findConversionOf(services, cached, eventId));
  const asked = await readAsked(services, cached, { ...query, conversion });
  const { workspace, settings } = asked;
  const found = await readExplanation(database, workspace, settings, query.model, eventId, adPlatforms);
  if (!found)
    throw noSuch(
      'params/eventId',
      'The workspace has no event of this id that the conversion counts: its type is another, its state is not 1, or it is not there.',
    );
  const { journey, touches, credited } = found;
  const attributions = dialects.flatMap(({ attribution }) => attribution ?? []);
  const keys = touches.map(({ touch }) => keyOf('campaign', touch.origin));
  const nameOf = await readLabels(database, workspace, attributions, 'campaign', keys);
  const form = valueFormOf(asked, journey.value ? journey.value.currency !== null : undefined);
  return {
    parameters: { ...presentAsked(asked), model: query.model },
    event: {
      id: journey.eventId,
      profileId: journey.profileId,
      personId: journey.personId,
      convertedAt: new Date(journey.convertedAt).toISOString(),
      value: journey.value && form && presentMoney(credited.value, form.currency),
    },
    touches: touches.map((touch) => presentTouch(workspace, touch, nameOf, form)),
    unattributed: presentCredited(credited.touches.length === 0 ? credited : nothing, form),
    total: presentCredited(credited, form),
  };
}

/** The conversion that counts events of this one's type; where none is kept, the type itself. */
async function findConversionOf(
  { database, workspaces }: NativeServices,
  { id }: Workspace,
  eventId: string,
): Promise<string> {
  const event = await readEvent(database, id, eventId);
  const workspace = await workspaces.reload(id);
  const type = event && workspace.eventTypes.byId(event.typeId);
  if (!type) throw noSuch('params/eventId', 'The workspace has no event of this id.');
  const [first, ...others] = workspace.parts
    .get(conversions)
    .filter(({ settings }) => settings.event.dialect === type.dialect && settings.event.type === type.name);
  if (others.length > 0)
    throw wrong(
      'querystring/conversion',
      'querystring/conversion is missing, and several conversions count events of this type: name one of GET …/conversions.',
    );
  return first?.id ?? `${type.dialect}:${type.name}`;
}

function presentTouch(
  { sources }: Workspace,
  { touch, leftOut, conversions: credit, value }: ExplainedTouch,
  nameOf: NameGroup,
  form: ValueForm,
) {
  const { origin } = touch;
  const { key, label } = nameOf(keyOf('campaign', origin));
  return {
    id: touch.id,
    at: new Date(touch.at).toISOString(),
    profileId: touch.profileId,
    dialect: origin.dialect,
    channel: origin.channel,
    integration: origin.sourceId === null ? null : (sources.get(origin.sourceId)?.externalId ?? null),
    campaign: key === null ? null : { key, label },
    adId: origin.adId,
    source: origin.utmSource,
    medium: origin.utmMedium,
    referrerHost: touch.referrerHost,
    credit: presentCredit(credit),
    value: form && presentMoney(value, form.currency),
    leftOut,
  };
}
