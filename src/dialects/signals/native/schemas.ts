import Type from 'typebox';
import { queryObject } from '../../../http/validation.ts';
import { nullable, oneOf, Time, WorkspaceParameters } from '../../../native/schemas/common.ts';
import { conversationEventTypes } from '../conversation/conversation-event.ts';

const metaId = (description: string) => Type.String({ pattern: '^\\d{1,32}$', description });
const Text = (maxLength: number, description?: string) =>
  Type.String({ minLength: 1, maxLength, ...(description === undefined ? {} : { description }) });
const Currency = Type.String({ pattern: '^[A-Z]{3}$', description: 'ISO 4217: what `spend` is in.' });
const TimeZone = Type.String({ maxLength: 64, description: 'IANA name: days of numbers are days in it.' });
const Day = Type.String({
  pattern: '^\\d{4}-\\d{2}-\\d{2}$',
  description: 'YYYY-MM-DD in the ad account’s time zone.',
});

export const FacebookAccountParameters = Type.Object({
  ...WorkspaceParameters.properties,
  facebookAccountId: metaId('The Facebook account’s id.'),
});
export const AdAccountParameters = Type.Object({
  ...WorkspaceParameters.properties,
  adAccountId: metaId('Digits, without act_.'),
});
export const AppParameters = Type.Object({
  ...WorkspaceParameters.properties,
  appId: Type.String({ maxLength: 64, description: 'A WhatsApp number.' }),
});

export const FacebookAccountSchema = Type.Object({
  id: Type.String(),
  email: nullable(Type.String()),
  tokenState: oneOf(['unset', 'valid', 'rejected'] as const),
  needsNewToken: Type.Boolean({ description: 'Meta refused the token that is set.' }),
  createdAt: Time,
  updatedAt: Time,
});
export const FacebookAccountsReply = Type.Object({ facebookAccounts: Type.Array(FacebookAccountSchema) });
export const FacebookAccountBody = Type.Object(
  {
    email: Type.Optional(nullable(Text(320))),
    accessToken: Type.Optional(
      Type.String({
        pattern: '^[\\x21-\\x7e]{1,2000}$',
        description: 'With the permission ads_read. It is never shown again.',
      }),
    ),
  },
  { additionalProperties: false },
);

export const AdAccountSchema = Type.Object({
  id: Type.String(),
  facebookAccount: nullable(Type.String({ description: 'By whose token it is read; null: it is not.' })),
  name: nullable(Type.String()),
  currency: nullable(Type.String()),
  timezone: nullable(Type.String()),
  refresh: Type.Object({
    state: oneOf([
      'never',
      'ok',
      'incomplete',
      'not-connected',
      'token-rejected',
      'rate-limited',
      'unreachable',
      'refused',
    ] as const),
    error: nullable(Type.String()),
    refreshedAt: nullable(Type.String({ description: 'When one last brought everything.' })),
    attemptedAt: nullable(Type.String()),
    nextRefreshAt: nullable(Type.String({ description: 'Null: not by itself.' })),
    numbersFrom: nullable(Type.String({ description: 'The oldest day that was asked for.' })),
  }),
});
export const AdAccountsReply = Type.Object({ adAccounts: Type.Array(AdAccountSchema) });
export const AdAccountBody = Type.Object(
  {
    facebookAccount: Type.Optional(nullable(metaId('By whose token it is read; null ends that.'))),
    name: Type.Optional(Text(1000)),
    currency: Type.Optional(Currency),
    timezone: Type.Optional(TimeZone),
  },
  { additionalProperties: false },
);

const optional = {
  id: (description: string) => Type.Optional(nullable(metaId(description))),
  text: () => Type.Optional(nullable(Text(1000))),
  status: () => Type.Optional(nullable(Type.String({ pattern: '^[A-Z_]{1,40}$' }))),
  time: () => Type.Optional(nullable(Type.String({ format: 'date-time' }))),
};
const Page = Type.Optional(
  nullable(
    Type.Object({ id: metaId('The page’s id.'), name: optional.text() }, { additionalProperties: false }),
  ),
);

export const AdsBody = Type.Object(
  {
    campaigns: Type.Optional(
      Type.Array(
        Type.Object(
          {
            id: metaId('The campaign’s id.'),
            adAccountId: metaId('Of the workspace.'),
            name: optional.text(),
            status: optional.status(),
            startTime: optional.time(),
            stopTime: optional.time(),
            page: Page,
          },
          { additionalProperties: false },
        ),
        { maxItems: 1000 },
      ),
    ),
    ads: Type.Array(
      Type.Object(
        {
          id: metaId('The ad’s id, as referrals name it.'),
          adAccountId: metaId('Of the workspace.'),
          campaignId: optional.id('What is left out stays as it is.'),
          name: optional.text(),
          status: Type.Optional(Type.String({ pattern: '^[A-Z_]{1,40}$', default: 'ACTIVE' })),
          adSet: Type.Optional(
            nullable(
              Type.Object(
                { id: optional.id('The ad set’s id.'), name: optional.text(), status: optional.status() },
                { additionalProperties: false },
              ),
            ),
          ),
          page: Page,
          createdTime: optional.time(),
          updatedTime: optional.time(),
        },
        { additionalProperties: false },
      ),
      { maxItems: 1000 },
    ),
  },
  { additionalProperties: false },
);

export const AdDaysBody = Type.Object(
  {
    days: Type.Array(
      Type.Object(
        {
          adId: metaId('An ad that is known.'),
          day: Day,
          clicks: Type.Integer({ minimum: 0, maximum: 1e12 }),
          impressions: Type.Integer({ minimum: 0, maximum: 1e12 }),
          spend: Type.Number({ minimum: 0, maximum: 1e12, description: 'In the ad account’s currency.' }),
        },
        { additionalProperties: false },
      ),
      { minItems: 1, maxItems: 5000 },
    ),
  },
  { additionalProperties: false },
);

export const StoredReply = Type.Object({ stored: Type.Integer() });
export const TrackingBody = Type.Object({ enabled: Type.Boolean() }, { additionalProperties: false });

export const ConversionsQuery = queryObject({
  after: Type.String({ maxLength: 128, default: '', description: '`next` of the page before.' }),
  limit: Type.Integer({ minimum: 1, maximum: 1000, default: 100 }),
});
export const ConversionsReply = Type.Object({
  conversions: Type.Array(
    Type.Object({
      campaignId: Type.String(),
      type: oneOf(conversationEventTypes),
      typeValue: nullable(Type.String()),
      typeId: nullable(Type.String()),
      createdAt: Time,
      warnings: Type.Array(Type.String()),
    }),
  ),
  next: nullable(Type.String({ description: '`after` of the next page.' })),
});
