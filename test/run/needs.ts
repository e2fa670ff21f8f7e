/** What a suite asks of this machine, answered from what is really there rather than from a package database. */
export interface Machine {
  readonly isRoot: boolean;
  /** Whether network and mount namespaces may be made: root in a container may lack the right. */
  readonly canUnshare: boolean;
  /** Whether an ordinary user may make a user namespace, as Chromium's sandbox does. */
  readonly canSandbox: boolean;
  hasProgram(name: string): boolean;
  /** @param soname as the loader knows it, `libgtk-3.so.0` */
  hasLibrary(soname: string): boolean;
  hasFile(path: string): boolean;
}

export interface Need {
  /** As the list of skipped suites names it. */
  readonly label: string;
  /** Debian and Ubuntu packages that bring it, of which one is enough; none where no package helps. */
  readonly packages: readonly string[];
  met(machine: Machine): boolean;
}

const program = (name: string, ...packages: string[]): Need => ({
  label: packages[0] ?? name,
  packages,
  met: (machine) => machine.hasProgram(name),
});

/** Debian 13 and Ubuntu 24.04 renamed some libraries for the 64-bit clock; only one of the names can be installed. */
const library = (soname: string, name: string, ...renamed: string[]): Need => ({
  label: name,
  packages: [name, ...renamed],
  met: (machine) => machine.hasLibrary(soname),
});

export const rights: readonly Need[] = [
  { label: 'root', packages: [], met: (machine) => machine.isRoot },
  {
    label: 'the right to make network and mount namespaces',
    packages: [],
    met: (machine) => machine.canUnshare,
  },
];

/** A real cluster: two or three nodes in namespaces. */
export const labPrograms: readonly Need[] = [
  program('conntrack', 'conntrack'),
  program('conntrackd', 'conntrackd'),
  program('keepalived', 'keepalived'),
  program('sshd', 'openssh-server'),
  program('ssh', 'openssh-client'),
  program('sudo', 'sudo'),
  program('nft', 'nftables'),
  program('ip', 'iproute2'),
  program('ping', 'iputils-ping'),
  program('pgrep', 'procps'),
  program('tcpdump', 'tcpdump'),
  program('promtool', 'prometheus'),
];

/** Peers that the table is measured against. */
export const benchPrograms: readonly Need[] = [
  program('iptstate', 'iptstate'),
  program('sort', 'coreutils'),
  program('perl', 'perl-base', 'perl'),
];

/** A screen, what Electron loads, and a browser. */
export const screen: readonly Need[] = [
  {
    label: 'user namespaces for ordinary users',
    packages: [],
    met: (machine) => machine.canSandbox,
  },
  program('Xvfb', 'xvfb'),
  program('xauth', 'xauth'),
  program('dbus-daemon', 'dbus'),
  program('chromium', 'chromium'),
  library('libgtk-3.so.0', 'libgtk-3-0', 'libgtk-3-0t64'),
  library('libnss3.so', 'libnss3'),
  library('libasound.so.2', 'libasound2', 'libasound2t64'),
  library('libgbm.so.1', 'libgbm1'),
  library('libXss.so.1', 'libxss1'),
  library('libXtst.so.6', 'libxtst6', 'libxtst6t64'),
  library('libnotify.so.4', 'libnotify4'),
  library('libsecret-1.so.0', 'libsecret-1-0'),
  library('libatspi.so.0', 'libatspi2.0-0', 'libatspi2.0-0t64'),
  library('libdrm.so.2', 'libdrm2'),
  library('libxshmfence.so.1', 'libxshmfence1'),
  {
    label: 'fonts-dejavu-core',
    packages: ['fonts-dejavu-core'],
    met: (machine) => machine.hasFile('/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf'),
  },
];

export const unmet = (needs: readonly Need[], machine: Machine): Need[] =>
  needs.filter((need) => !need.met(machine));
