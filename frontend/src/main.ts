import './styles/index.css';
import { mount } from 'svelte';
import App from '$app/App.svelte';
import { theme } from '$ui/theme.svelte';

theme.apply();
mount(App, { target: document.getElementById('app') as HTMLElement });
