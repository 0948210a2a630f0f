/** What is counted by the workspace's local day and by node, by the number that it is stored under: never renumber. */
export const measures = {
  /** How often counts were mended: of two who find them off by the same, one alone may add that. Of no day and no node. */
  repairs: 0,
  /** Customers, by the day of their creation. */
  customersAdded: 1,
  /** Customers that were changed since, by the day of the last change. */
  customersUpdated: 2,
  /** Events, by the day on which they came in. */
  eventsAdded: 3,
  /** Events that were changed since, by the day of the last change. */
  eventsUpdated: 4,
  /** Of the events' own days: how many sessions or customers looked at pages of the web. */
  visits: 5,
  /** Those of them that looked at one page. */
  bounces: 6,
} as const;

export type Measure = (typeof measures)[keyof typeof measures];
