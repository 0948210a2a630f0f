import type { BenchServer } from './bench-server.ts';
import { campaigns, type FilledSums, fillSums, origins, touchesOfPath } from './fill-attribution.ts';
import { readProcessorTimes } from './processor-times.ts';
import { medianOf, type Result } from './report.ts';

const fullSize = 1_000_000;
const times = 15;
const bound = 100;

interface Question {
  readonly name: string;
  readonly query: string;
}

/** What a year of conversions has brought, by campaign, in several forms: by the clock over HTTP, and how long processors had to work. */
export async function benchAttributionReport(server: BenchServer, conversions: number): Promise<Result> {
  const filled = await fillSums(server, conversions);
  await assertRight(filled, conversions);
  const past = filled.seqDaysBeforeEnd(30);
  const year = 'since=2025-01-01&until=2026-01-01';
  const questions: Question[] = [
    { name: 'a year', query: year },
    { name: 'half a year from the middle of a month', query: 'since=2025-05-17&until=2025-11-17' },
    { name: 'a year by month', query: `${year}&interval=month` },
    { name: 'a year by week', query: `${year}&interval=week` },
    { name: 'a year by day', query: `${year}&interval=day` },
    { name: 'a month by day', query: 'since=2025-06-01&until=2025-07-01&interval=day' },
    { name: 'a year by the dates of touches', query: `${year}&dateOf=touch` },
    { name: 'half a year by the dates of touches', query: 'since=2025-05-17&until=2025-11-17&dateOf=touch' },
    { name: 'a year as of 30 days before its end', query: `${year}&asOf=${past}` },
  ];
  const of = `of ${conversions} conversions with ${touchesOfPath * conversions} touches of ${origins} origins and ${campaigns} campaigns`;
  console.log(`Reports over HTTP by campaign, credit, value, persons and spend, ${of}`);
  const reservation =
    conversions < fullSize ? { reservation: `measured with ${conversions}, the aim is for ${fullSize}` } : {};
  const result: { lines: Result['lines'][number][]; aims: Result['aims'][number][] } = {
    lines: [],
    aims: [],
  };
  for (const { name, query } of questions) {
    const { clock, database, node, rows } = await measure(server, filled, query);
    const detail = `median of ${times}; of processors: database ${database}, server ${node}; ${rows} rows`;
    result.lines.push({ name, value: clock, unit: ' ms', detail });
    result.aims.push({ name: `${name} in ms`, value: clock, side: 'at most', bound, ...reservation });
  }
  return result;
}

async function measure(server: BenchServer, { ask }: FilledSums, query: string) {
  const { rows } = await ask(query);
  const before = await readProcessorTimes(server);
  const clock: number[] = [];
  for (let time = 0; time < times; time++) {
    const began = performance.now();
    await ask(query);
    clock.push(performance.now() - began);
  }
  const after = await readProcessorTimes(server);
  const each = (milliseconds: number) => `${(milliseconds / times).toFixed(1)} ms`;
  return {
    clock: medianOf(clock),
    database: each(after.database - before.database),
    node: each(after.node - before.node),
    rows: rows.length,
  };
}

/** What is measured has to be right: every conversion is there, and each person once. */
async function assertRight({ ask, countPersons }: FilledSums, conversions: number): Promise<void> {
  const { total } = await ask('since=2025-01-01&until=2026-01-01');
  if (total.conversions !== conversions) throw new Error(`${total.conversions} conversions are reported`);
  for (const [since, until] of [
    ['2025-01-01', '2026-01-01'],
    ['2025-05-17', '2025-11-17'],
  ] as const) {
    const { rows } = await ask(`since=${since}&until=${until}`);
    const counted = await countPersons(since, until);
    for (const { key, people } of rows)
      if (people !== (counted.get(key) ?? 0))
        throw new Error(`${people} persons of ${key} from ${since} to ${until}, not ${counted.get(key)}`);
  }
}
