// Loaded into the server before all else (--import): its clock is off by as many milliseconds as the file THROUGHLINE_CRASH_CLOCK
// says. Timers are not, as they are not when a machine's clock is set; nor is the database's own clock.
import { readFileSync } from 'node:fs';

const file = process.env.THROUGHLINE_CRASH_CLOCK;
const RealDate = Date;
const realNow = Date.now;
let shift = 0;

function readShift() {
  try {
    shift = Number(readFileSync(file, 'utf8')) || 0;
  } catch {
    shift = 0;
  }
}

if (file) {
  readShift();
  setInterval(readShift, 50).unref();
  const now = () => realNow() + shift;
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, given, newTarget) =>
      Reflect.construct(target, given.length === 0 ? [now()] : given, newTarget),
    apply: () => new RealDate(now()).toString(),
    get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
  });
}
