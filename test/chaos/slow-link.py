"""A slow link: what is sent into one of two TUN interfaces comes out of the other one late, or is lost.

slow-link.py NEAR FAR DELAY LOSS: names of the interfaces, which are made; milliseconds in each direction; a share. Needs root.
A line on standard output says that both are there. They are gone when it ends.
"""
import collections
import fcntl
import os
import random
import select
import struct
import sys
import time

TUNSETIFF = 0x400454CA
IFF_TUN_NO_PI = 0x0001 | 0x1000


def open_tun(name):
    descriptor = os.open('/dev/net/tun', os.O_RDWR)
    fcntl.ioctl(descriptor, TUNSETIFF, struct.pack('16sH22x', name.encode(), IFF_TUN_NO_PI))
    return descriptor


def main(near, far, delay, loss):
    ends = [open_tun(near), open_tun(far)]
    print('ready', flush=True)
    # by when they arrive; all take the same time, so the first in is the first out
    under_way = collections.deque()
    while True:
        wait = max(0.0, under_way[0][0] - time.monotonic()) if under_way else None
        readable, _, _ = select.select(ends, [], [], wait)
        now = time.monotonic()
        for end in readable:
            packet = os.read(end, 65536)
            if random.random() >= loss:
                under_way.append((now + delay, ends[1 - ends.index(end)], packet))
        while under_way and under_way[0][0] <= now:
            _, end, packet = under_way.popleft()
            try:
                os.write(end, packet)
            except OSError:
                # the interface is down
                pass


if __name__ == '__main__':
    main(sys.argv[1], sys.argv[2], float(sys.argv[3]) / 1000, float(sys.argv[4]))
