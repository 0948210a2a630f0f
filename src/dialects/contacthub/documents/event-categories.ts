import type { EventTypeName } from './enums.ts';

export interface EventCategory {
  readonly id: string;
  readonly label: string;
  readonly types: readonly EventTypeName[];
}

/** In which category analytics count an event type (docs/spec/contacthub.md A#1, A#111). The vendor names none: they are ours (ruling 10). */
export const eventCategories: readonly EventCategory[] = [
  {
    id: 'CAMPAIGN',
    label: 'Campaigns',
    types: [
      'campaignBlacklisted',
      'campaignBounced',
      'campaignLinkClicked',
      'campaignMarkedSpam',
      'campaignOpened',
      'campaignOptinRequested',
      'campaignSent',
      'campaignSubscribed',
      'campaignUnsubscribed',
    ],
  },
  {
    id: 'WEB',
    label: 'Web',
    types: [
      'changedSetting',
      'clickedLink',
      'formCompiled',
      'loggedIn',
      'loggedOut',
      'searched',
      'surveyCompiled',
      'viewedPage',
      'viewedProduct',
      'viewedProductCategory',
    ],
  },
  {
    id: 'SHOPPING',
    label: 'Shopping',
    types: [
      'abandonedCart',
      'abandonedSession',
      'addedCompare',
      'addedProduct',
      'addedWishlist',
      'removedCompare',
      'removedProduct',
      'removedWishlist',
      'reviewedProduct',
    ],
  },
  { id: 'ORDER', label: 'Orders', types: ['completedOrder', 'orderShipped'] },
  { id: 'LOYALTY', label: 'Loyalty', types: ['addedReward', 'grantedCoupon', 'removedReward'] },
  {
    id: 'EVENT',
    label: 'Events',
    types: [
      'eventConfirmed',
      'eventDeclined',
      'eventEligible',
      'eventInvited',
      'eventNoShow',
      'eventNotInvited',
      'eventParticipated',
      'eventRegistered',
    ],
  },
  {
    id: 'SERVICE',
    label: 'Services',
    types: ['closedTicket', 'openedTicket', 'repliedTicket', 'serviceSubscribed', 'serviceUnsubscribed'],
  },
  { id: 'GENERIC', label: 'Others', types: ['genericActiveEvent', 'genericPassiveEvent'] },
];

const categoryOfType = new Map<string, string>(
  eventCategories.flatMap(({ id, types }) => types.map((type) => [type, id] as const)),
);

/** The types in the order of their categories. */
export const typesByCategory: readonly string[] = [...categoryOfType.keys()];

/** Null for a type that no category has. */
export function categoryOf(type: string): string | null {
  return categoryOfType.get(type) ?? null;
}
