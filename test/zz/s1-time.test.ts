import { test } from 'node:test';
import { startTestApp } from '../helpers/app.ts';
import { SignalsClient } from '../dialects/signals/helpers.ts';
test('time', async () => {
  const app = await startTestApp();
  const sessions = app.database.sessions as any;
  const take = sessions.take.bind(sessions);
  const sums = new Map<string, [number, number]>();
  const patched = new WeakSet();
  sessions.take = async () => {
    const s = await take();
    if (!patched.has(s)) {
      patched.add(s);
      const send = s.send.bind(s);
      let last = 0;
      s.send = (text: string, p: any) => {
        const sent = performance.now();
        const answer = send(text, p);
        answer.then(() => {
          const now = performance.now();
          const took = now - Math.max(last, sent);
          last = now;
          const key = text.trim().slice(0, 46).replace(/\s+/g, ' ');
          const e = sums.get(key) ?? [0, 0];
          e[0] += took; e[1]++;
          sums.set(key, e);
        }, () => {});
        return answer;
      };
    }
    return s;
  };
  const client = new SignalsClient(app);
  const message = (number: number) => ({
    id: `wamid.bench${number}`,
    from: `336${String(10_000_000 + ((number * 7919) % 20000)).padStart(8, '0')}`,
    timestamp: String(Math.floor(Date.now() / 1000)),
    type: 'text',
    text: { body: `Hello, is number ${number} still there?` },
    ...(number % 10 === 0 ? { referral: { source_url: 'https://fb.me/x', source_id: `ad-${(number / 10) % 100}`, source_type: 'ad', ctwa_clid: `click-${(number / 10) % 100}` } } : {}),
  });
  let next = 0;
  for (const until of [20000, 40000]) {
    sums.clear();
    const started = performance.now();
    const cpu = process.cpuUsage();
    const worker = async () => {
      while (next < until) {
        const from = next; next += 20;
        const messages = Array.from({ length: 20 }, (_, i) => message(from + i));
        const contacts = messages.map(({ from }) => ({ profile: { name: 'Ada Lovelace' }, wa_id: from }));
        const r = await client.deliver({ object: 'whatsapp_business_account', entry: [{ id: '1', changes: [{ field: 'messages', value: { contacts, messages } }] }] });
        if (r.statusCode !== 200) throw new Error(r.body);
      }
    };
    await Promise.all(Array.from({ length: 16 }, worker));
    const used = process.cpuUsage(cpu);
    console.log('ms', performance.now() - started, 'node cpu ms', (used.user + used.system) / 1000);
    for (const [k, [ms, n]] of [...sums].sort((a, b) => b[1][0] - a[1][0]).slice(0, 14)) console.log(ms.toFixed(0).padStart(7), String(n).padStart(6), k);
  }
  await app.close();
});
