import Type, { type Static } from 'typebox';
import { settingsReader } from '../../core/workspace/dialect-settings.ts';
import { DisabledBaseProperties } from './settings/base-properties.ts';
import { EventSettings } from './settings/event-settings.ts';
import { ProductSettings } from './settings/product-settings.ts';
import { PropertyDefinitions } from './settings/property-definitions.ts';
import { RetentionPolicy } from './settings/retention-policy.ts';
import { GroupPk, SendSources } from './settings/send-sources.ts';
import { Industry, Logo } from './settings/workspace-facts.ts';

/** What Contacthub alone knows of a workspace, in its `settings.dialects.contacthub`. Rules of matching are its nodes'. */
export const HubSettings = Type.Object(
  {
    /** Absent: any object is taken. */
    extendedProperties: Type.Optional(PropertyDefinitions),
    events: Type.Optional(EventSettings),
    products: Type.Optional(ProductSettings),
    groupPk: Type.Optional(GroupPk),
    sendSources: Type.Optional(SendSources),
    retention: Type.Optional(RetentionPolicy),
    disabledBaseProperties: Type.Optional(DisabledBaseProperties),
    industry: Type.Optional(Industry),
    logo: Type.Optional(Logo),
  },
  { additionalProperties: false },
);

export type HubSettings = Static<typeof HubSettings>;

export const readHubSettings = settingsReader(HubSettings);
