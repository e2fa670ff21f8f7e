#!/usr/bin/python3 -I
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
