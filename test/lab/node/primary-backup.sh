#!/bin/sh
# What keepalived runs when the node's role changes: the steps, and their order, of conntrack-tools' own
# doc/sync/primary-backup.sh.
umask 022
conntrackd() { /usr/sbin/conntrackd -C /etc/conntrackd/conntrackd.conf "$@"; }

case "$1" in
  primary)
    conntrackd -c # the external cache into the kernel's table
    if grep -q 'DisableInternalCache On' /etc/conntrackd/conntrackd.conf; then
      conntrackd -f external # without an internal cache, a plain -f empties the kernel's table
    else
      conntrackd -f # both caches are of the past now
      conntrackd -R # the internal cache anew from the kernel's table
    fi
    conntrackd -B # and to the peers
    ;;
  backup)
    conntrackd -t # the kernel's entries go after PurgeTimeout
    conntrackd -n # and the peers send theirs
    ;;
  fault)
    conntrackd -t
    ;;
esac
