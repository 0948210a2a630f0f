import { getDomain } from 'tldts';
import type { Touch } from './touch.ts';

/**
 * Where a visitor is sent to pay or to sign in, and comes back from: none of them brought anybody. Each stands for its subdomains, too.
 * A host that also brings visitors (www.google.com, facebook.com) is not here, only those of its hosts that are for nothing else. A
 * conversion can have another list.
 */
export const paymentAndSignInHosts: readonly string[] = [
  // Payment.
  'paypal.com',
  'stripe.com',
  'klarna.com',
  'adyen.com',
  'checkout.com',
  'mollie.com',
  'braintreegateway.com',
  'worldpay.com',
  'worldline-solutions.com',
  'ogone.com',
  'authorize.net',
  'cybersource.com',
  '2checkout.com',
  'payments.amazon.com',
  'pay.amazon.com',
  'pay.google.com',
  'sofort.com',
  'giropay.de',
  'paydirekt.de',
  'trustly.com',
  'multisafepay.com',
  'buckaroo.nl',
  'bancontact.com',
  'paybox.com',
  'payzen.eu',
  'systempay.fr',
  'monetico-services.com',
  'hipay-tpp.com',
  'redsys.es',
  'nexi.it',
  'axerve.com',
  'satispay.com',
  'vipps.no',
  'mobilepay.dk',
  'przelewy24.pl',
  'payu.com',
  'razorpay.com',
  'mercadopago.com',
  // 3-D Secure: the pages of the banks.
  'cardinalcommerce.com',
  'arcot.com',
  'rsa3dsauth.com',
  'securesuite.co.uk',
  'securesuite.net',
  'wlp-acs.com',
  // Sign-in.
  'accounts.google.com',
  'appleid.apple.com',
  'login.microsoftonline.com',
  'login.live.com',
  'b2clogin.com',
  'auth0.com',
  'okta.com',
  'onelogin.com',
  'franceconnect.gouv.fr',
];

/** By the list that a conversion's settings hold, so that a list is taken in once and not for each touch. */
const hostsOfLists = new WeakMap<readonly string[], ReadonlySet<string>>();

/** Whether the host is one of the list, or a subdomain of one. */
export function isExcludedHost(excluded: readonly string[], host: string): boolean {
  const hosts = hostsOfLists.getOrInsertComputed(excluded, () => new Set(excluded));
  for (let start = 0; start !== -1; ) {
    if (hosts.has(host.slice(start))) return true;
    const dot = host.indexOf('.', start);
    start = dot === -1 ? -1 : dot + 1;
  }
  return false;
}

/**
 * Whether two hosts are of one site: of one registrable domain by the public suffix list, so that www.shop.co.uk and pay.shop.co.uk
 * are, and a.myshopify.com and b.myshopify.com are not. Hosts without such a domain (an address, `localhost`) have to be equal.
 */
export function areOfOneSite(host: string, other: string): boolean {
  if (host === other) return true;
  const domain = registrableDomain(host);
  return domain !== null && domain === registrableDomain(other);
}

function registrableDomain(host: string): string | null {
  return getDomain(host, { allowPrivateDomains: true, extractHostname: false });
}

/** Whether the touch came back from a host that brings nobody. One that names a campaign was brought by that, whatever its referrer. */
export function isExcludedReferrer(
  { namesCampaign, referrerHost, pageHost }: Touch,
  excluded: readonly string[],
  ownSite: boolean,
): boolean {
  if (namesCampaign || referrerHost === null) return false;
  if (ownSite && pageHost !== null && areOfOneSite(referrerHost, pageHost)) return true;
  return isExcludedHost(excluded, referrerHost);
}
