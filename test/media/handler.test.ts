import { detectDevice } from 'mediasoup-client';
import { expect, test } from 'vitest';
import { handlerOf } from '../../client/core/call/handler.ts';

const MAC = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/';
const PHONE = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_3 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) ';
const ANDROID = 'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) ';

test.each([
  ['Chrome', `${MAC}537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36`],
  ['an older Chrome', `${MAC}537.36 (KHTML, like Gecko) Chrome/98.0.0.0 Safari/537.36`],
  ['Edge', `${MAC}537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0`],
  ['Chrome on Android', `${ANDROID}Chrome/131.0.0.0 Mobile Safari/537.36`],
  ['Samsung Internet', `${ANDROID}SamsungBrowser/27.0 Chrome/125.0.0.0 Mobile Safari/537.36`],
  ['Firefox', 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0'],
  ['Firefox on Android', 'Mozilla/5.0 (Android 14; Mobile; rv:132.0) Gecko/132.0 Firefox/132.0'],
  ['Safari', `${MAC}605.1.15 (KHTML, like Gecko) Version/18.3 Safari/605.1.15`],
  ['Safari on a phone', `${PHONE}Version/18.3 Mobile/15E148 Safari/604.1`],
  ['Chrome on a phone of Apple', `${PHONE}CriOS/131.0.6778.73 Mobile/15E148 Safari/604.1`],
  ['Firefox on a phone of Apple', `${PHONE}FxiOS/132.0 Mobile/15E148 Safari/605.1.15`],
])('%s gets the handler that mediasoup-client would choose itself', (_, userAgent) => {
  expect(handlerOf(userAgent)).toBe(detectDevice(userAgent));
});

test('a Chromium without a window gets the one of its age, a browser of a name that is new the newest', () => {
  expect(handlerOf(`${ANDROID}HeadlessChrome/131.0.0.0 Safari/537.36`)).toBe('Chrome111');
  expect(handlerOf('Mozilla/5.0 (X11; Linux x86_64) Ladybird/2.0')).toBe('Chrome111');
});
