#!/bin/sh
# Runs $ELECTRON as nobody, in a mount namespace of its own when started by root: what is not proven to be genuine gets
# no rights, and Chromium's sandbox works as it does for an ordinary user.
#
# A clone below /root cannot be reached by nobody. $CLOSED_FOLDER, where set, is the first folder on the way to $PROJECT
# that is closed to others: in that namespace alone it is replaced by an empty one that holds nothing but the project.
set -eu

if [ "$(id -u)" != 0 ]; then
  exec "$ELECTRON" "$@"
fi
if [ -z "${IN_NAMESPACE:-}" ]; then
  exec env IN_NAMESPACE=1 unshare --mount "$0" "$@"
fi
if [ -n "${CLOSED_FOLDER:-}" ]; then
  mkdir -p "$HOME/project"
  mount --bind "$PROJECT" "$HOME/project"
  mount -t tmpfs -o mode=755 handover-test "$CLOSED_FOLDER"
  mkdir -p "$PROJECT"
  mount --bind "$HOME/project" "$PROJECT"
fi
cd /
exec setpriv --reuid=nobody --regid=nogroup --clear-groups --no-new-privs --inh-caps=-all "$ELECTRON" "$@"
