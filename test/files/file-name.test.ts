import { describe, expect, it } from 'vitest';
import { safeName } from '../../server/files/file-name.ts';
import { typeOf } from '../../server/files/file-type.ts';
import { attachment } from '../../server/http/content-disposition.ts';

describe('promise 23: a file’s name is a name, never a path', () => {
  it.each([
    ['../../x', 'text/plain', 'x.txt'],
    ['..\\..\\windows\\win.txt', 'text/plain', 'win.txt'],
    ['/etc/passwd', 'text/plain', 'passwd.txt'],
    ['..', 'image/png', 'file.png'],
    ['', 'image/png', 'file.png'],
    ['.htaccess', 'text/plain', 'htaccess.txt'],
    ['holiday.PNG', 'image/png', 'holiday.PNG'],
    ['Ñandú en la playa 🏖️.jpeg', 'image/jpeg', 'Ñandú en la playa 🏖️.jpeg'],
    ['page.html', 'image/png', 'page.html.png'],
    ['bill\u202Efdp.exe', 'application/pdf', 'billfdp.exe.pdf'],
    ['a\u0000b\r\nSet-Cookie: x\u0007.csv', 'text/csv', 'abSet-Cookie_ x.csv'],
    ['zero\u200Bwidth\uFEFF.png', 'image/png', 'zerowidth.png'],
    ['CON.txt', 'text/plain', '_CON.txt'],
    ['lpt1.png', 'image/png', '_lpt1.png'],
    ['console.png', 'image/png', 'console.png'],
    ['a<b>:"|?*.png', 'image/png', 'a_b______.png'],
    ['report. . .', 'application/pdf', 'report.pdf'],
    ['tool.xyz', 'application/x-unknown', 'tool.xyz'],
    ['half \ud83d emoji.png', 'image/png', 'half emoji.png'],
  ])('%j as %s is %j', (said, type, name) => expect(safeName(said, type)).toBe(name));

  it('300 characters are cut to 120, never through a sign, and the ending stays', () => {
    expect(safeName(`${'ñ'.repeat(296)}.png`, 'image/png')).toBe(`${'ñ'.repeat(116)}.png`);
    const family = safeName(`x${'👨‍👩‍👧‍👦'.repeat(40)}.png`, 'image/png');
    expect(family.length).toBeLessThanOrEqual(120);
    expect(family).toMatch(/^x(👨‍👩‍👧‍👦)+\.png$/u);
    expect(safeName('x'.repeat(1_000_000), 'text/plain')).toHaveLength(120);
  });

  it('its type is the browser’s word in one spelling; where that says nothing, the ending tells', () => {
    expect(typeOf('a', 'image/JPG; q=1')).toBe('image/jpeg');
    expect(typeOf('a.CSV', 'application/vnd.ms-excel')).toBe('text/csv');
    expect(typeOf('a.xls', 'application/vnd.ms-excel')).toBe('application/vnd.ms-excel');
    expect(typeOf('a.heic', '')).toBe('image/heic');
    expect(typeOf('a.exe', 'application/octet-stream')).toBeNull();
  });

  it('every client saves it under its name, and none reads more out of the header (RFC 6266, RFC 8187)', () => {
    expect(attachment('photo.png')).toBe(`attachment; filename="photo.png"; filename*=UTF-8''photo.png`);
    expect(attachment(`Ñandú "1" 100% (a'b)*.png`)).toBe(
      `attachment; filename="_and_ _1_ 100_ (a'b)*.png"; filename*=UTF-8''%C3%91and%C3%BA%20%221%22%20100%25%20%28a%27b%29%2A.png`,
    );
  });
});
