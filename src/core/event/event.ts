import type { DialectName } from '../dialect-name.ts';

/** Where an event happened (Contacthub's contexts), by the number it is stored under: never renumber. 0: not said. */
export const eventContexts = {
  WEB: 1,
  MOBILE: 2,
  ECOMMERCE: 3,
  RETAIL: 4,
  SOCIAL: 5,
  DIGITAL_CAMPAIGN: 6,
  CONTACT_CENTER: 7,
  IOT: 8,
  OTHER: 9,
} as const;

export type EventContext = keyof typeof eventContexts;

const contextNames = new Map(
  Object.entries(eventContexts).map(([name, number]) => [number as number, name as EventContext]),
);

export function eventContextOf(number: number | null): EventContext | null {
  return number === null ? null : (contextNames.get(number) ?? null);
}

export function eventContextNumber(context: EventContext | null): number | null {
  return context === null ? null : eventContexts[context];
}

/** An event as it is stored. `detail` is what only its own dialect needs beside the properties. */
export interface StoredEvent {
  readonly seq: number;
  readonly id: string;
  readonly typeId: number;
  readonly typeVersion: number | null;
  readonly profileId: string;
  readonly sourceId: number | null;
  readonly context: EventContext | null;
  readonly occurredAt: Date;
  readonly receivedAt: Date;
  readonly updatedAt: Date | null;
  readonly version: number;
  readonly properties: Record<string, unknown>;
  readonly detail: Record<string, unknown> | null;
}

/** An event with the names that its numbers stand for. */
export interface NamedEvent extends StoredEvent {
  readonly type: string;
  readonly dialect: DialectName;
}
