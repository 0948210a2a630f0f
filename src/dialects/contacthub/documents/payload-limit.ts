/** "Payload must not exceed 64kB" (ruling 2). In bytes. */
export const payloadLimit = 65_535;

/** The most that a workspace can allow the events of a type ("integer [ 65535 .. 380928 ]"). In bytes. */
export const largestEventLimit = 380_928;
