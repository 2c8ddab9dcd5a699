const all = {
  en: {
    empty: 'Your cart is empty, for now.',
    remove: 'Remove',
    fewer: 'One fewer',
    more: 'One more',
    free: 'Free',
    price: (euros) => `€${euros.toFixed(2)}`,
  },
  es: {
    empty: 'De momento, la cesta está vacía.',
    remove: 'Quitar',
    fewer: 'Uno menos',
    more: 'Uno más',
    free: 'Gratis',
    price: (euros) => `${euros.toFixed(2).replace('.', ',')} €`,
  },
};

export const language = document.documentElement.lang === 'es' ? 'es' : 'en';
export const words = all[language];
