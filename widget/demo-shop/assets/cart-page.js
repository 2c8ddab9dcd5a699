const storageKey = 'casa-lumbre-gift';
const longest = 200;
const message = document.querySelector('#gift-message');
const counter = document.querySelector('#gift-count');

function count() {
  const left = longest - message.innerText.trim().length;
  counter.textContent =
    left < 0 ? `${-left} characters too many for the card` : left < 50 ? `${left} characters left` : '';
}

message.innerText = localStorage.getItem(storageKey) ?? '';
count();

message.addEventListener('input', () => {
  localStorage.setItem(storageKey, message.innerText.trim());
  count();
});

// A card is written in one hand: what is pasted comes in as plain text.
message.addEventListener('paste', (event) => {
  event.preventDefault();
  document.execCommand('insertText', false, event.clipboardData.getData('text/plain'));
});
