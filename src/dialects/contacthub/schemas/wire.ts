import type {
  BringBackType,
  EventContextName,
  EventOrigin,
  EventTypeName,
  MobileDeviceType,
  NotificationService,
  OtherContactType,
  SchoolType,
  SubscriptionKind,
} from './enums.ts';

/** The bodies of the vendor's wire, as the schemas of this folder accept them. Date-times are the vendor's strings. */

/** A JSON object whose keys no built-in schema fixes. */
export type FreeObject = Record<string, unknown>;

export interface GeographicLocation {
  lat: number;
  lon: number;
}

export interface OtherContact {
  name?: string | null;
  type?: OtherContactType | null;
  value?: string | null;
}

export interface MobileDevice {
  identifier?: string | null;
  appId?: string | null;
  name?: string | null;
  type?: MobileDeviceType | null;
  notificationService?: NotificationService | null;
}

export interface Contacts {
  email?: string | null;
  fax?: string | null;
  mobilePhone?: string | null;
  phone?: string | null;
  otherContacts?: OtherContact[];
  mobileDevices?: MobileDevice[];
}

export interface Address {
  street?: string | null;
  city?: string | null;
  country?: string | null;
  province?: string | null;
  region?: string | null;
  zip?: string | null;
  geo?: GeographicLocation | null;
}

export interface Credential {
  username?: string | null;
  password?: string | null;
}

export interface Education {
  id?: string;
  schoolType?: SchoolType | null;
  schoolName?: string | null;
  schoolConcentration?: string | null;
  startYear?: number | null;
  endYear?: number | null;
  isCurrent?: boolean | null;
}

export interface Like {
  id?: string;
  category?: string | null;
  name?: string | null;
  createdTime?: string | null;
}

export interface SocialProfile {
  facebook?: string | null;
  google?: string | null;
  instagram?: string | null;
  linkedin?: string | null;
  qzone?: string | null;
  twitter?: string | null;
}

/** `startDate` and `endDate` are calendar dates, `yyyy-MM-dd`. */
export interface Job {
  id?: string;
  companyIndustry?: string | null;
  companyName?: string | null;
  jobTitle?: string | null;
  startDate?: string | null;
  endDate?: string | null;
  isCurrent?: boolean | null;
}

export interface Subscription {
  id: string;
  name?: string | null;
  type?: string | null;
  kind?: SubscriptionKind | null;
  subscribed: boolean;
  startDate?: string | null;
  endDate?: string | null;
  subscriberId?: string | null;
  registeredAt?: string | null;
  updatedAt?: string | null;
  subscribeContext?: FreeObject | null;
  unsubscribeContext?: FreeObject | null;
  preferences?: { key?: string | null; value?: string | null }[];
  enable?: boolean | null;
}

/** `dob` is a calendar date, `yyyy-MM-dd`. */
export interface BaseProperties {
  pictureUrl?: string | null;
  title?: string | null;
  prefix?: string | null;
  firstName?: string | null;
  lastName?: string | null;
  middleName?: string | null;
  gender?: string | null;
  dob?: string | null;
  locale?: string | null;
  timezone?: string | null;
  contacts?: Contacts | null;
  address?: Address | null;
  credential?: Credential | null;
  educations?: Education[];
  likes?: Like[];
  socialProfile?: SocialProfile | null;
  jobs?: Job[];
  subscriptions?: Subscription[];
}

export interface Consent {
  status?: boolean | null;
  limitation?: boolean | null;
  objection?: boolean | null;
}

type ConsentGroup<Name extends string> = { [name in Name]?: Consent | null };

export interface Consents {
  disclaimer?: { date?: string | null; version?: string | null } | null;
  marketing?: {
    traditional?: ConsentGroup<'telephonic' | 'papery'> | null;
    automatic?: ConsentGroup<'sms' | 'email' | 'push' | 'im' | 'telephonic'> | null;
  } | null;
  profiling?: ConsentGroup<'classic' | 'online'> | null;
  softSpam?: ConsentGroup<'email' | 'papery'> | null;
  thirdPartyTransfer?: ConsentGroup<'profiling' | 'marketing'> | null;
}

export interface Tags {
  auto?: string[];
  manual?: string[];
}

/** -1: forgotten (erased); 0: there; 1: deleted. */
export type CustomerDeletedState = -1 | 0 | 1;

/** The body of PATCH of a customer. */
export interface CustomerPatchBody {
  id?: string;
  intId?: number | null;
  externalId?: string | null;
  nodeId?: string;
  base?: BaseProperties | null;
  consents?: Consents | null;
  extended?: FreeObject | null;
  extra?: string | null;
  tags?: Tags | null;
  enabled?: boolean;
  registeredAt?: string | null;
  updatedAt?: string | null;
  version?: number | null;
  deleted?: CustomerDeletedState;
  sourceInfo?: FreeObject | null;
}

/** The body of POST and of PUT of a customer. */
export interface CustomerBody extends CustomerPatchBody {
  nodeId: string;
}

/** A customer as replies show it: every key is there, absent values are null. */
export interface CustomerReply extends Required<CustomerPatchBody> {
  intId: number;
  registeredAt: string;
  updatedAt: string;
  version: number;
}

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

interface GeneratedEventKeys {
  id?: string;
  origin?: EventOrigin | null;
  registeredAt?: string | null;
  updatedAt?: string | null;
  version?: number | null;
}

/** The body of PUT of an event. */
export interface EventReplaceBody extends EventBody, GeneratedEventKeys {}

/** The body of PATCH of an event. */
export interface EventPatchBody extends Partial<EventBody>, GeneratedEventKeys {}

/** An event as replies show it; `prev` and `next` only where `nav` asked for them. */
export interface EventReply extends EventBody {
  id: string;
  date: string;
  origin: EventOrigin | null;
  registeredAt: string;
  updatedAt: string | null;
  version: number;
  prev?: string | null;
  next?: string | null;
}
