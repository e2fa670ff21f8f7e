#!/bin/sh
# Runs a command in a network of its own, with an own place for a lab in it, so that several labs stand side by side.
set -eu
if [ "${HANDOVER_OWN_NETWORK:-}" != yes ]; then
  export HANDOVER_OWN_NETWORK=yes
  exec unshare --net --mount -- sh "$0" "$@"
fi
unset HANDOVER_OWN_NETWORK
own=/var/lib/handover-lab
mkdir -p "$own"
mount -t tmpfs -o mode=0755 handover-lab "$own"
mkdir "$own/.upper" "$own/.work"
# over all of /run, because a lab takes its own folder there away when it ends
mount -t overlay -o "lowerdir=/run,upperdir=$own/.upper,workdir=$own/.work" handover-lab /run
ip link set lo up
exec "$@"
