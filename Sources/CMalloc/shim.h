#include <malloc.h>

/* Has memory taken from the system in steps of so many bytes, and from pools that two processors share, which seldom want
 * some at the same moment: what is worked on goes from thread to thread. Before the first thread is begun. */
static inline void revmeta_settle_memory(int processors, int step)
{
    mallopt(M_ARENA_MAX, processors > 3 ? processors / 2 : 1);
    mallopt(M_TOP_PAD, step);
    mallopt(M_TRIM_THRESHOLD, 16 * step);
    mallopt(M_MMAP_THRESHOLD, 8 * step);
}
