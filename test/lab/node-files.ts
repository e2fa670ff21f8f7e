/** The configuration of a node's programs but conntrackd, as an operator would write it for a cluster that replicates strictly. */
import { hasExternal } from './cells.ts';
import {
  handoverFile,
  type LabPlan,
  lanService,
  maintenanceFile,
  type NodePlan,
  rootLink,
  server,
  vrrpPassword,
  wanService,
} from './plan.ts';

/** With the strict table: a packet of a connection that this node does not know is dropped and counted. */
export const sysctls: Readonly<Record<string, number>> = {
  'net.ipv4.ip_forward': 1,
  'net.netfilter.nf_conntrack_tcp_loose': 0,
  'net.netfilter.nf_conntrack_acct': 1,
  'net.netfilter.nf_conntrack_timestamp': 1,
  'net.netfilter.nf_conntrack_events': 1,
};

/** Sync, management and VRRP are not tracked: a console's own SSH session must not be replicated. */
export const ruleset = `
flush ruleset
table inet firewall {
  chain untracked_in {
    type filter hook prerouting priority raw
    iifname { "lo", "mgmt0", "sync0", "sync1" } notrack
    ip protocol vrrp notrack
  }
  chain untracked_out {
    type filter hook output priority raw
    oifname { "lo", "mgmt0", "sync0", "sync1" } notrack
    ip protocol vrrp notrack
  }
  chain input {
    type filter hook input priority filter; policy drop
    iifname { "lo", "mgmt0", "sync0", "sync1" } accept
    ip protocol { vrrp, igmp } accept
    ct state invalid counter drop
    ct state established,related accept
    meta l4proto { icmp, icmpv6 } accept
  }
  chain forward {
    type filter hook forward priority filter; policy drop
    ct state invalid counter drop
    ct state established,related accept
    iifname "lan0" oifname "wan0" ct state new accept
  }
  chain publish {
    type nat hook prerouting priority dstnat
    iifname "lan0" ip daddr ${lanService} tcp dport 8080 dnat ip to ${server.address}:7000
  }
  chain translate {
    type nat hook postrouting priority srcnat
    oifname "wan0" tcp dport { 443, 7001 } snat ip to ${wanService}
  }
}
`;

export function keepalivedConf(node: NodePlan, plan: LabPlan): string {
  const instance = (name: string, segment: 'lan' | 'wan', router: number, service: string): string => `
vrrp_instance ${name} {
    state BACKUP
    interface ${segment}0
    virtual_router_id ${router}
    priority ${node.priority}
    advert_int 1${plan.preempt ? '' : '\n    nopreempt'}
    authentication {
        auth_type PASS
        auth_pass ${vrrpPassword}
    }
    virtual_ipaddress {
        ${service}/24 dev ${segment}0
    }
}
`;
  return `global_defs {
    router_id ${node.name}
    enable_script_security
    script_user root
}

include /etc/keepalived/handover.conf

vrrp_sync_group FW {
    group {
        LAN
        WAN
    }
    track_file {
        handover weight 1
        maintenance weight 0
    }
${hasExternal(plan.replication.caches) ? notify : ''}}
${instance('LAN', 'lan', 71, lanService)}${instance('WAN', 'wan', 72, wanService)}`;
}

/** Without an external cache there is nothing to commit, and the script's flush would end what was injected. */
const notify = `    notify_master "/etc/conntrackd/primary-backup.sh primary"
    notify_backup "/etc/conntrackd/primary-backup.sh backup"
    notify_fault "/etc/conntrackd/primary-backup.sh fault"
`;

export function sshdConfig(node: NodePlan): string {
  return `ListenAddress ${node.management}
HostKey /etc/ssh/ssh_host_ed25519_key
AuthorizedKeysFile .ssh/authorized_keys
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
UseDNS no
PrintMotd no
PidFile /run/sshd.pid
Subsystem sftp internal-sftp
`;
}

export function hosts(plan: LabPlan): string {
  const nodes = plan.nodes.map((node) => `${node.management} ${node.name}`);
  return ['127.0.0.1 localhost', `${rootLink.address} console`, ...nodes, ''].join('\n');
}

export const levers = [handoverFile, maintenanceFile] as const;
