/**
 * Requests are read one in each turn of the event loop. Many come in at once, when those before them were answered at once, and read all
 * at once they would keep the process from seeing what the database has answered to a batch that holds the workspace's lock.
 */
const waiting: (() => void)[] = [];

/** Does the work once its turn has come: behind all that waits already, and behind what has come in from elsewhere. */
export function inTurn(work: () => void): void {
  waiting.push(work);
  if (waiting.length === 1) setImmediate(takeNext);
}

function takeNext(): void {
  const work = waiting[0]!;
  try {
    work();
  } finally {
    waiting.shift();
    if (waiting.length > 0) setImmediate(takeNext);
  }
}
