/** Milliseconds since the epoch. Tests inject their own, to stand at 3:59:59 of a four-hour window. */
export type Clock = () => number;

export const systemClock: Clock = () => Date.now();
