import { mount } from 'svelte';
import App from './App.svelte';
import './console.css';
import { loadWords } from './words.ts';

await loadWords(navigator.languages);
const target = document.getElementById('console');
if (!target) throw new Error('The page has no place for the console.');
mount(App, { target });
