import { expect, it } from 'vitest';
import { isMailAddress } from '../../server/protocol/mail-address.ts';

it('promise 25: only what is one plain address is one', () => {
  for (const address of ['eva@home.example', 'e.v+a@a-b.home.example', 'josé@correo.españa', "o'hara@x.ie"]) {
    expect([address, isMailAddress(address)]).toEqual([address, true]);
  }
  for (const nonsense of [
    '',
    'eva',
    'eva@',
    '@home.example',
    'eva@home',
    'eva@home.',
    'eva@@home.example',
    'e va@home.example',
    'eva@home.example, zoe@home.example',
    'eva@home.example\nBcc: zoe@home.example',
    'Eva <eva@home.example>',
    '"eva"@home.example',
    '.eva@home.example',
    'e..va@home.example',
    'eva@-home.example',
    'eva@127.0.0.1',

    `${'a'.repeat(65)}@home.example`,
    `eva@${'a.'.repeat(200)}example`,
    'eva@home.example\0',
    'eva;zoe@home.example',
  ]) {
    expect([nonsense, isMailAddress(nonsense)]).toEqual([nonsense, false]);
  }
});
