import { render } from 'preact';
import { App } from './app.tsx';
import { live } from './live.ts';
import { start } from './store.ts';

void start(live).then(() => {
  const root = document.getElementById('page')!;
  root.textContent = '';
  render(<App />, root);
});
