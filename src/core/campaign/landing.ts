import { isStorableText } from '../event/storable.ts';
import { maximumSlugLength } from './campaign.ts';
import { clickIdNames } from './channel.ts';

const utmNames = ['source', 'medium', 'campaign', 'term', 'content', 'id'] as const;

/** What a landing URL and its referrer say of where a visitor came from. */
export interface Landing {
  readonly host: string;
  /** Without parameters and fragment, which may hold personal data. */
  readonly page: string;
  readonly referrerHost: string | null;
  /** Webmarketer's id of the integration. */
  readonly wmktId: string | null;
  /** The campaign's slug (docs/spec/webmarketer.md ruling 3). */
  readonly campaignSlug: string | null;
  readonly utm: Readonly<Partial<Record<(typeof utmNames)[number], string>>>;
  /** By the parameter's name in lower case. */
  readonly clickIds: Readonly<Record<string, string>>;
}

export const maximumUrlLength = 8192;
const maximumValueLength = 500;
const maximumPageLength = 2048;

/**
 * Reads a landing URL; undefined when it is no http(s) URL of at most `maximumUrlLength` characters. Parameter names count in any
 * case (docs/spec/webmarketer.md B11: `wmktid`), the first of several. A referrer that can't be read is none.
 */
export function readLanding(url: string, referrer?: string | null): Landing | undefined {
  const parsed = parseHttpUrl(url);
  if (!parsed) return undefined;
  const parameters = readParameters(parsed.searchParams);
  const utm: Partial<Record<(typeof utmNames)[number], string>> = {};
  for (const name of utmNames) {
    const value = parameters.get(`utm_${name}`);
    if (value !== undefined) utm[name] = value;
  }
  const clickIds: Record<string, string> = {};
  for (const name of clickIdNames) {
    const value = parameters.get(name);
    if (value !== undefined) clickIds[name] = value;
  }
  return {
    host: parsed.hostname,
    page: (parsed.origin + parsed.pathname).slice(0, maximumPageLength),
    referrerHost: (referrer && parseHttpUrl(referrer)?.hostname) || null,
    wmktId: parameters.get('wmktid') ?? null,
    campaignSlug: readSlug(parameters.get('cid')),
    utm,
    clickIds,
  };
}

/** A slug that is too long to be one names no campaign. */
export function readSlug(value: string | undefined): string | null {
  return value !== undefined && value.length <= maximumSlugLength ? value : null;
}

function parseHttpUrl(text: string): URL | undefined {
  if (text.length > maximumUrlLength) return undefined;
  const url = URL.parse(text);
  return url && (url.protocol === 'http:' || url.protocol === 'https:') ? url : undefined;
}

/** By lower-case name, the first of each; what is empty, too long or not storable is left out. */
function readParameters(given: URLSearchParams): Map<string, string> {
  const parameters = new Map<string, string>();
  for (const [name, text] of given) {
    const value = text.trim();
    const key = name.toLowerCase();
    if (value === '' || value.length > maximumValueLength || !isStorableText(value)) continue;
    if (!parameters.has(key)) parameters.set(key, value);
  }
  return parameters;
}
