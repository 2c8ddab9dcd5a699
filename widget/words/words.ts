import type * as english from './compiled/messages/en.js';

type Catalogue = typeof english;

/** The catalogue in one language: a function for each sentence, given what the sentence needs. */
export type Words = {
  readonly [K in keyof Catalogue]: object extends Parameters<Catalogue[K]>[0]
    ? () => string
    : (inputs: Parameters<Catalogue[K]>[0]) => string;
};
