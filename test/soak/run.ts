import { soakCalls } from './calls.ts';
import { soakKills } from './kills.ts';
import { soakMediaCalls } from './media-calls.ts';
import { soakLikeness } from './likeness.ts';
import { soakTests } from './tests.ts';

/** What takes long by nature: `npm run soak [-- ROUNDS]`. */
const rounds = Number(process.argv[2] ?? 100);
for (const soak of [soakKills, soakCalls]) console.log(await soak(rounds));
console.log(await soakMediaCalls(5 * rounds));
console.log(await soakLikeness());
console.log(soakTests());
process.exit(0);
