/*
 * The browser tracker: docs/browser-tracker.md. It is served as /t.js without its comments and indentation, and runs on any page
 * as a classic script. Plain JavaScript without dependencies, because what it weighs, each page pays.
 */
(() => {
  const script = document.currentScript || document.querySelector('script[data-list][src*="/t.js"]');
  if (!script) return;
  const { user, list, lobj = 'oct', consent: consentMode } = script.dataset;
  // What the page called before the script was there: [['eventT', 'signup'], ...].
  const early = window[lobj];
  if (early?.version) return;

  const version = '__VERSION__';
  const endpoint = new URL('hello/message', script.src).href;
  const day = 86_400_000;
  const keptDays = 7;
  const maximumWaiting = 500;
  const maximumAdopted = 100;
  const maximumSending = 8;
  // What has just happened goes before what has waited; all of it may be no more than outlives the page.
  const maximumFresh = 32;
  // Of all requests that may outlive their page, together; a longer one is an ordinary request.
  const keepaliveCharacters = 60_000;
  const canOutlivePage = 'keepalive' in Request.prototype;
  const storedPrefix = `oct:${list}:`;
  const isRefused =
    navigator.doNotTrack === '1' || window.doNotTrack === '1' || navigator.globalPrivacyControl === true;

  /** The campaign mail whose link led here; the address may have changed by the time that consent is given. */
  const arrivedBy = new URLSearchParams(location.search).get('pr');
  /** For where cookies or storage are blocked: then a visitor lasts as long as the page. */
  const memory = {};
  /** Messages before consent. */
  const held = [];
  /** Messages that the server has not confirmed yet, by id. */
  const waiting = new Map();
  const sending = new Set();
  /** Ids of those of them that happened on this page. */
  const own = new Set();
  let hasAdopted = false;
  let retryDelay = 1000;
  let retryTimer;
  let shownUrl;
  let shownAt = document.referrer;

  // crypto.randomUUID is there on https only.
  const newId = () =>
    '10000000-1000-4000-8000-100000000000'.replace(/[018]/g, (digit) =>
      (digit ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (digit / 4)))).toString(16),
    );

  /** The first answer of storage that may be blocked, which throws. */
  const attempt = (work) => {
    try {
      return work();
    } catch {
      return undefined;
    }
  };
  const recall = (name) => {
    const pair = attempt(() => document.cookie.split('; ').find((one) => one.startsWith(`${name}=`)));
    return pair ? attempt(() => decodeURIComponent(pair.slice(name.length + 1))) : memory[name];
  };
  const remember = (name, value, days) => {
    memory[name] = value;
    const secure = location.protocol === 'https:' ? ';secure' : '';
    attempt(() => {
      // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser, and not on http
      document.cookie = `${name}=${encodeURIComponent(value)};path=/;max-age=${days * 86_400};samesite=lax${secure}`;
    });
  };
  const forgetName = (name) => {
    remember(name, '', 0);
    delete memory[name];
  };
  const storedKeys = () =>
    attempt(() => Object.keys(localStorage).filter((key) => key.startsWith(storedPrefix))) || [];

  const isAllowed = () => {
    const consent = recall('oct_consent');
    return !isRefused && consent !== '0' && (consentMode !== 'required' || consent === '1');
  };
  const isForbidden = () => isRefused || recall('oct_consent') === '0';

  const visitor = () => {
    // Read back: of two tabs that open at once, both take the one that was written last.
    if (!recall('oct_uuid')) remember('oct_uuid', newId(), 365);
    return recall('oct_uuid');
  };

  const drop = ({ id }) => {
    waiting.delete(id);
    own.delete(id);
    attempt(() => localStorage.removeItem(storedPrefix + id));
  };

  const bodyOf = (message) => JSON.stringify({ ...message, sent: Date.now() });

  const retryLater = () => {
    if (retryTimer) return;
    retryTimer = setTimeout(
      () => {
        retryTimer = undefined;
        flush();
      },
      retryDelay * (1 + Math.random()),
    );
    retryDelay = Math.min(retryDelay * 2, 60_000);
  };

  const send = async (message) => {
    const body = bodyOf(message);
    sending.add(message.id);
    try {
      // Text needs no leave to be asked from the server before.
      const keepalive = body.length < keepaliveCharacters;
      const { ok, status } = await fetch(endpoint, { method: 'POST', body, keepalive, credentials: 'omit' });
      if (!ok && (status < 400 || status > 499 || status === 408 || status === 429)) throw status;
      // Refused for good is also an answer.
      drop(message);
      retryDelay = 1000;
      sending.delete(message.id);
      adopt();
      if (!retryTimer) flush();
    } catch {
      sending.delete(message.id);
      retryLater();
    }
  };

  /**
   * What pages that were closed have left, or what is just under way from another tab: the server takes it once. Only when it has
   * answered: a page that is left at once has no more time than for what is its own.
   */
  const adopt = () => {
    if (hasAdopted || waiting.size > maximumSending || !isAllowed()) return;
    for (const key of storedKeys()) {
      const message = attempt(() => JSON.parse(localStorage.getItem(key)));
      const isOld = !(message?.at > Date.now() - keptDays * day);
      if (isOld) attempt(() => localStorage.removeItem(key));
      else if (waiting.size < maximumAdopted) waiting.set(message.id, waiting.get(message.id) || message);
    }
    hasAdopted = waiting.size < maximumAdopted;
  };

  const flush = () => {
    if (navigator.onLine === false || !isAllowed()) return;
    for (const message of waiting.values()) {
      if (sending.size >= maximumSending) return;
      if (!sending.has(message.id)) send(message);
    }
  };

  /**
   * The page may be gone in a moment: what no request is under way with goes as a beacon. It stays waiting, for want of an answer.
   * What other pages left stays for a later one: browsers let only so much outlive its page.
   */
  const leave = () => {
    showSoon.now?.();
    if (!isAllowed()) return;
    for (const message of waiting.values()) {
      if (own.has(message.id) && (!canOutlivePage || !sending.has(message.id)))
        attempt(() => navigator.sendBeacon(endpoint, bodyOf(message)));
    }
  };

  const post = (message) => {
    message.uuid = visitor();
    const campaign = recall('oct_pr');
    if (campaign) message.properties = { pr: campaign, ...message.properties };
    if (waiting.size >= maximumWaiting) drop(waiting.values().next().value);
    waiting.set(message.id, message);
    own.add(message.id);
    // One entry each, so that two tabs never write the same one. Before it is sent: the page may close at any time.
    attempt(() => localStorage.setItem(storedPrefix + message.id, JSON.stringify(message)));
    if (!retryTimer && sending.size < maximumFresh && navigator.onLine !== false) send(message);
  };

  const track = (event, properties, part) => {
    if (isForbidden()) return;
    const at = Date.now();
    const message = { v: 1, id: newId(), at, user, list, event, ...part };
    message.properties = { ...describePage(event, at), ...properties };
    if (isAllowed()) post(message);
    else if (held.length < maximumWaiting) held.push(message);
  };

  /** Consent is there: what has waited for it, and what pages that were closed have left. */
  const start = () => {
    if (arrivedBy) remember('oct_pr', arrivedBy.slice(0, 255), 30);
    remember('oct_uuid', visitor(), 365);
    for (const message of held.splice(0)) post(message);
  };

  const first = (text, table) => table.find(([, pattern]) => pattern.test(text)) || ['', / /];

  const describeBrowser = () => {
    const agent = navigator.userAgent;
    const isTouchMac = /Macintosh/.test(agent) && navigator.maxTouchPoints > 1;
    const [browser, pattern] = first(agent, [
      ['Microsoft Edge', /Edg(?:e|A|iOS)?\/([\d.]+)/],
      ['Opera', /(?:OPR|Opera)\/([\d.]+)/],
      ['Samsung Internet', /SamsungBrowser\/([\d.]+)/],
      ['Firefox', /(?:Firefox|FxiOS)\/([\d.]+)/],
      ['Chrome', /(?:Chrome|CriOS)\/([\d.]+)/],
      ['Safari', /Version\/([\d.]+).*Safari/],
    ]);
    const [os] = first(isTouchMac ? 'iPad' : agent, [
      ['iOS', /iPhone|iPad|iPod/],
      ['Android', /Android/],
      ['Windows', /Windows/],
      ['Chrome OS', /CrOS/],
      ['Mac OS X', /Mac OS X/],
      ['Linux', /Linux|X11/],
    ]);
    const device = isTouchMac
      ? 'iPad'
      : /iPhone|iPad|iPod|Android|Macintosh|Windows|CrOS|Linux/.exec(agent)?.[0];
    const isTablet = device === 'iPad' || /Tablet/.test(agent) || (os === 'Android' && !/Mobile/.test(agent));
    return {
      $browser: browser,
      $browser_version: pattern.exec(agent)?.[1] || '',
      $browser_language: navigator.language,
      $os: os,
      $device: device || '',
      $device_type: isTablet ? 'Tablet' : /Mobi|iPhone|iPod/.test(agent) ? 'Mobile' : 'Desktop',
    };
  };

  const describePage = (event, at) => ({
    ...describeBrowser(),
    $current_url: location.href,
    $host: location.host,
    $pathname: location.pathname,
    // The vendor's page views have the title by the one name, other events by the other (docs/spec/octeth.md B8).
    [event === 'pageView' ? '$pageTitle' : '$page_title']: document.title,
    $referrer: shownAt,
    $referring_domain: attempt(() => new URL(shownAt).host) || '',
    $screen_height: screen.height,
    $screen_width: screen.width,
    $viewport_height: innerHeight,
    $viewport_width: innerWidth,
    $dsn: endpoint,
    $lib: 'web',
    $lib_version: version,
    $sent_at: new Date(at).toISOString(),
  });

  const pathNow = () => location.pathname + location.search;

  const showPage = () => {
    // Where the visitor comes from; the server reads campaigns and click ids of it.
    const landing = shownUrl ? undefined : { url: location.href, referrer: document.referrer };
    shownUrl = location.href;
    track('pageView', { url: shownUrl }, { landing });
  };

  /** Another page of the same document. Its title is set in the same turn, after its address. */
  const showSoon = () => {
    const from = new URL(shownUrl || location.href);
    if (!shownUrl || showSoon.now || from.pathname + from.search === pathNow()) return;
    showSoon.now = () => {
      clearTimeout(timer);
      showSoon.now = undefined;
      shownAt = from.href;
      showPage();
    };
    const timer = setTimeout(() => showSoon.now(), 0);
  };

  const api = {
    version,
    eventP: (url, properties) => track('pageView', { url: url || location.href, ...properties }),
    eventI: (emailOrHash, properties, identifyProperties) => {
      const text = String(emailOrHash ?? '').trim();
      const who = /^[0-9a-f]{64}$/i.test(text) ? { hash: text } : { email: text };
      track('identify', { $pageTitle: document.title, ...properties }, { ...who, identifyProperties });
    },
    eventT: (name, properties) => track(name, properties),
    eventC: (id, name, value, properties) =>
      track('conversion', {
        ...properties,
        'conversion-id': id,
        'conversion-name': name,
        'conversion-value': value,
      }),
    /** The visitor's id, which is also Webmarketer's trackerId; undefined where nothing may be stored. */
    id: () => (isAllowed() ? visitor() : undefined),
    consent: (given) => {
      if (isRefused) return;
      if (given) {
        remember('oct_consent', '1', 180);
        start();
        return;
      }
      for (const name of ['oct_uuid', 'oct_pr']) forgetName(name);
      remember('oct_consent', '0', 180);
      for (const key of storedKeys()) attempt(() => localStorage.removeItem(key));
      waiting.clear();
      own.clear();
      held.length = 0;
    },
    push: (...calls) => {
      for (const [name, ...values] of calls) api[name]?.(...values);
    },
  };
  window[lobj] = api;

  for (const name of ['pushState', 'replaceState']) {
    const original = history[name];
    history[name] = function (...values) {
      const result = original.apply(this, values);
      showSoon();
      return result;
    };
  }
  addEventListener('popstate', showSoon);
  addEventListener('online', flush);
  addEventListener('pagehide', leave);
  document.addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && leave());
  // A page out of the back-forward cache is seen again, and the script does not run again.
  addEventListener('pageshow', ({ persisted }) => persisted && showPage());

  const begin = () => {
    if (isAllowed()) start();
    showPage();
    if (Array.isArray(early)) api.push(...early);
  };
  // A page that the browser loads in advance is no visit yet.
  if (document.prerendering) document.addEventListener('prerenderingchange', begin, { once: true });
  else begin();
})();
