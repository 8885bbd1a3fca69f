/* The look: the system's unless a person chooses. */
import { forget, recall, remember } from '../storage';

export type Theme = 'system' | 'light' | 'dark';

class ThemeChoice {
  value = $state<Theme>(recall<Theme>('theme') ?? 'system');

  choose(theme: Theme): void {
    this.value = theme;
    if (theme === 'system') forget('theme');
    else remember('theme', theme);
    this.apply();
  }

  apply(): void {
    if (this.value === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = this.value;
  }
}

export const theme = new ThemeChoice();
