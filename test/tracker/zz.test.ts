import { it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { call, useBrowser } from './browser.ts';
const browser = useBrowser();
it('debug', async () => {
  const visitor = await browser.visit();
  const seen = new Map<number, string>();
  browser.test.app.http.server.on('request', () => {});
  let next = 0;
  const N = 300;
  await Promise.all(Array.from({ length: 4 }, async () => {
    for (let n = next++; n < N; n = next++) {
      const page = await visitor.newPage();
      page.on('request', (r) => { if (r.url().endsWith('message')) { const b = JSON.parse(r.postData() ?? '{}'); if (b.event === 'leaving') seen.set(b.properties.number, (seen.get(b.properties.number) ?? '') + `req@${n} `); } });
      page.on('requestfailed', (r) => { if (r.url().endsWith('message')) { const b = JSON.parse(r.postData() ?? '{}'); if (b.event === 'leaving') seen.set(b.properties.number, (seen.get(b.properties.number) ?? '') + `fail@${n}:${r.failure()?.errorText} `); } });
      page.on('requestfinished', (r) => { if (r.url().endsWith('message')) { const b = JSON.parse(r.postData() ?? '{}'); if (b.event === 'leaving') seen.set(b.properties.number, (seen.get(b.properties.number) ?? '') + `fin@${n} `); } });
      await page.goto(`${browser.site}/page-${n}`);
      await call(page, 'eventT', 'leaving', { number: n });
      const left = await page.evaluate('Object.keys(localStorage).length');
      if (Number(left) > 4) console.log('left', n, left);
      await page.close();
    }
  }));
  await sleep(3000);
  const ev = await browser.events();
  const have = new Set(ev.filter((e) => e.type === 'leaving').map((e) => e.properties.number));
  const views = new Set(ev.filter((e) => e.type === 'pageView').map((e) => e.properties.$pathname));
  console.log('leaving', have.size, 'views', views.size, ev.length);
  for (let n = 0; n < N; n++) if (!have.has(n)) console.log('missing', n, seen.get(n));
  for (let n = 0; n < N; n++) if (!views.has(`/page-${n}`)) console.log('missing view', n);
  const reader = await visitor.newPage();
  await reader.route('**/t.js*', (route) => route.abort());
  await reader.goto(browser.site);
  console.log('kept', await reader.evaluate('Object.values(localStorage).map(t => {const m = JSON.parse(t); return m.event + m.properties.number})'));
});
