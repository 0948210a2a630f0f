import Type, { type Static } from 'typebox';

/** The vendor's number of the group of customers, of Contactsend's, that a workspace is of. */
export const GroupPk = Type.Integer({
  minimum: 0,
  maximum: Number.MAX_SAFE_INTEGER,
  description: "The vendor's number of the group that the workspace is of.",
});

const maximumSources = 100;
const maximumItems = 1000;

const freeObject = Type.Record(Type.String({ maxLength: 200 }), Type.Unknown(), {
  maxProperties: 200,
  description: "In the vendor's own form, shown as it is.",
});

/** What is kept of a database of Contactsend's that is fed from a node (docs/spec/contacthub.md A#109 to 115). */
export const SendSource = Type.Object(
  {
    nodeId: Type.String({ format: 'uuid', description: 'Of the node that feeds it.' }),
    groupPk: GroupPk,
    userdbId: Type.String({ minLength: 1, maxLength: 100, description: 'Of the database in Contactsend.' }),
    portfolio: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
    contactSendSource: Type.Optional(freeObject),
    subscriptions: Type.Optional(Type.Array(freeObject, { maxItems: maximumItems })),
    subscriberFields: Type.Optional(Type.Array(freeObject, { maxItems: maximumItems })),
  },
  { additionalProperties: false },
);

export type SendSource = Static<typeof SendSource>;

export const SendSources = Type.Array(SendSource, { maxItems: maximumSources });
