/** `assets/node/conntrack-dump.pl`, letter by letter: a build has no other way to carry it. A test holds them together. */
export const perlText = String.raw`#!/usr/bin/perl
# Prints the kernel's table of connections as the kernel tells it (ctnetlink), for Handover's console, which reads it there.
#
# It reads and nothing else: the one message that it sends is IPCTNL_MSG_CT_GET with NLM_F_DUMP. It opens no file, starts
# no program, takes no input but the options below, and refuses every other one.
#
#   --src A --dst A          address of the original direction, IPv4 or IPv6
#   --sport N --dport N      port of the original direction; without --protocol of TCP, UDP and SCTP
#   --protocol N             number, or tcp udp sctp icmp icmpv6 gre
#   --mark N --mark-mask N   mark, and which of its bits count
#   --zone N                 zone of conntrack
#   --family ipv4|ipv6
#   --gzip                   compressed, for a slow line
#
# The kernel does the choosing (Linux 5.8 and later; an older one tells everything). What it tells may be more than was asked
# for, never less: the console keeps what fits.
use strict;
use warnings;
use Socket qw(inet_pton AF_INET AF_INET6 SOCK_RAW SOL_SOCKET SO_RCVTIMEO);

use constant { AF_NETLINK => 16, NETLINK_NETFILTER => 12, CT_GET => 0x0101, REQUEST_DUMP => 0x0301 };
use constant { NLMSG_ERROR => 2, NLMSG_DONE => 3, NESTED => 0x8000, F_SETPIPE_SZ => 1031 };

my %numbers = (tcp => 6, udp => 17, sctp => 132, icmp => 1, icmpv6 => 58, gre => 47);
my %most = (
    sport => 0xffff, dport => 0xffff, protocol => 255, mark => 0xffffffff, 'mark-mask' => 0xffffffff, zone => 0xffff
);

sub refuse { print STDERR "conntrack-dump: @_\n"; exit 2 }
sub fail { print STDERR "conntrack-dump: @_\n"; exit 1 }

# The options: each once, each checked.
my %o;
while (@ARGV) {
    my ($name) = shift(@ARGV) =~ /\A--(src|dst|sport|dport|protocol|mark|mark-mask|zone|family|gzip)\z/ or refuse('unknown option');
    refuse("--$name is given twice") if exists $o{$name};
    if ($name eq 'gzip') { $o{gzip} = 1; next }
    my $value = shift(@ARGV) // '';
    if ($name eq 'family') { $value =~ /\Aipv[46]\z/ or refuse('--family is ipv4 or ipv6') }
    elsif ($name eq 'src' || $name eq 'dst') {
        $value =~ /\A[0-9A-Fa-f:.]{2,45}\z/ or refuse("--$name is an address");
        $value = inet_pton(AF_INET, $value) // inet_pton(AF_INET6, $value) // refuse("--$name is an address");
    }
    else {
        $value = $numbers{$value} if $name eq 'protocol' && exists $numbers{$value};
        $value =~ /\A[0-9]{1,10}\z/ && $value <= $most{$name} or refuse("--$name is a number up to $most{$name}");
    }
    $o{$name} = $value;
}
refuse('--mark-mask needs --mark') if exists $o{'mark-mask'} && !exists $o{mark};
my $ports = exists $o{sport} || exists $o{dport};
refuse('only TCP, UDP, UDPLITE, SCTP and DCCP have ports') if $ports && exists $o{protocol} && $o{protocol} !~ /\A(6|17|33|132|136)\z/;

# The family follows from an address; where neither is given, a protocol or port is asked for in both.
my %families = map { $_ => 1 } (map { length $o{$_} == 4 ? AF_INET : AF_INET6 } grep { exists $o{$_} } qw(src dst)),
    (exists $o{family} ? ($o{family} eq 'ipv4' ? AF_INET : AF_INET6) : ());
refuse('the addresses and --family are of two families') if keys %families > 1;
my @families = keys %families ? keys %families : $ports || exists $o{protocol} ? (AF_INET, AF_INET6) : (0);
my @protocols = exists $o{protocol} ? $o{protocol} : $ports ? (6, 17, 132) : (undef);

# An attribute of netlink: length, type, value, filled up to four bytes.
sub attribute { my ($type, $value) = @_; my $a = pack('S S', 4 + length $value, $type) . $value; $a . "\0" x (-length($a) & 3) }

sub question {
    my ($family, $protocol, $sequence) = @_;
    my ($ip, $proto, $flags) = ('', '', 0);
    # Of IPv6 the kernel answers with every address but the one asked for (seen up to Linux 6.18): the console chooses there.
    if ($family == AF_INET && exists $o{src}) { $ip .= attribute(1, $o{src}); $flags |= 1 }
    if ($family == AF_INET && exists $o{dst}) { $ip .= attribute(2, $o{dst}); $flags |= 2 }
    if (defined $protocol) { $proto .= attribute(1, pack('C', $protocol)); $flags |= 8 }
    if (exists $o{sport}) { $proto .= attribute(2, pack('n', $o{sport})); $flags |= 16 }
    if (exists $o{dport}) { $proto .= attribute(3, pack('n', $o{dport})); $flags |= 32 }
    my $body = pack('C C n', $family, 0, 0);
    if ($flags) {
        my $tuple = ($ip ne '' ? attribute(1 | NESTED, $ip) : '') . ($proto ne '' ? attribute(2 | NESTED, $proto) : '');
        $body .= attribute(1 | NESTED, $tuple);                                                 # CTA_TUPLE_ORIG
        $body .= attribute(25 | NESTED, attribute(1, pack('L', $flags)) . attribute(2, pack('L', 0)));  # CTA_FILTER
    }
    $body .= attribute(18, pack('n', $o{zone})) if exists $o{zone};                             # CTA_ZONE
    $body .= attribute(8, pack('N', $o{mark})) . attribute(21, pack('N', $o{'mark-mask'} // 0xffffffff)) if exists $o{mark};
    return pack('L S S L L', 16 + length $body, CT_GET, REQUEST_DUMP, $sequence, 0) . $body;
}

# To the last byte, or not at all.
my $zip;
sub put {
    my ($bytes) = @_;
    if ($zip) { $zip->print($bytes) or fail("cannot write: $!"); return }
    for (my $at = 0; $at < length $bytes;) { $at += syswrite(STDOUT, $bytes, length($bytes) - $at, $at) // fail("cannot write: $!") }
}

binmode STDOUT;
# sshd fetches this through a pipe: one that holds a megabyte lets both work at once. Where it may not be, it is as it was.
fcntl(STDOUT, F_SETPIPE_SZ, 1 << 20);
if ($o{gzip}) {
    eval { require IO::Compress::Gzip; 1 } or fail('--gzip: perl lacks IO::Compress::Gzip');
    $zip = IO::Compress::Gzip->new(\*STDOUT, -Level => 1, -Minimal => 1) or fail('--gzip: cannot begin');
}
socket(my $kernel, AF_NETLINK, SOCK_RAW, NETLINK_NETFILTER) or fail("cannot ask the kernel: $!");
setsockopt($kernel, SOL_SOCKET, SO_RCVTIMEO, pack('l! l!', 20, 0));
bind($kernel, pack('S S L L', AF_NETLINK, 0, 0, 0)) or fail("cannot ask the kernel: $!");

my @questions = map { my $family = $_; map { [$family, $_] } @protocols } @families;
for my $number (1 .. @questions) {
    my $last = $number == @questions;
    send($kernel, question(@{ $questions[$number - 1] }, $number), 0) or fail("cannot ask the kernel: $!");
    # The end of the dump: 20 bytes behind the last connections, which only the last answer keeps.
    my ($end, $ours) = (pack('L S', 20, NLMSG_DONE), pack('L', $number));
    for (my $done = 0; !$done;) {
        defined recv($kernel, my $piece, 65536, 0) or fail("the kernel broke off: $!");
        my (undef, $type) = unpack('L S', $piece);
        if ($type == NLMSG_ERROR) { $! = -unpack('l', substr($piece, 16, 4)); fail("the kernel refused: $!") }
        $done = length $piece >= 20 && substr($piece, -20, 6) eq $end && substr($piece, -12, 4) eq $ours;
        put($done && !$last ? substr($piece, 0, -20) : $piece);
    }
}
$zip->close if $zip;
`;

