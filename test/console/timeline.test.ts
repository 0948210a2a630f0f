import assert from 'node:assert/strict';
import { it } from 'node:test';
import { useConsole } from '../helpers/console.ts';
import { sendWebengage } from '../native/helpers.ts';

const { test, open } = await useConsole();

/** Lines in sight, those around them that are kept ready, and the table's head. */
const mostRows = 90;

/** As fast as pages come; answers the most rows that there were at once. */
const scrollToTheEnd = `new Promise((resolve) => {
  const place = document.querySelector('.timeline-place');
  let most = 0;
  const step = () => {
    most = Math.max(most, place.querySelectorAll('tr').length);
    place.scrollTop = place.scrollHeight;
    const isThere = place.textContent.includes('100,000 events in all') && place.textContent.includes('The first');
    if (isThere) resolve(most);
    else requestAnimationFrame(step);
  };
  step();
})`;

it('a hundred thousand events of a person are scrolled through to the first one, with those in sight in the page alone', async () => {
  for (const [eventName, day] of [
    ['The first', '01'],
    ['Later', '02'],
  ])
    await sendWebengage(test, test.workspace, {
      userId: 'ada',
      eventName,
      eventTime: `2020-01-${day}T00:00:00+0000`,
    });
  const personId = await test.store.fillTimeline('Later', 99_998);
  const { page, context, faults } = await open(`/people/${personId}`);
  context.setDefaultTimeout(60_000);
  const timeline = page.getByRole('region', { name: 'What happened, newest first' });
  await timeline.getByText('99998', { exact: true }).waitFor();
  await timeline.focus();
  await page.keyboard.press('End');
  await timeline.getByText('99500', { exact: true }).waitFor();
  const seen = await page.evaluate<number>(scrollToTheEnd);
  await timeline.getByRole('link', { name: 'The first', exact: true }).waitFor();
  assert.ok(seen <= mostRows, `${seen} rows in the page`);
  await timeline.getByText('Wed, 1 Jan 2020').first().waitFor();
  await page.keyboard.press('Home');
  await timeline.getByText('99998', { exact: true }).waitFor();
  assert.deepEqual(faults, []);
  await context.close();
});
