import { startCartDrawer } from './cart-drawer.js';
import { onCartChange } from './cart-store.js';
import { knownLines, nameOf, showCart } from './cart-view.js';
import { words } from './words.js';

showCart();
startCartDrawer();

// Who answers sees what lies in the cart.
document.addEventListener('mostrador', tellCart);
onCartChange(tellCart);
tellCart();

function tellCart() {
  const lines = knownLines();
  const total = lines.reduce((sum, line) => sum + line.product.price * line.quantity, 0);
  window.Mostrador?.basket({
    items: lines.map(({ product, quantity }) => ({
      name: nameOf(product),
      quantity,
      price: words.price(product.price * quantity),
    })),
    total: words.price(total),
  });
}
