# A /dev/log of the node's own, since its /dev is the machine's: what programs say to syslog, a line each, as rsyslog keeps
# it in Debian's /var/log/auth.log. Started inside the node's mount namespace alone, so that it is no process of the node.
set -eu
own=/run/own-dev
mkdir -p $own/upper $own/work $own/pts
mount --bind /dev/pts $own/pts
mount -t overlay -o lowerdir=/dev,upperdir=$own/upper,workdir=$own/work lab /dev
mount --move $own/pts /dev/pts
rm -f /dev/log
umask 0
exec perl -MSocket -MIO::Handle -e '
  open(my $file, ">>", "/var/log/auth.log") or die "auth.log: $!";
  $file->autoflush(1);
  socket(my $log, AF_UNIX, SOCK_DGRAM, 0) or die "socket: $!";
  bind($log, sockaddr_un("/dev/log")) or die "/dev/log: $!";
  while (defined recv($log, my $line, 65536, 0)) {
    $line =~ s/^<\d+>//;
    $line =~ s/[\0\n]+$//;
    print $file "$line\n";
  }
'
