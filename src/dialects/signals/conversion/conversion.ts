import type { Conversion } from '../conversation/rules.ts';

/** A campaign's main conversion as it is asked for; where there is a value, that decides, and not the type's id. */
export type WantedConversion = Omit<Conversion, 'createdAt'>;

/** More than a client runs at a time; all of them are in each process's memory. */
export const maximumConversions = 10_000;
