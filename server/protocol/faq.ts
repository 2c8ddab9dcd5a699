/** Answers to what is often asked: what an admin writes, and what shoppers are given. */
import * as v from 'valibot';
import { FAQ_ARTICLES_MAX, FAQ_BODY_MAX, FAQ_TITLE_MAX } from './faq-limits.ts';

export const FAQ_LOCALES = ['en', 'es'] as const;
export type FaqLocale = (typeof FAQ_LOCALES)[number];

const Id = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{1,64}$/));

const Text = v.object({
  title: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(FAQ_TITLE_MAX)),
  /** Plain text: paragraphs, `- ` lists and web addresses are all that is read in it. */
  body: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(FAQ_BODY_MAX)),
  published: v.boolean(),
});

/** What an admin saves: an article in one of the languages or in all. */
export const FaqDraft = v.object({
  topic: v.nullable(Id),
  texts: v.pipe(
    v.object({ en: v.optional(Text), es: v.optional(Text) }),
    v.check((texts) => Object.values(texts).some(Boolean), 'in one language at least'),
  ),
});
export type FaqDraft = v.InferOutput<typeof FaqDraft>;

/** Saves over what its author saw; 0: a new one. */
export const FaqChange = v.object({ over: v.pipe(v.number(), v.safeInteger(), v.minValue(0)), article: FaqDraft });
export const FaqOrder = v.object({ ids: v.pipe(v.array(Id), v.maxLength(FAQ_ARTICLES_MAX)) });

/** The shopper's, by their token: whether an article helped. */
export const FaqAnswer = v.object({
  token: v.pipe(v.string(), v.maxLength(200)),
  locale: v.picklist(FAQ_LOCALES),
  helped: v.boolean(),
});
export type FaqAnswer = v.InferOutput<typeof FaqAnswer>;

/** An article as a shopper reads it: in their language, or in the shop's other one. */
export type PublicArticle = { id: string; topic: string | null; locale: FaqLocale; title: string; body: string };

/** `topics`: on which pages (beginnings of paths) an article's topic is meant. */
export type PublicFaq = { articles: PublicArticle[]; topics: { id: string; paths: string[] }[] };
