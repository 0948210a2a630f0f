import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { channelOfVisit } from '../../../src/core/campaign/channel.ts';
import { maximumUrlLength, readLanding } from '../../../src/core/campaign/landing.ts';

describe('readLanding', () => {
  it('reads integration, campaign, utm and click ids, and keeps no other parameter', () => {
    const landing = readLanding(
      'https://shop.example/spring?WmktId=abc&CID=summer&utm_source=news&UTM_Medium=email&gclid=g-1&email=ada@example.com#top',
      'https://www.google.com/search?q=secret',
    );
    assert.deepEqual(landing, {
      host: 'shop.example',
      page: 'https://shop.example/spring',
      referrerHost: 'www.google.com',
      wmktId: 'abc',
      campaignSlug: 'summer',
      utm: { source: 'news', medium: 'email' },
      clickIds: { gclid: 'g-1' },
    });
  });

  it('takes the first of several values, and none that is empty', () => {
    const landing = readLanding('https://a.example/?cid=&cid=one&cid=two&wmktid=%20');
    assert.equal(landing?.campaignSlug, 'one');
    assert.equal(landing?.wmktId, null);
  });

  it('leaves out what can’t be stored and what is too long to be a slug', () => {
    assert.equal(readLanding('https://a.example/?cid=%00')?.campaignSlug, null);
    assert.equal(readLanding(`https://a.example/?cid=${'x'.repeat(201)}`)?.campaignSlug, null);
    assert.equal(readLanding(`https://a.example/?cid=${'x'.repeat(200)}`)?.campaignSlug?.length, 200);
    assert.deepEqual(readLanding(`https://a.example/?utm_source=${'x'.repeat(501)}`)?.utm, {});
  });

  it('knows no landing but an http(s) URL of bounded length', () => {
    for (const url of ['', 'shop.example/a', 'javascript:alert(1)', 'ftp://a.example/', 'https://'])
      assert.equal(readLanding(url), undefined, url);
    assert.equal(readLanding(`https://a.example/${'x'.repeat(maximumUrlLength)}`), undefined);
  });

  it('takes a referrer that can’t be read for none', () => {
    for (const referrer of ['', 'about:blank', 'android-app://com.example', null, undefined])
      assert.equal(readLanding('https://a.example/', referrer)?.referrerHost, null);
  });
});

describe('channelOfVisit', () => {
  const cases: [url: string, referrer: string, channel: string][] = [
    ['https://a.example/', '', 'direct'],
    ['https://www.a.example/', 'https://a.example/before', 'direct'],
    ['https://a.example/', 'https://www.google.fr/', 'organic-search'],
    ['https://a.example/', 'https://l.facebook.com/l.php', 'social'],
    ['https://a.example/', 'https://t.co/x', 'social'],
    ['https://a.example/', 'https://notgoogle.example/', 'referral'],
    ['https://a.example/', 'https://fakefacebook.com/', 'referral'],
    ['https://a.example/?utm_medium=Email', 'https://www.google.fr/', 'email'],
    ['https://a.example/?utm_medium=cpc&utm_source=google', '', 'paid-search'],
    ['https://a.example/?utm_medium=cpc&utm_source=Facebook', '', 'paid-social'],
    ['https://a.example/?utm_medium=cpc&utm_source=partner', '', 'paid'],
    ['https://a.example/?utm_medium=banner', '', 'display'],
    ['https://a.example/?gclid=1', 'https://www.google.fr/', 'paid-search'],
    ['https://a.example/?fbclid=1', '', 'social'],
    ['https://a.example/?utm_source=flyer', '', 'other-campaign'],
    ['https://a.example/?utm_medium=smoke-signal', '', 'other-campaign'],
  ];
  for (const [url, referrer, channel] of cases) {
    it(`is ${channel} for ${url} from ${referrer || 'nowhere'}`, () => {
      assert.equal(channelOfVisit(readLanding(url, referrer)!), channel);
    });
  }
});
