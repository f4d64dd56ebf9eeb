"""What Linux's C library, glibc, does with memory that a program has freed.

glibc keeps it for later, in a heap for every thread. A notebook would rather stay small, a script
rather be quick. On any other system these functions do nothing.
"""

import ctypes
import sys

# What mallopt can set, by the numbers that glibc's malloc.h gives them.
M_ARENA_MAX = -8  # how many heaps there may be
M_MMAP_THRESHOLD = -3  # bytes; arrays from this size on leave the heap, and go back when freed
M_TRIM_THRESHOLD = -1  # bytes; the end of the heap goes back when more than this is free there

LARGE = 1_000_000  # bytes; a batch of 250 MNIST images is 784,000
UNREACHED = 2**30  # bytes; more than any array that a recipe needs at every step


def be_small() -> None:
    """Keep one heap and hand large arrays back at once, which saves a kernel some 80 MB."""
    if sys.platform == "linux":
        libc = ctypes.CDLL(None)
        libc.mallopt(M_ARENA_MAX, 1)
        libc.mallopt(M_MMAP_THRESHOLD, LARGE)


def be_quick() -> None:
    """Keep one heap and all that is freed, for the next step asks for as much again.

    Where weights or batches are large, asking the system for them takes much of a step's time.
    """
    if sys.platform == "linux":
        libc = ctypes.CDLL(None)
        libc.mallopt(M_ARENA_MAX, 1)
        libc.mallopt(M_MMAP_THRESHOLD, UNREACHED)
        libc.mallopt(M_TRIM_THRESHOLD, UNREACHED)


def give_back() -> None:
    """Hand all free memory back now."""
    if sys.platform == "linux":
        ctypes.CDLL(None).malloc_trim(0)
