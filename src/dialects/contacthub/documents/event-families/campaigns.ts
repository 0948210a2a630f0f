import { enumReference } from '../enums.ts';
import {
  campaignOnDeviceProperties,
  campaignProperties,
  channelWithMessaging,
  classifications,
  eventSchema,
} from '../event-shapes.ts';
import {
  amount,
  choice,
  closedObject,
  freeObject,
  listOf,
  nullable,
  openObject,
  text,
  uri,
  url,
} from '../json-schema.ts';

/** A product shown by a campaign: P with its id required, its numbers not negative, open to further keys. */
const shownProduct = openObject(
  {
    id: text,
    sku: text,
    vendor: nullable(text),
    name: text,
    price: amount,
    imageUrl: url,
    linkUrl: url,
    shortDescription: text,
    category: listOf(text),
    classifications,
    weight: nullable(amount),
    itemQuantity: nullable(amount),
    extraProperties: freeObject,
  },
  ['id'],
);

const campaignContent = closedObject(
  {
    type: choice(['CONTENT', 'IMG', 'OTHER']),
    subType: text,
    name: text,
    description: text,
    url,
    imgUrl: url,
    price: amount,
    currency: enumReference('Currency'),
    tags: listOf(text),
    products: listOf(shownProduct),
  },
  ['type'],
);

const listSubscription = {
  subscriberId: text,
  listId: text,
  listName: text,
  channel: channelWithMessaging,
  channelType: text,
};

/** What is sent to customers, and what they do with it. */
export const campaignEvents = {
  campaignSent: eventSchema('The customer was sent a campaign.', {
    ...campaignProperties,
    channel: channelWithMessaging,
    channelType: text,
    contents: listOf(campaignContent),
  }),
  campaignOpened: eventSchema('The customer opened a campaign.', campaignOnDeviceProperties),
  campaignLinkClicked: eventSchema('The customer followed a link of a campaign.', {
    ...campaignOnDeviceProperties,
    linkUrl: uri,
    linkId: text,
    linkTags: listOf(text),
  }),
  campaignMarkedSpam: eventSchema('The customer marked a campaign as spam.', campaignOnDeviceProperties),
  campaignBounced: eventSchema(
    'A campaign could not be delivered to the customer.',
    campaignOnDeviceProperties,
  ),
  campaignBlacklisted: eventSchema('The customer was put on a blacklist.', campaignOnDeviceProperties),
  campaignOptinRequested: eventSchema('The customer was asked to confirm a subscription.', {
    ...listSubscription,
    invitationChannel: channelWithMessaging,
    invitationChannelType: text,
  }),
  campaignSubscribed: eventSchema('The customer subscribed to a list.', listSubscription),
  campaignUnsubscribed: eventSchema('The customer unsubscribed from a list.', {
    ...campaignProperties,
    channel: channelWithMessaging,
    channelType: text,
  }),
};
