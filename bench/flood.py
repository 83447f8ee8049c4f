"""Sends INVITEs of strangers: flood.py HOST PORT RATE SECONDS SOURCES. Each source is an address of the loopback network of its
own. Prints how many it has sent; it never sends more than the rate, and says when it could not keep up with it."""
import socket
import sys
import time

host, port, rate, seconds, sources = sys.argv[1], *map(int, sys.argv[2:6])
senders = []
for n in range(sources):
    sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sender.bind((f"127.1.{n // 250}.{n % 250 + 1}", 0))
    sender.setblocking(False)
    senders.append((sender, "%s:%d" % sender.getsockname()))

MESSAGE = (
    "INVITE sip:442079460000@%s:%d SIP/2.0\r\nVia: SIP/2.0/UDP {at};branch=z9hG4bKf{n}\r\nMax-Forwards: 70\r\n"
    "From: <sip:100@{at}>;tag=f{n}\r\nTo: <sip:442079460000@%s>\r\nCall-ID: flood-{n}\r\nCSeq: 1 INVITE\r\n"
    "Contact: <sip:100@{at}>\r\nUser-Agent: friendly-scanner\r\nContent-Length: 0\r\n\r\n" % (host, port, host)
)
target, sent, begin = (host, port), 0, time.monotonic()
while (elapsed := time.monotonic() - begin) < seconds:
    due = int(elapsed * rate)
    while sent < due:
        sender, at = senders[sent % sources]
        try:
            sender.sendto(MESSAGE.format(at=at, n=sent).encode(), target)
        except BlockingIOError:
            pass
        sent += 1
        if sent % 500 == 0 and time.monotonic() - begin >= seconds:
            break
    time.sleep(0.001)
print(f"{sent} requests in {time.monotonic() - begin:.1f} s from {sources} addresses")
