import { type AddressInfo, createServer, type Socket } from 'node:net';
import ssh2, { type ParsedKey, type ServerChannel } from 'ssh2';
import {
  decodeExec,
  decodePollLine,
  encodePollAnswer,
  execMarker,
  pollShell,
} from '../transport/poll-protocol.ts';
import type { Shell } from './shell.ts';

export interface SshNode {
  readonly port: number;
  close(): Promise<void>;
}

/** An SSH server on loopback that lets in one key and runs what the shell knows. */
export async function serveNode(shell: Shell, hostKey: string, clientKey: ParsedKey): Promise<SshNode> {
  const ssh = new ssh2.Server({ hostKeys: [hostKey] }, (client) => {
    client.on('authentication', (request) => {
      if (request.method !== 'publickey' || !clientKey.getPublicSSH().equals(request.key.data))
        return request.reject(['publickey']);
      if (!request.signature || !request.blob) return request.accept();
      const verified = clientKey.verify(request.blob, request.signature, request.hashAlgo);
      return verified === true ? request.accept() : request.reject(['publickey']);
    });
    client.on('ready', () => {
      client.on('session', (accept) => {
        const session = accept();
        session.on('env', (acceptEnv) => acceptEnv?.());
        session.on('exec', (acceptExec, _reject, { command }) => {
          const channel = acceptExec();
          const stop = serveCommand(shell, channel, command);
          session.on('signal', (acceptSignal) => {
            acceptSignal?.();
            stop();
            end(channel, 143);
          });
          channel.on('close', stop);
          channel.on('error', stop);
        });
      });
    });
    // Whoever goes away without a word is no concern of a simulated node.
    client.on('error', () => {});
  });

  const sockets = new Set<Socket>();
  const listener = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    ssh.injectSocket(socket);
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  listener.once('error', reject);
  listener.listen(0, '127.0.0.1', resolve);
  await promise;
  return {
    port: (listener.address() as AddressInfo).port,
    close: () =>
      new Promise((closed) => {
        listener.close(() => closed());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** Serves one exec request; answers with what ends it early. */
function serveCommand(shell: Shell, channel: ServerChannel, command: string): () => void {
  if (command === pollShell) return servePoll(shell, channel);
  const decoded = decodeExec(command) ?? decodeExec(`env LC_ALL=C ${command}`);
  if (!decoded) {
    channel.stderr.write(`sh: 1: ${command.slice(0, 200)}: command not found\n`);
    end(channel, 127);
    return () => {};
  }
  const { argv, nonce } = decoded;
  if (nonce !== undefined) channel.write(execMarker(nonce));
  const stop = shell.follow(argv, (line) => channel.write(line));
  if (stop) return stop;
  const answer = (stdin: string) => {
    const { stdout, stderr, exitCode } = shell.run(argv, stdin);
    if (stderr) channel.stderr.write(stderr);
    if (stdout) channel.write(stdout);
    end(channel, exitCode);
  };
  if (argv.some((word) => /(^|\/)tee$/.test(word))) whole(channel, answer);
  else answer('');
  return () => {};
}

/** The long-lived channel on which each line is a command. */
function servePoll(shell: Shell, channel: ServerChannel): () => void {
  let held = '';
  channel.on('data', (chunk: Buffer) => {
    const lines = (held + chunk.toString('utf8')).split('\n');
    held = lines.pop() ?? '';
    // Lines that came together are answered together, as a shell does whose commands take no time.
    const answers = lines.map((text) => {
      const line = decodePollLine(text);
      if (!line) return { stdout: '', stderr: `sh: 1: ${text.slice(0, 200)}: command not found\n` };
      const nothing = { stdout: '', stderr: '', exitCode: 0 };
      return encodePollAnswer(line, line.kind === 'greeting' ? nothing : shell.run(line.argv));
    });
    channel.stderr.write(answers.map(({ stderr }) => stderr).join(''));
    channel.write(answers.map(({ stdout }) => stdout).join(''));
  });
  channel.on('end', () => end(channel, 0));
  return () => {};
}

function whole(channel: ServerChannel, onText: (text: string) => void): void {
  const chunks: Buffer[] = [];
  channel.on('data', (chunk: Buffer) => chunks.push(chunk));
  channel.on('end', () => onText(Buffer.concat(chunks).toString('utf8')));
}

function end(channel: ServerChannel, exitCode: number): void {
  if (channel.writableEnded) return;
  channel.exit(exitCode);
  channel.end();
}
