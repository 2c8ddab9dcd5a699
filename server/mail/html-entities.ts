/** Names of the characters from 160 to 255, in their order. */
const LATIN_1 =
  'nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para ' +
  'middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute ' +
  'Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml ' +
  'Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml ' +
  'eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml';

/** Names of others that mail programs and their editors write. */
const OTHERS =
  'quot=34 amp=38 apos=39 lt=60 gt=62 OElig=338 oelig=339 Scaron=352 scaron=353 Yuml=376 fnof=402 circ=710 tilde=732 ' +
  'ensp=8194 emsp=8195 thinsp=8201 zwnj=8204 zwj=8205 lrm=8206 rlm=8207 ndash=8211 mdash=8212 lsquo=8216 rsquo=8217 ' +
  'sbquo=8218 ldquo=8220 rdquo=8221 bdquo=8222 dagger=8224 Dagger=8225 bull=8226 hellip=8230 permil=8240 prime=8242 ' +
  'Prime=8243 lsaquo=8249 rsaquo=8250 euro=8364 trade=8482 larr=8592 uarr=8593 rarr=8594 darr=8595 harr=8596 minus=8722 ' +
  'infin=8734 asymp=8776 ne=8800 le=8804 ge=8805 spades=9824 clubs=9827 hearts=9829 diams=9830';

const CODES: ReadonlyMap<string, number> = new Map([
  ...LATIN_1.split(' ').map((name, index): [string, number] => [name, 160 + index]),
  ...[...OTHERS.matchAll(/(\w+)=(\d+)/g)].map(([, name = '', code]): [string, number] => [name, Number(code)]),
]);

/** Characters that HTML writes by their number or name, each once; a name that is not known stays as it is written. */
export function decodeEntities(text: string): string {
  return text.replaceAll(/&(?:#(\d{1,8})|#x([\da-f]{1,8})|(\w{2,8}));/gi, (written, decimal, hex, name) => {
    const code = name ? CODES.get(name) : hex ? Number.parseInt(hex, 16) : Number(decimal);
    return code === undefined ? written : characterOf(code);
  });
}

/** From 128 to 159 mail programs mean those of Windows; what is no character is the one that says so. */
function characterOf(code: number): string {
  if (code >= 128 && code < 160) return new TextDecoder('windows-1252').decode(Uint8Array.of(code));
  const none = code === 0 || (code >= 0xd800 && code < 0xe000) || code > 0x10_ffff;
  return none ? '\ufffd' : String.fromCodePoint(code);
}
