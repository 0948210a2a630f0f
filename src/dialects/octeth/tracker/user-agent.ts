/*
 * The names that programs which fetch pages give themselves. `Cubot` is a make of telephones. Programs that say they are a
 * browser are not recognised.
 */
const botPattern =
  /(?<!cu)bot|crawl|spider|slurp|headless|phantomjs|lighthouse|page ?speed|prerender|pingdom|uptime|monitor(?:ing|\/)|facebookexternalhit|embedly|preview|feedfetcher|archiver|^(?:curl|wget|python|java|go-http|node|axios|okhttp|libwww|ruby|php)\b/i;

/** True for a user agent that says it is no person's browser, or says nothing. */
export function isBot(userAgent: string | undefined): boolean {
  return userAgent === undefined || userAgent.trim() === '' || botPattern.test(userAgent.slice(0, 1024));
}
