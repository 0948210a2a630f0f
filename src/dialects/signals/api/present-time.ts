/** Ruling 6: naive, to the second, in UTC. */
export function presentInstant(instant: Date): string {
  return instant.toISOString().slice(0, 19);
}

/** Ruling 6, C16: with an offset and its colon. */
export function presentTime(instant: Date | null): string | null {
  return instant && `${presentInstant(instant)}+00:00`;
}
