import { randomUUID } from 'node:crypto';
import type { FaqArticle, Storage } from './storage/storage.ts';

type Words = { title: string; body: string };

/** What the demo shop is often asked, in both languages: so that newcomers see where it appears. */
const ARTICLES: { en: Words; es: Words }[] = [
  {
    en: {
      title: 'How long does delivery take?',
      body: 'Between two and four working days.\n\n- Orders over €60 travel free.\n- Below that, delivery is €4.90.\n- You get a message with the tracking number as soon as the parcel leaves us.',
    },
    es: {
      title: '¿Cuánto tarda el envío?',
      body: 'Entre dos y cuatro días laborables.\n\n- Los pedidos de más de 60 € viajan gratis.\n- Por debajo de esa cantidad, el envío cuesta 4,90 €.\n- Cuando el paquete sale de aquí, te llega un mensaje con el número de seguimiento.',
    },
  },
  {
    en: {
      title: 'Can I send something back?',
      body: 'Yes, within 30 days, unused and in its box. Write to us here first: we send you a label, and you pay nothing.\n\nYour money is back three days after the parcel has arrived.',
    },
    es: {
      title: '¿Puedo devolver un artículo?',
      body: 'Sí, en un plazo de 30 días, sin usar y en su caja. Escríbenos primero por aquí: te mandamos la etiqueta y no pagas nada.\n\nRecuperas el dinero tres días después de que nos llegue el paquete.',
    },
  },
  {
    en: {
      title: 'Which bulb does a lamp need?',
      body: 'All our lamps take an E27 bulb of up to 40 W, or any LED with the same base. A warm 2700 K one comes with the lamp.',
    },
    es: {
      title: '¿Qué bombilla necesita cada lámpara?',
      body: 'Todas nuestras lámparas llevan una bombilla E27 de hasta 40 W, o cualquier LED con el mismo casquillo. Con la lámpara va una cálida, de 2700 K.',
    },
  },
  {
    en: {
      title: 'Are the ceramics safe in the dishwasher?',
      body: 'The plates, bowls and cups are. The olive wood is not: wash it by hand and rub it with a little oil now and then.',
    },
    es: {
      title: '¿La cerámica puede ir al lavavajillas?',
      body: 'Los platos, los cuencos y las tazas, sí. La madera de olivo, no: lávala a mano y dale un poco de aceite de vez en cuando.',
    },
  },
  {
    en: {
      title: 'Something arrived broken. What now?',
      body: 'We are sorry! Send us a picture here in the chat within 14 days. A new one leaves the same day, and you keep the pieces.',
    },
    es: {
      title: 'Me ha llegado algo roto, ¿qué hago?',
      body: '¡Lo sentimos! Mándanos una foto por este chat en los primeros 14 días. Ese mismo día sale uno nuevo, y los trozos te los quedas.',
    },
  },
];

export async function addDemoArticles(storage: Storage, shop: string, now: number): Promise<void> {
  for (const [position, words] of ARTICLES.entries()) {
    const text = (said: Words) => ({ ...said, published: true, helped: 0, notHelped: 0 });
    const texts = { en: text(words.en), es: text(words.es) };
    const article: FaqArticle = { id: randomUUID(), topic: null, position, changedAt: now, texts };
    await storage.saveFaqArticle(shop, article, {
      id: randomUUID(),
      shop,
      at: now,
      by: { id: 'first-start', name: 'Mostrador' },
      action: 'faq.added',
      subject: article.id,
      before: null,
      after: article,
    });
  }
}
