/**
 * Where a visitor is sent to pay or to sign in, and comes back from: none of them brought anybody. Each stands for its subdomains, too.
 * Peers' lists of the same purpose were compared (docs/decisions/0018-attribution.md); a conversion can have another list.
 */
export const paymentAndSignInHosts: readonly string[] = [
  // Payment.
  'paypal.com',
  'paypalobjects.com',
  'stripe.com',
  'klarna.com',
  'adyen.com',
  'checkout.com',
  'mollie.com',
  // Sign-in. Google's and Apple's other hosts do bring visitors.
  'accounts.google.com',
  'appleid.apple.com',
  'login.microsoftonline.com',
];
