#!/usr/bin/env node
// Runs with whatever Node there is, and hands over to the one that the project brings along.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const own = join(root, 'node_modules', 'node', 'bin', 'node');
const { status, error } = spawnSync(
  existsSync(own) ? own : process.execPath,
  [join(root, 'server', 'cli.ts'), ...process.argv.slice(2)],
  { stdio: 'inherit' },
);
if (error) console.error(`Mostrador could not be started: ${error.message}`);
process.exitCode = status ?? 2;
