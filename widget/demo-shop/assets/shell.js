import { startCartDrawer } from './cart-drawer.js';
import { showCart } from './cart-view.js';

showCart();
startCartDrawer();
