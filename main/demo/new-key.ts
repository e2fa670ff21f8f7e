import ssh2 from 'ssh2';

/**
 * A new ed25519 key pair in OpenSSH's form. About one in 270 that ssh2 1.17 makes it cannot read itself (measured over
 * 3,000): such a one is thrown away.
 */
export function newKey(): { private: string; public: string } {
  for (;;) {
    const pair = ssh2.utils.generateKeyPairSync('ed25519', { comment: 'handover-demo' });
    const unreadable = [pair.public, pair.private].some((key) => ssh2.utils.parseKey(key) instanceof Error);
    if (!unreadable) return pair;
  }
}
