import { SCRIPTS, SHELLS, type Shell } from '../completion/scripts.ts';
import type { Command } from './command.ts';

type CompletionOptions = { shell: Shell };

export const command: Command<CompletionOptions> = {
  options: (yargs) =>
    yargs.positional('shell', { choices: SHELLS, demandOption: true, describe: 'the shell that reads the script' }),
  paths: [],
  examples: [
    ['completion bash', 'in ~/.bashrc: source <(edgesweep completion bash)'],
    ['completion zsh', 'in ~/.zshrc, after compinit: source <(edgesweep completion zsh)'],
    ['completion fish', 'redirect to ~/.config/fish/completions/edgesweep.fish'],
  ],
  act({ shell }, { stdout }) {
    stdout.write(SCRIPTS[shell]);
    return 0;
  },
};
