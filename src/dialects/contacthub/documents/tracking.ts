import { closedObject, DRAFT_07, type JsonSchema, text } from './json-schema.ts';

/** Where a visit came from, as Google Analytics names it. Served as `event/tracking.json`. */
export const trackingSchema: JsonSchema = {
  $schema: DRAFT_07,
  ...closedObject({
    ga: closedObject({
      utm_source: text,
      utm_medium: text,
      utm_term: text,
      utm_content: text,
      utm_campaign: text,
    }),
  }),
};
