import { Interruption, type Io } from '../../src/cli/terminal/io.js';

/** What a command has of the world: its output is kept, and it can be interrupted. */
export function keptIo(env: Io['env'] = {}, tty: { readonly columns?: number } | null = null) {
  const written = { out: '', err: '' };
  const interrupted = new AbortController();
  const output = (name: keyof typeof written) => ({
    ...(tty === null ? {} : { isTTY: true, columns: tty.columns ?? 80 }),
    write: (text: string) => {
      written[name] += text;
    },
  });
  const io: Io = { out: output('out'), err: output('err'), env, signal: interrupted.signal, version: '1.2.3' };
  return { io, written, interrupt: () => interrupted.abort(new Interruption('SIGINT')) };
}
