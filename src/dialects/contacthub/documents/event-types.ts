import { EVENT_TYPE_NAMES, type EventMode, type EventTypeName } from './enums.ts';
import { campaignEvents } from './event-families/campaigns.ts';
import { commerceEvents } from './event-families/commerce.ts';
import { engagementEvents } from './event-families/engagement.ts';
import { occasionEvents } from './event-families/occasions.ts';
import { CONFIRMED_EVENT_MODES, INFERRED_EVENT_MODES } from './event-modes.ts';
import type { EventSchema } from './event-shapes.ts';
import type { JsonSchema } from './json-schema.ts';

/** One built-in event type. `propertiesSchema` holds references relative to `/docs/schema/`. */
export interface EventTypeDefinition {
  readonly type: EventTypeName;
  readonly label: string;
  readonly description: string;
  readonly mode: EventMode;
  readonly propertiesSchema: JsonSchema;
}

const schemas: Readonly<Record<EventTypeName, EventSchema>> = {
  ...commerceEvents,
  ...campaignEvents,
  ...engagementEvents,
  ...occasionEvents,
};

const modes: Readonly<Record<EventTypeName, EventMode>> = {
  ...CONFIRMED_EVENT_MODES,
  ...INFERRED_EVENT_MODES,
};

/** The label that the vendor shows for a type: `viewedProductCategory` is "Viewed product category". */
function labelEventType(type: EventTypeName): string {
  const words = type.replace(/[A-Z]/g, (capital) => ` ${capital.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The 48 built-in event types by name, in the order of the vendor's page. */
export const eventTypes: ReadonlyMap<EventTypeName, EventTypeDefinition> = new Map(
  EVENT_TYPE_NAMES.map((type) => [
    type,
    { type, label: labelEventType(type), mode: modes[type], ...schemas[type] },
  ]),
);
