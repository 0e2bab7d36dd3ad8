/* base.h - text, lists and status codes: what every other header of the boundary is made of. */
#ifndef REVMETA_BASE_H
#define REVMETA_BASE_H

#include <stddef.h>
#include <stdint.h>

/* Tables are immutable, so Swift may share them between threads. */
#ifdef __clang__
#  define REVMETA_TABLE __attribute__((swift_attr("@Sendable")))
#else
#  define REVMETA_TABLE
#endif

#define REVMETA_EXPORT __attribute__((visibility("default")))

/* True if *p, as its sender built it, reaches as far as `field` and the field is set.
 * The only lawful way to read a field that was added after the first release of its struct. */
#define REVMETA_HAS(p, field) \
  ((p)->struct_size >= (size_t)((const char *)(&(p)->field + 1) - (const char *)(p)) && (p)->field)

#ifdef __cplusplus
extern "C" {
#endif

/* A piece of UTF-8 text, not NUL-terminated. ptr NULL: absent. ptr set and len 0: empty. */
typedef struct revmeta_str {
  const char *ptr;
  size_t len;
} revmeta_str;

/* A setting: a dotted key ("authType.password") and its value. */
typedef struct revmeta_pair {
  revmeta_str key;
  revmeta_str value;
} revmeta_pair;

typedef struct revmeta_pairs {
  const revmeta_pair *items;
  size_t count;
  size_t stride; /* bytes from one item to the next, as the sender built them */
} revmeta_pairs;

/* revmeta_str never grows, so a list of texts needs no stride. */
typedef struct revmeta_strs {
  const revmeta_str *items;
  size_t count;
} revmeta_strs;

/* Who must act. An integer and not an enum, because C does not fix an enum's size. */
typedef int32_t revmeta_status;
#define REVMETA_OK ((revmeta_status)0)
#define REVMETA_UNSUPPORTED ((revmeta_status)1) /* nobody: the source has no such notion           */
#define REVMETA_INVALID ((revmeta_status)2)     /* the programmer: the caller broke this contract  */
#define REVMETA_CONFIG ((revmeta_status)3)      /* a person: a setting must change                 */
#define REVMETA_DENIED ((revmeta_status)4)      /* a person: a privilege must be granted           */
#define REVMETA_NOT_FOUND ((revmeta_status)5)   /* nobody: the object is not there                 */
#define REVMETA_TRANSIENT ((revmeta_status)6)   /* time: the same call may succeed later           */
#define REVMETA_CANCELLED ((revmeta_status)7)   /* nobody: the host asked to stop                  */
#define REVMETA_CONFLICT ((revmeta_status)8)    /* a person: what the guard names has moved        */
#define REVMETA_FAILED ((revmeta_status)9)      /* anything else                                   */

#ifdef __cplusplus
}
#endif

#endif
