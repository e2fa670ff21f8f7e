#!/bin/sh
# Runs a command in a network of its own, with an own place for a lab in it, so that several labs stand side by side.
set -eu
if [ "${HANDOVER_OWN_NETWORK:-}" != yes ]; then
  export HANDOVER_OWN_NETWORK=yes
  exec unshare --net --mount -- sh "$0" "$@"
fi
unset HANDOVER_OWN_NETWORK
for folder in /run/handover-lab /var/lib/handover-lab; do
  mkdir -p "$folder"
  mount -t tmpfs -o mode=0755 handover-lab "$folder"
done
ip link set lo up
exec "$@"
