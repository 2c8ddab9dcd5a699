import { describe, expect, it } from 'vitest';
import { adaptCss } from '../../client/replay/adapted-styles.ts';

describe("promise 16: the shop's stylesheets in the replay", () => {
  it.each([
    ['a:hover { color: red; }', 'a:hover ,a.\\:hover { color: red; }'],
    ['p{margin:0}a:hover>b,i{color:red}', 'p{margin:0}a:hover>b,i,a.\\:hover>b,i{color:red}'],
    ['@media (hover) { li:hover { top: 0 } }', '@media (hover) { li:hover , li.\\:hover { top: 0 } }'],
    ['.a { color: red; &:hover { color: blue } }', '.a { color: red; &:hover , &.\\:hover { color: blue } }'],
    ['@media (max-device-width: 9px) {a{top:0}}', '@media (max-width: 9px) {a{top:0}}'],
    ['@import url("a.css?:hover");b{top:0}', '@import url("a.css?:hover");b{top:0}'],
  ])('%s', (css, adapted) => expect(adaptCss(css)).toBe(adapted));

  it.each([
    `a::after { content: "{ b:hover { \\" } "; color: red } p { top: 0 }`,
    'a { top: 0 } /* b:hover { } */ ',
    'p { background: url("x:hover{") }',
    'p { top: 0',
    "p { content: 'never closed :hover {",
  ])('what only looks like a selector stays: %s', (css) => expect(adaptCss(css)).toBe(css));
});
