/* What the fixtures share: texts, settings, lists and failures. */
#ifndef FIXTURE_H
#define FIXTURE_H

#define _GNU_SOURCE
#include <revmeta/revmeta.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define SECOND ((int64_t)1000000000)

/* An item of a lent list, as far from its start as the sender's stride says. */
#define item(list, index) ((const __typeof__(*(list).items) *)((const char *)(list).items + (index) * (list).stride))

static inline revmeta_str text(const char *plain) {
  revmeta_str text;
  text.ptr = plain;
  text.len = strlen(plain);
  return text;
}

static inline int same(revmeta_str one, revmeta_str other) {
  return one.len == other.len && memcmp(one.ptr, other.ptr, one.len) == 0;
}

static inline int is(revmeta_str lent, const char *plain) { return lent.ptr && same(lent, text(plain)); }

static inline int starts(revmeta_str lent, const char *plain) {
  return lent.len >= strlen(plain) && memcmp(lent.ptr, plain, strlen(plain)) == 0;
}

/* Into a buffer that is large enough for all that tests send. */
static inline void copy(char *to, revmeta_str lent) {
  if (lent.len > 0) memcpy(to, lent.ptr, lent.len);
  to[lent.len] = '\0';
}

static inline void append(char *to, revmeta_str lent) { copy(to + strlen(to), lent); }

static inline long number(revmeta_str lent) {
  char digits[32];
  copy(digits, lent);
  return strtol(digits, NULL, 10);
}

static inline const revmeta_pair *setting(revmeta_pairs settings, const char *key) {
  size_t i;
  for (i = 0; i < settings.count; i++)
    if (is(item(settings, i)->key, key)) return item(settings, i);
  return NULL;
}

static inline int64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (int64_t)time.tv_sec * SECOND + time.tv_nsec;
}

/* Tells the host why, and gives what the call returns. */
static inline revmeta_status fail(const revmeta_call *call, revmeta_status status, const char *message) {
  revmeta_failure why = {sizeof why, 0, 0, 0, 0, {NULL, 0}, {NULL, 0}};
  why.message = text(message);
  call->fail(call, &why);
  return status;
}

static inline revmeta_status stopped(const revmeta_call *call) {
  return fail(call, REVMETA_CANCELLED, "stopped as the host asked");
}

#endif
