import { closeSync, fsyncSync, openSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { leaveTerminalToParent } from '../system/signals.js';
import {
  decodeRequest,
  encode,
  saveSoon,
  type TrialMessage,
  type TrialRequest,
} from '../trial/trial-protocol.js';

/** How a trial's process gets its request and answers. */
export interface TrialChannel {
  readonly request: Promise<TrialRequest>;
  /** Resolves when the message is out. @throws Error where it cannot be sent */
  readonly send: (message: TrialMessage) => Promise<void>;
  /** Whether a checkpoint was asked for since this was asked last. */
  readonly takeSaveSoon: () => boolean;
  /** Says that there are no more messages. */
  readonly close: () => void;
}

/**
 * @param args `--request FILE --messages FILE`, or none for the parent's IPC
 * @throws Error without files and without a parent that listens
 */
export function openChannel(args: readonly string[]): TrialChannel {
  const options = { request: { type: 'string' }, messages: { type: 'string' } } as const;
  const { request, messages } = parseArgs({ args: [...args], options }).values;
  if (request !== undefined && messages !== undefined) return openFiles(request, messages);
  if (process.send) return openIpc(process.send.bind(process));
  throw new Error('Expected --request FILE and --messages FILE, or to be started by runner');
}

/** The process ends when its parent is gone, so that a killed runner leaves no process behind. */
function openIpc(send: NonNullable<typeof process.send>): TrialChannel {
  leaveTerminalToParent();
  process.on('disconnect', () => process.exit());
  let isAsked = false;
  process.on('message', (message) => void (isAsked ||= message === saveSoon));
  return {
    takeSaveSoon() {
      const wasAsked = isAsked;
      isAsked = false;
      return wasAsked;
    },
    request: new Promise((resolve) => process.once('message', resolve)),
    send: (message) =>
      new Promise((resolve, reject) => {
        send(message, undefined, {}, (error) => (error ? reject(error) : resolve()));
      }),
    close: () => process.disconnect(),
  };
}

/** Replaces what an earlier process has written. The last message is on the disk before the process ends. */
function openFiles(requestPath: string, messagesPath: string): TrialChannel {
  const messages = openSync(messagesPath, 'w');
  return {
    takeSaveSoon: () => false,
    request: readFile(requestPath, 'utf8').then(decodeRequest),
    // eslint-disable-next-line @typescript-eslint/require-await -- what is thrown is to reject
    send: async (message) => writeFileSync(messages, `${encode(message)}\n`),
    close: () => {
      fsyncSync(messages);
      closeSync(messages);
    },
  };
}
