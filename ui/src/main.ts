import '@fontsource-variable/inter/wght.css';
import './design/tokens.css';
import { mount } from 'svelte';
import App from './App.svelte';

// The fake engine is for `vite --mode fake` and, in development, for `?fake`. Release builds do not contain it.
const fake = import.meta.env.MODE === 'fake' || (import.meta.env.DEV && new URLSearchParams(location.search).has('fake'));
const { platform } = fake ? await import('./platform/fake') : await import('./platform/tauri');

const target = document.getElementById('app');
if (target) mount(App, { target, props: { platform } });
