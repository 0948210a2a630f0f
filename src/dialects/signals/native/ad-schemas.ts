import Type from 'typebox';
import { queryObject } from '../../../http/validation.ts';
import { nullable, Time } from '../../../native/schemas/common.ts';

const Day = (description: string) =>
  Type.Optional(Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description, examples: ['2026-03-01'] }));

/** What messages call an ad need be no id of Meta's. */
const asked = {
  campaign: Type.Optional(Type.String({ minLength: 1, maxLength: 128, description: "The campaign's id." })),
  ad: Type.Optional(Type.String({ minLength: 1, maxLength: 128, description: "The ad's id." })),
  since: Day("A day of the ad account's time zone; from the first known one on if left out."),
  until: Day('The day behind the last; up to the last known one if left out.'),
} as const;

export const AdsQuery = queryObject({
  ...asked,
  after: Type.String({ maxLength: 128, default: '', description: '`next` of the page before.' }),
  limit: Type.Integer({ minimum: 1, maximum: 500, default: 100 }),
});

export const AdDaysQuery = queryObject({
  ...asked,
  next: Type.Optional(Type.String({ minLength: 1, maxLength: 160, description: 'Of the page before.' })),
  limit: Type.Integer({ minimum: 1, maximum: 5000, default: 1000 }),
});

const numbers = {
  clicks: Type.Integer(),
  impressions: Type.Integer(),
  spend: Type.Number({ description: "In the ad account's currency." }),
} as const;

const Named = Type.Object({ id: Type.String(), name: nullable(Type.String()) });

export const AdsReply = Type.Object({
  ads: Type.Array(
    Type.Object({
      id: Type.String(),
      name: nullable(Type.String()),
      status: Type.String({ description: 'Meta’s; UNKNOWN of an ad that only a message has told of.' }),
      adAccount: nullable(Type.Object({ ...Named.properties, currency: nullable(Type.String()) })),
      campaign: nullable(Named),
      adSet: nullable(Type.Object({ ...Named.properties, status: nullable(Type.String()) })),
      page: nullable(Named),
      createdTime: nullable(Time),
      updatedTime: nullable(Time),
      ...numbers,
    }),
    { description: 'By id. Numbers are the sums of the days that are asked for.' },
  ),
  next: nullable(Type.String({ description: '`after` of the next page.' })),
});

export const AdDaysReply = Type.Object({
  days: Type.Array(
    Type.Object({ adId: Type.String(), day: Type.String(), ...numbers, currency: nullable(Type.String()) }),
    { description: 'By day and within it by ad; days on which nothing is known are left out.' },
  ),
  next: nullable(Type.String()),
});
