/** Of the matches only so many count, by the asked order (Search customers, Search events: "the maximum number of matched elements"). */
export const maximumMatches = 10_000;

/** A search that takes longer is stopped: it is a question that no index serves, and others wait for its connection. */
export const searchMilliseconds = 3000;
