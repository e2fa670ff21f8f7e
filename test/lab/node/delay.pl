#!/usr/bin/perl
# A cable with a delay, because not every kernel has netem: passes each frame between two ports, so many ms late.
# delay.pl PORT PORT MS
use strict;
use warnings;
use Socket;
use Time::HiRes qw(clock_gettime CLOCK_MONOTONIC);

my ($one, $other, $ms) = @ARGV;
use constant { AF_PACKET => 17, ALL => 3, SIOCGIFINDEX => 0x8933 };

sub port {
    my ($name) = @_;
    socket(my $socket, AF_PACKET, SOCK_RAW, unpack('S', pack('n', ALL))) or die "socket: $!";
    my $request = pack('a16 x24', $name);
    ioctl($socket, SIOCGIFINDEX, $request) or die "$name: $!";
    bind($socket, pack('S n i S C C x8', AF_PACKET, ALL, unpack('x16 i', $request), 0, 0, 0)) or die "bind: $!";
    return $socket;
}

# A frame from a virtual cable has no UDP checksum yet; none at all is a valid one.
sub whole {
    my ($frame) = @_;
    return $frame unless length($frame) > 42 && substr($frame, 12, 2) eq "\x08\x00" && substr($frame, 23, 1) eq "\x11";
    my $udp = 14 + 4 * (ord(substr($frame, 14, 1)) & 15);
    substr($frame, $udp + 6, 2) = "\0\0";
    return $frame;
}

my @ports = (port($one), port($other));
my @late;
my $readers = '';
vec($readers, fileno($_), 1) = 1 for @ports;
while (1) {
    my $wait = @late ? $late[0][0] - clock_gettime(CLOCK_MONOTONIC) : undef;
    my $found = select(my $ready = $readers, undef, undef, defined $wait && $wait < 0 ? 0 : $wait);
    for my $i ($found > 0 ? (0, 1) : ()) {
        next unless vec($ready, fileno($ports[$i]), 1);
        my $from = recv($ports[$i], my $frame, 65536, 0) // next;
        # 4: leaving by this port, which is what another program sent
        next if unpack('x10 C', $from) == 4;
        push @late, [clock_gettime(CLOCK_MONOTONIC) + $ms / 1000, $ports[1 - $i], whole($frame)];
    }
    while (@late && $late[0][0] <= clock_gettime(CLOCK_MONOTONIC)) {
        my (undef, $port, $frame) = @{ shift @late };
        send($port, $frame, 0);
    }
}
