#!/bin/bash
# Process 1 of a node: gives it its own files, then reaps whatever is orphaned until it is killed, and the node with it.
# Started inside fresh mount, pid, uts, ipc and network namespaces: init.sh NAME FILES PIDFILE
set -eu

name=$1 files=$2 pidfile=$3
exec 3>"$pidfile"
# The machine's /proc is still there, so this is the pid that the machine knows.
read -r pid _ </proc/self/stat

hostname "$name"
mount --make-rprivate /
layers=$(mktemp -d "$files/../layers.XXXXXX")
mount -t tmpfs -o mode=0755 lab "$layers"
folders='etc var root home usr/local/lib'
for folder in $folders; do
  mkdir -p "$layers/$folder" "$layers/$folder.work"
  mount -t overlay -o "lowerdir=/$folder,upperdir=$layers/$folder,workdir=$layers/$folder.work" lab "/$folder"
done
# The node's own accounts beside the machine's, its files over the machine's.
cat "$files/accounts/passwd" >>/etc/passwd
cat "$files/accounts/group" >>/etc/group
cat "$files/accounts/shadow" >>/etc/shadow
for folder in $folders; do
  if [ -d "$files/$folder" ]; then cp -a "$files/$folder" "/${folder%"${folder##*/}"}"; fi
done
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t tmpfs -o mode=1777 lab /tmp
mount -t tmpfs -o mode=0755 lab /run
mkdir -p /run/sshd /run/lock
chmod 1777 /run/lock
cd /

echo "$pid" >&3
exec 3>&- >/dev/null 2>&1
while :; do
  sleep infinity &
  wait $! || true
done
