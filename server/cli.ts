import { USAGE, checkMasking } from './check-masking/check-masking.ts';

/** `mostrador COMMAND`: what a shop does from a terminal besides running the service. */
const [command, ...rest] = process.argv.slice(2);
const output = { out: (text: string) => console.log(text), err: (text: string) => console.error(text) };

if (command === 'check-masking') process.exitCode = await checkMasking(rest, process.env, output);
else if (command === 'help' || command === '--help') output.out(USAGE);
else {
  output.err(`${command === undefined ? 'Which command?' : `There is no command "${command}".`}\n\n${USAGE}`);
  process.exitCode = 2;
}
