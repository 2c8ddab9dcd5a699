const order = sessionStorage.getItem('casa-lumbre-order');
if (order) document.querySelector('#order-number').textContent = order;
