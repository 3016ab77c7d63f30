import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

/** Where an editor's cursor is, from 0. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

export interface Diagnostic {
  readonly message: string;
  readonly range: { readonly start: Position; readonly end: Position };
}

/** The editor's side of the Language Server Protocol, with the real yaml-language-server at the other end. */
export class LanguageClient {
  readonly #server;
  readonly #replies = new Map<number, (message: Message) => void>();
  readonly #diagnostics = new Map<string, (diagnostics: readonly Diagnostic[]) => void>();
  #received = Buffer.alloc(0);
  #sent = 0;

  private constructor() {
    const require = createRequire(import.meta.url);
    const server = dirname(require.resolve('yaml-language-server/package.json'));
    this.#server = spawn(process.execPath, [join(server, 'bin/yaml-language-server'), '--stdio'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#server.stdout.on('data', (chunk: Buffer) => this.#receive(chunk));
  }

  static async start(): Promise<LanguageClient> {
    const client = new LanguageClient();
    const documents = { completion: { completionItem: { documentationFormat: ['markdown'] } }, hover: {} };
    const capabilities = { textDocument: documents, workspace: { configuration: true } };
    await client.#request('initialize', { processId: process.pid, rootUri: null, capabilities });
    client.#notify('initialized', {});
    return client;
  }

  /** Opens a document and resolves with the diagnostics that the server publishes of it. */
  open(uri: string, text: string): Promise<readonly Diagnostic[]> {
    const published = new Promise<readonly Diagnostic[]>((resolve) => this.#diagnostics.set(uri, resolve));
    this.#notify('textDocument/didOpen', { textDocument: { uri, languageId: 'yaml', version: 1, text } });
    return published;
  }

  /** Labels of the completions at a place. */
  async complete(uri: string, position: Position): Promise<string[]> {
    const result = await this.#request('textDocument/completion', { textDocument: { uri }, position });
    return (result as { items: { label: string }[] }).items.map(({ label }) => label);
  }

  async hover(uri: string, position: Position): Promise<string> {
    const result = await this.#request('textDocument/hover', { textDocument: { uri }, position });
    return (result as { contents: { value: string } }).contents.value;
  }

  stop(): void {
    this.#server.kill();
  }

  #request(method: string, params: unknown): Promise<unknown> {
    const id = ++this.#sent;
    return new Promise((resolve, reject) => {
      this.#replies.set(id, ({ result, error }) =>
        error ? reject(new Error(error.message)) : resolve(result),
      );
      this.#send({ id, method, params });
    });
  }

  #notify(method: string, params: unknown): void {
    this.#send({ method, params });
  }

  #send(message: Message): void {
    const text = JSON.stringify({ jsonrpc: '2.0', ...message });
    this.#server.stdin.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
  }

  #receive(chunk: Buffer): void {
    this.#received = Buffer.concat([this.#received, chunk]);
    for (;;) {
      const end = this.#received.indexOf('\r\n\r\n');
      if (end < 0) return;
      const length = Number(/Content-Length: (\d+)/.exec(this.#received.subarray(0, end).toString())![1]);
      const next = end + 4 + length;
      if (this.#received.length < next) return;
      const message = JSON.parse(this.#received.subarray(end + 4, next).toString()) as Message;
      this.#received = this.#received.subarray(next);
      this.#handle(message);
    }
  }

  #handle(message: Message): void {
    const { id, method, params } = message;
    if (method === undefined) this.#replies.get(id!)?.(message);
    else if (method === 'textDocument/publishDiagnostics') {
      const { uri, diagnostics } = params as { uri: string; diagnostics: readonly Diagnostic[] };
      this.#diagnostics.get(uri)?.(diagnostics);
    } else if (method === 'workspace/configuration') {
      const yaml = { validate: true, hover: true, completion: true, schemaStore: { enable: false } };
      const { items } = params as { items: { section?: string }[] };
      this.#send({ id: id!, result: items.map(({ section }) => (section === 'yaml' ? yaml : {})) });
    } else if (id !== undefined) this.#send({ id, result: null });
  }
}
