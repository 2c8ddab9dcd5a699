import type { Kind } from './catalogue.ts';

export type Language = 'en' | 'es';

const english = {
  skip: 'Skip to the content',
  notice: 'A demo shop: nothing is sold, nothing is sent.',
  mainMenu: 'Main',
  home: 'Casa Lumbre, home',
  everything: 'Everything',
  cart: 'Cart',
  otherLanguage: 'Español',
  kinds: { ceramics: 'Ceramics', lamps: 'Lamps', textiles: 'Textiles', kitchen: 'Kitchen' } as Record<Kind, string>,
  drawerTitle: 'Your cart',
  close: 'Close',
  subtotal: 'Subtotal',
  checkout: 'Go to checkout',
  viewCart: 'View cart',
  drawerNote: 'Free delivery over €60, returns within 30 days.',
  footerLine: 'Things for the table, the sofa and the hour when the lamps go on.',
  footerShop: 'Shop',
  footerService: 'Good to know',
  footerFacts: ['Delivery in 2–4 days, free over €60', 'Returns within 30 days', 'A person answers the chat, 9–20 h'],
  footerSmall: 'Casa Lumbre is the demo shop of Mostrador. It does not exist, sadly.',
};

export type Words = typeof english;

const spanish: Words = {
  skip: 'Saltar al contenido',
  notice: 'Tienda de demostración: aquí no se vende nada.',
  mainMenu: 'Principal',
  home: 'Casa Lumbre, inicio',
  everything: 'Todo',
  cart: 'Cesta',
  otherLanguage: 'English',
  kinds: { ceramics: 'Cerámica', lamps: 'Lámparas', textiles: 'Textiles', kitchen: 'Cocina' },
  drawerTitle: 'Tu cesta',
  close: 'Cerrar',
  subtotal: 'Subtotal',
  checkout: 'Ir a pagar',
  viewCart: 'Ver la cesta',
  drawerNote: 'Envío gratis desde 60 €, devolución en 30 días.',
  footerLine: 'Cosas para la mesa, el sofá y la hora en que se encienden las lámparas.',
  footerShop: 'Tienda',
  footerService: 'Conviene saber',
  footerFacts: [
    'Entrega en 2–4 días, gratis desde 60 €',
    'Devolución en 30 días',
    'En el chat responde una persona, de 9 a 20 h',
  ],
  footerSmall: 'Casa Lumbre es la tienda de demostración de Mostrador. Por desgracia, no existe.',
};

export const words: Record<Language, Words> = { en: english, es: spanish };

/** Whole euros as people of that language write them. */
export function priceText(euros: number, language: Language): string {
  return language === 'en' ? `€${euros}` : `${euros} €`;
}
