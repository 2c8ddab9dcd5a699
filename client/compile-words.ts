import { compile } from '@inlang/paraglide-js';

/**
 * Compiles the message catalogues of these parts; each language becomes a module of its own. A program of its own: what it
 * loads is large, is loaded once for all of them, and goes with it.
 */
for (const part of process.argv.slice(2)) {
  await compile({
    project: `${part}/words/project.inlang`,
    outdir: `${part}/words/compiled`,
    outputStructure: 'locale-modules',
    emitReadme: false,
  });
}
