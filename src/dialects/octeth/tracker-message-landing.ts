/** Where a visitor came from, at the first page view of a document; both as the browser said them. */
export interface Landing {
  readonly url: string;
  /** Empty where the browser tells none. */
  readonly referrer: string;
}

const clickIds = [
  'gclid',
  'gbraid',
  'wbraid',
  'dclid',
  'fbclid',
  'msclkid',
  'ttclid',
  'twclid',
  'li_fat_id',
  'epik',
  'sccid',
  'rdt_cid',
  'yclid',
  'irclickid',
];
/** Webmarketer's own: its visit id and its campaign id. */
const webmarketerIds = ['wmktid', 'cid'];
const known = new Set([...clickIds, ...webmarketerIds]);
const maximumLength = 2048;
const maximumParameters = 40;

/** Undefined unless it has an absolute http(s) address of bounded length. */
export function readLanding(value: unknown): Landing | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { url, referrer } = value as { url?: unknown; referrer?: unknown };
  if (typeof url !== 'string' || url.length > maximumLength) return undefined;
  const protocol = URL.parse(url)?.protocol;
  if (protocol !== 'https:' && protocol !== 'http:') return undefined;
  const from = typeof referrer === 'string' && referrer.length <= maximumLength ? referrer : '';
  return { url, referrer: from };
}

/** Its campaign's parameters: utm_*, click ids, Webmarketer's wmktid and cid; of several of one name the first, none that is empty. */
export function landingParameters({ url }: Landing): Record<string, string> {
  const found = new Map<string, string>();
  for (const [written, value] of new URL(url).searchParams) {
    const name = written.toLowerCase();
    const isOne = known.has(name) || /^utm_[a-z_]{1,32}$/.test(name);
    if (isOne && value !== '' && !found.has(name) && found.size < maximumParameters) found.set(name, value);
  }
  return Object.fromEntries(found);
}
