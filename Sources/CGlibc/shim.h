/* What Swift's own Glibc module leaves out. */
#include <malloc.h>
#include <sys/types.h>

/* Has memory taken from the system in steps of so many bytes, and from pools that two processors share, which seldom want
 * some at the same moment: what is worked on goes from thread to thread. Before the first thread is begun. */
static inline void revmeta_settle_memory(int processors, int step)
{
    mallopt(M_ARENA_MAX, processors > 3 ? processors / 2 : 1);
    mallopt(M_TOP_PAD, step);
    mallopt(M_TRIM_THRESHOLD, 16 * step);
    mallopt(M_MMAP_THRESHOLD, 8 * step);
}

/* fcntl.h declares it for GNU sources alone. */
extern int sync_file_range(int file, off_t offset, off_t count, unsigned int flags);

/* Begins to write out a file's pages, as far as they are not under way, and does not wait until they are written. */
static inline int revmeta_begin_writing_out(int file)
{
    enum { sync_file_range_write = 2 };
    return sync_file_range(file, 0, 0, sync_file_range_write);
}
