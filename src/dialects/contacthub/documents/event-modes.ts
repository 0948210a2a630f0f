import type { EventMode, EventTypeName } from './enums.ts';

/** Modes that a captured reply of the vendor's confirms. */
export const CONFIRMED_EVENT_MODES = {
  addedCompare: 'ACTIVE',
  addedProduct: 'ACTIVE',
  addedWishlist: 'ACTIVE',
  campaignOpened: 'ACTIVE',
  campaignSent: 'PASSIVE',
  clickedLink: 'ACTIVE',
  closedTicket: 'ACTIVE',
  completedOrder: 'ACTIVE',
  formCompiled: 'ACTIVE',
  loggedIn: 'ACTIVE',
  loggedOut: 'ACTIVE',
  openedTicket: 'ACTIVE',
  removedCompare: 'ACTIVE',
  removedProduct: 'ACTIVE',
  removedWishlist: 'ACTIVE',
  repliedTicket: 'PASSIVE',
  reviewedProduct: 'ACTIVE',
  viewedPage: 'ACTIVE',
  viewedProduct: 'ACTIVE',
  viewedProductCategory: 'ACTIVE',
} as const satisfies Partial<Record<EventTypeName, EventMode>>;

/**
 * Modes that are our inference (docs/spec/contacthub.md, ruling 6): ACTIVE where the customer acts, PASSIVE where the
 * customer receives. A correction from the vendor's own document moves its line to the table above.
 */
export const INFERRED_EVENT_MODES: Readonly<
  Record<Exclude<EventTypeName, keyof typeof CONFIRMED_EVENT_MODES>, EventMode>
> = {
  abandonedCart: 'ACTIVE',
  abandonedSession: 'ACTIVE',
  addedReward: 'ACTIVE',
  campaignBlacklisted: 'PASSIVE',
  campaignBounced: 'PASSIVE',
  campaignLinkClicked: 'ACTIVE',
  campaignMarkedSpam: 'ACTIVE',
  campaignOptinRequested: 'PASSIVE',
  campaignSubscribed: 'ACTIVE',
  campaignUnsubscribed: 'ACTIVE',
  changedSetting: 'ACTIVE',
  eventConfirmed: 'ACTIVE',
  eventDeclined: 'ACTIVE',
  eventEligible: 'PASSIVE',
  eventInvited: 'PASSIVE',
  eventNoShow: 'ACTIVE',
  eventNotInvited: 'PASSIVE',
  eventParticipated: 'ACTIVE',
  eventRegistered: 'ACTIVE',
  genericActiveEvent: 'ACTIVE',
  genericPassiveEvent: 'PASSIVE',
  grantedCoupon: 'PASSIVE',
  orderShipped: 'PASSIVE',
  removedReward: 'ACTIVE',
  searched: 'ACTIVE',
  serviceSubscribed: 'ACTIVE',
  serviceUnsubscribed: 'ACTIVE',
  surveyCompiled: 'ACTIVE',
};