/** `assets/node/conntrack-dump.py`, likewise. */
export const pythonText = `#!/usr/bin/python3 -I
# Prints the kernel's table of connections as the kernel tells it (ctnetlink), for Handover's console, which reads it there.
#
# It reads and nothing else: the one message that it sends is IPCTNL_MSG_CT_GET with NLM_F_DUMP. It opens no file, starts
# no program, takes no input but the options below, and refuses every other one.
#
#   --src A --dst A          address of the original direction, IPv4 or IPv6
#   --sport N --dport N      port of the original direction; without --protocol of TCP, UDP and SCTP
#   --protocol N             number, or tcp udp sctp icmp icmpv6 gre
#   --mark N --mark-mask N   mark, and which of its bits count
#   --zone N                 zone of conntrack
#   --family ipv4|ipv6
#   --gzip                   compressed, for a slow line
#
# The kernel does the choosing (Linux 5.8 and later; an older one tells everything). What it tells may be more than was asked
# for, never less: the console keeps what fits.
import fcntl
import os
import re
import socket
import sys
from struct import pack, unpack_from

NETLINK_NETFILTER, CT_GET, REQUEST_DUMP = 12, 0x0101, 0x0301
NLMSG_ERROR, NLMSG_DONE, NESTED, F_SETPIPE_SZ = 2, 3, 0x8000, 1031
V4, V6 = socket.AF_INET, socket.AF_INET6

NUMBERS = {"tcp": 6, "udp": 17, "sctp": 132, "icmp": 1, "icmpv6": 58, "gre": 47}
MOST = {"sport": 65535, "dport": 65535, "protocol": 255, "mark": 0xFFFFFFFF, "mark-mask": 0xFFFFFFFF, "zone": 65535}


def stop(status, *words):
    print("conntrack-dump:", *words, file=sys.stderr)
    sys.exit(status)


def address(name, text):
    if re.fullmatch("[0-9A-Fa-f:.]{2,45}", text):
        for family in (V4, V6):
            try:
                return socket.inet_pton(family, text)
            except OSError:
                pass
    stop(2, "--" + name, "is an address")


def options(words):
    """The options: each once, each checked."""
    found = {}
    while words:
        name = words.pop(0)
        if name[:2] != "--" or name[2:] not in ("src", "dst", "family", "gzip", *MOST):
            stop(2, "unknown option")
        name = name[2:]
        if name in found:
            stop(2, "--" + name, "is given twice")
        if name == "gzip":
            found[name] = True
            continue
        value = words.pop(0) if words else ""
        if name == "family":
            if value not in ("ipv4", "ipv6"):
                stop(2, "--family is ipv4 or ipv6")
            found[name] = V4 if value == "ipv4" else V6
        elif name in ("src", "dst"):
            found[name] = address(name, value)
        else:
            if name == "protocol":
                value = str(NUMBERS.get(value, value))
            if not re.fullmatch("[0-9]{1,10}", value) or int(value) > MOST[name]:
                stop(2, "--" + name, "is a number up to", MOST[name])
            found[name] = int(value)
    return found


o = options(sys.argv[1:])
if "mark-mask" in o and "mark" not in o:
    stop(2, "--mark-mask needs --mark")
ports = "sport" in o or "dport" in o
if ports and o.get("protocol", 6) not in (6, 17, 33, 132, 136):
    stop(2, "only TCP, UDP, UDPLITE, SCTP and DCCP have ports")

# The family follows from an address; where neither is given, a protocol or port is asked for in both.
families = {V4 if len(o[name]) == 4 else V6 for name in ("src", "dst") if name in o} | ({o["family"]} if "family" in o else set())
if len(families) > 1:
    stop(2, "the addresses and --family are of two families")
families = list(families) or ([V4, V6] if ports or "protocol" in o else [0])
protocols = [o["protocol"]] if "protocol" in o else [6, 17, 132] if ports else [None]


def attribute(kind, value):
    """An attribute of netlink: length, type, value, filled up to four bytes."""
    return pack("=HH", 4 + len(value), kind) + value + bytes(-len(value) % 4)


def question(family, protocol, sequence):
    ip, proto, flags = b"", b"", 0
    # Of IPv6 the kernel answers with every address but the one asked for (seen up to Linux 6.18): the console chooses there.
    if family == V4 and "src" in o:
        ip, flags = ip + attribute(1, o["src"]), flags | 1
    if family == V4 and "dst" in o:
        ip, flags = ip + attribute(2, o["dst"]), flags | 2
    if protocol is not None:
        proto, flags = proto + attribute(1, pack("B", protocol)), flags | 8
    if "sport" in o:
        proto, flags = proto + attribute(2, pack("!H", o["sport"])), flags | 16
    if "dport" in o:
        proto, flags = proto + attribute(3, pack("!H", o["dport"])), flags | 32
    body = pack("=BBH", family, 0, 0)
    if flags:
        tuple_ = (attribute(1 | NESTED, ip) if ip else b"") + (attribute(2 | NESTED, proto) if proto else b"")
        body += attribute(1 | NESTED, tuple_)  # CTA_TUPLE_ORIG
        body += attribute(25 | NESTED, attribute(1, pack("=I", flags)) + attribute(2, pack("=I", 0)))  # CTA_FILTER
    if "zone" in o:
        body += attribute(18, pack("!H", o["zone"]))  # CTA_ZONE
    if "mark" in o:
        body += attribute(8, pack("!I", o["mark"])) + attribute(21, pack("!I", o.get("mark-mask", 0xFFFFFFFF)))
    return pack("=IHHII", 16 + len(body), CT_GET, REQUEST_DUMP, sequence, 0) + body


packer = None
if "gzip" in o:
    try:
        import zlib
    except ImportError:
        stop(1, "--gzip: python3 lacks zlib")
    packer = zlib.compressobj(1, zlib.DEFLATED, 31)


def put(piece):
    """To the last byte, or not at all."""
    piece = memoryview(packer.compress(piece) if packer else piece)
    while piece:
        piece = piece[os.write(1, piece):]


def dump():
    kernel = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_NETFILTER)
    kernel.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, pack("@ll", 20, 0))
    kernel.bind((0, 0))
    questions = [(family, protocol) for family in families for protocol in protocols]
    for number, asked in enumerate(questions, 1):
        kernel.send(question(*asked, number))
        # The end of the dump: 20 bytes behind the last connections, which only the last answer keeps.
        end, ours = pack("=IH", 20, NLMSG_DONE), pack("=I", number)
        done = False
        while not done:
            piece = kernel.recv(65536)
            if unpack_from("=H", piece, 4)[0] == NLMSG_ERROR:
                stop(1, "the kernel refused:", os.strerror(-unpack_from("=i", piece, 16)[0]))
            done = piece[-20:-14] == end and piece[-12:-8] == ours
            put(piece[:-20] if done and number < len(questions) else piece)
    if packer:
        rest = packer.flush()
        while rest:
            rest = rest[os.write(1, rest):]


# sshd fetches this through a pipe: one that holds a megabyte lets both work at once. Where it may not be, it is as it was.
try:
    fcntl.fcntl(1, F_SETPIPE_SZ, 1 << 20)
except OSError:
    pass

try:
    dump()
except OSError as error:
    stop(1, "the kernel broke off:", error.strerror)
`;
