import Type from 'typebox';
import { credentials, listId } from '../schemas.ts';

/** Times are Y-m-d or Y-m-d H:i:s in the workspace's time zone. */
export const SubscriberBody = Type.Object({
  ...credentials,
  ListID: listId,
  EmailAddress: Type.String(),
  Status: Type.Optional(
    Type.String({
      description:
        'Subscribed (the default), Opt-In Pending, Opt-Out Pending or Unsubscribed; named, it needs the date and IP.',
    }),
  ),
  SubscriptionDate: Type.Optional(Type.String()),
  SubscriptionIP: Type.Optional(Type.String()),
  UnsubscriptionDate: Type.Optional(Type.String()),
  UnsubscriptionIP: Type.Optional(Type.String()),
  OptInDate: Type.Optional(Type.String()),
  BounceType: Type.Optional(Type.String({ description: 'Not Bounced, Soft or Hard' })),
  CustomFields: Type.Optional(
    Type.Record(Type.String(), Type.Unknown(), { description: 'Values by the id of the custom field.' }),
  ),
  EnforceRequiredFields: Type.Optional(
    Type.Boolean({ description: 'True: required, unique and validated custom fields are enforced.' }),
  ),
  UpdateIfDuplicate: Type.Optional(Type.Boolean()),
  UpdateIfUnsubscribed: Type.Optional(Type.Boolean()),
  Source: Type.Optional(Type.String({ description: 'CSVImport, API, Webhook, Manual, Other or Unknown' })),
  SourceRef: Type.Optional(Type.String()),
});
