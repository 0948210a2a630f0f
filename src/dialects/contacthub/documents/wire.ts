import type { BringBackType, EventContextName, EventTypeName } from './enums.ts';

/** The bodies of the vendor's wire, as the schemas of this folder accept them. Date-times are the vendor's strings. */

/** A JSON object whose keys no built-in schema fixes. */
export type FreeObject = Record<string, unknown>;

export interface SessionBody {
  value: string;
}

export interface BringBackProperties {
  type: BringBackType;
  value: string;
  nodeId: string;
}

export interface Tracking {
  ga?: {
    utm_source?: string;
    utm_medium?: string;
    utm_term?: string;
    utm_content?: string;
    utm_campaign?: string;
  };
}

/** The body of POST of an event. Exactly one of `customerId` and `bringBackProperties` is given. */
export interface EventBody {
  customerId?: string | null;
  bringBackProperties?: BringBackProperties | null;
  type: EventTypeName;
  context: EventContextName;
  date?: string;
  contextInfo?: FreeObject;
  tracking?: Tracking | null;
  properties: FreeObject;
}

/** The body of PATCH or PUT of an event: what is given of it, what may be repeated of it, and what is generated. */
export interface EventEditBody {
  readonly id?: string;
  readonly customerId?: string | null;
  readonly bringBackProperties?: BringBackProperties | null;
  readonly type?: EventTypeName;
  readonly context?: EventContextName;
  readonly date?: string;
  readonly contextInfo?: FreeObject | null;
  readonly tracking?: Tracking | null;
  readonly properties?: FreeObject | null;
  readonly registeredAt?: string | null;
  readonly version?: number | null;
}
