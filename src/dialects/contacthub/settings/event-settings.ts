import Type, { type Static } from 'typebox';
import { EVENT_TYPE_NAMES, type EventTypeName } from '../documents/enums.ts';
import { largestEventLimit, payloadLimit } from '../documents/payload-limit.ts';
import { consentPattern } from '../rules/event-consents.ts';
import { PropertyDefinitions } from './property-definitions.ts';

export const maximumConsents = 50;

/** What a workspace sets of the events of one type; what is left out is as for a workspace that sets nothing. */
const EventTypeSettings = Type.Object(
  {
    enabled: Type.Optional(
      Type.Boolean({ description: 'False: its events are refused, and kept in quarantine.' }),
    ),
    /** Absent: any object is taken. */
    extended: Type.Optional(PropertyDefinitions),
    consents: Type.Optional(
      Type.Array(
        Type.String({ pattern: consentPattern, description: 'a consent, such as consents.profiling.online' }),
        {
          maxItems: maximumConsents,
          uniqueItems: true,
          description: 'What a customer has to have agreed to; else the event is dropped.',
        },
      ),
    ),
    maxBytes: Type.Optional(
      Type.Integer({
        minimum: payloadLimit,
        maximum: largestEventLimit,
        description: `The largest event; ${payloadLimit} if left out.`,
      }),
    ),
  },
  { additionalProperties: false },
);

export type EventTypeSettings = Static<typeof EventTypeSettings>;
export type EventSettings = Readonly<Partial<Record<EventTypeName, EventTypeSettings>>>;

/** By event type. */
export const EventSettings = Type.Unsafe<EventSettings>({
  type: 'object',
  patternProperties: { [`^(?:${EVENT_TYPE_NAMES.join('|')})$`]: EventTypeSettings },
  additionalProperties: false,
  description: 'By event type.',
});

/** The settings with those of each type as `change` leaves them; one that says what holds anyway is left out. */
export function changeEventSettings(
  settings: EventSettings = {},
  change: (own: EventTypeSettings, type: EventTypeName) => EventTypeSettings,
): EventSettings {
  const changed = EVENT_TYPE_NAMES.map(
    (type) => [type, significant(change(settings[type] ?? {}, type))] as const,
  );
  return Object.fromEntries(changed.filter(([, own]) => Object.keys(own).length > 0));
}

/** Without a schema any object is taken. */
function significant({
  enabled,
  extended = {},
  consents = [],
  maxBytes,
}: EventTypeSettings): EventTypeSettings {
  return {
    ...(enabled === false ? { enabled } : {}),
    ...(Object.keys(extended).length > 0 ? { extended } : {}),
    ...(consents.length > 0 ? { consents } : {}),
    ...(maxBytes === undefined || maxBytes === payloadLimit ? {} : { maxBytes }),
  };
}
