/** Articles of one shop. */
export const FAQ_ARTICLES_MAX = 100;
export const FAQ_TITLE_MAX = 120;
export const FAQ_BODY_MAX = 4_000;
/** All that a shopper loads of one language, in UTF-16 code units. */
export const FAQ_TOTAL_MAX = 150_000;
