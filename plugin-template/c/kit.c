/* kit.c - see kit.h. */
#define _POSIX_C_SOURCE 200809L

#include "kit.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Memory of one call. */

struct pool_block {
  struct pool_block *next;
  union {
    long double number;
    void *pointer;
    int64_t integer;
  } items[]; /* aligned for anything */
};

void *pool_take(pool *pool, size_t size) {
  struct pool_block *block = NULL;
  if (size <= SIZE_MAX - sizeof *block) block = calloc(1, sizeof *block + size);
  if (!block) {
    fputs("out of memory\n", stderr);
    abort();
  }
  block->next = pool->blocks;
  pool->blocks = block;
  return block->items;
}

void *pool_grow(pool *pool, void *items, size_t count, size_t *capacity, size_t size) {
  void *larger;
  if (count < *capacity) return items;
  *capacity = *capacity ? *capacity * 2 : 16;
  larger = pool_take(pool, *capacity * size);
  if (count) memcpy(larger, items, count * size);
  return larger;
}

void pool_release(pool *pool) {
  while (pool->blocks) {
    struct pool_block *block = pool->blocks;
    pool->blocks = block->next;
    free(block);
  }
}

/* Text. */

str str_of(const char *text) { return (str){text, strlen(text)}; }

str str_from(str text, size_t start) { return (str){text.ptr + start, text.len - start}; }

str str_until(str text, size_t end) { return (str){text.ptr, end}; }

bool str_is_same(str one, str other) {
  return one.len == other.len && (!one.len || !memcmp(one.ptr, other.ptr, one.len));
}

int str_order(str one, str other) {
  size_t len = one.len < other.len ? one.len : other.len;
  int order = len ? memcmp(one.ptr, other.ptr, len) : 0;
  return order ? order : (one.len > other.len) - (one.len < other.len);
}

bool str_ends_with(str text, str end) {
  return text.len >= end.len && str_is_same(str_from(text, text.len - end.len), end);
}

bool str_has(str text, char byte) { return text.len && memchr(text.ptr, byte, text.len); }

/* Well-formed as Unicode's table 3-7 has it: shortest form, no surrogates, up to U+10FFFF. */
bool str_is_utf8(str text) {
  size_t index = 0;
  while (index < text.len) {
    unsigned char first = (unsigned char)text.ptr[index++], low = 0x80, high = 0xBF;
    int more;
    if (first < 0x80) continue;
    if (first < 0xC2 || first > 0xF4) return false;
    more = first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3;
    if (first == 0xE0) low = 0xA0;
    if (first == 0xED) high = 0x9F;
    if (first == 0xF0) low = 0x90;
    if (first == 0xF4) high = 0x8F;
    for (; more; more--, low = 0x80, high = 0xBF) {
      unsigned char byte;
      if (index == text.len) return false;
      byte = (unsigned char)text.ptr[index++];
      if (byte < low || byte > high) return false;
    }
  }
  return true;
}

void buffer_byte(buffer *buffer, char byte) {
  buffer->ptr = pool_grow(buffer->pool, buffer->ptr, buffer->len, &buffer->capacity, 1);
  buffer->ptr[buffer->len++] = byte;
}

void buffer_text(buffer *buffer, str text) {
  size_t index;
  for (index = 0; index < text.len; index++) buffer_byte(buffer, text.ptr[index]);
}

str buffer_str(const buffer *buffer) { return (str){buffer->ptr ? buffer->ptr : "", buffer->len}; }

/* Failures and the host's call. */

static str formatted(pool *pool, const char *format, va_list arguments) {
  va_list again;
  int len;
  char *text;
  va_copy(again, arguments);
  len = vsnprintf(NULL, 0, format, again);
  va_end(again);
  if (len < 0) return str_of(format);
  text = pool_take(pool, (size_t)len + 1);
  vsnprintf(text, (size_t)len + 1, format, arguments);
  return (str){text, (size_t)len};
}

const failure *fail(pool *pool, revmeta_status status, const char *format, ...) {
  failure *why = pool_take(pool, sizeof *why);
  va_list arguments;
  why->status = status;
  why->details.struct_size = sizeof why->details;
  va_start(arguments, format);
  why->details.message = formatted(pool, format, arguments);
  va_end(arguments);
  return why;
}

revmeta_status answer(const revmeta_call *call, pool *pool, const failure *why) {
  revmeta_status status = why ? why->status : REVMETA_OK;
  if (why) call->fail(call, &why->details);
  pool_release(pool);
  return status;
}

const failure *check_cancelled(const revmeta_call *call, pool *pool) {
  struct timespec now;
  if (call->cancelled(call)) return fail(pool, REVMETA_CANCELLED, "the host asked to stop");
  if (!call->deadline_ns) return NULL;
  clock_gettime(CLOCK_MONOTONIC, &now);
  if ((int64_t)now.tv_sec * 1000000000 + now.tv_nsec < call->deadline_ns) return NULL;
  return fail(pool, REVMETA_TRANSIENT, "the call's deadline has passed");
}

void say(const revmeta_call *call, pool *pool, int32_t level, const char *format, ...) {
  va_list arguments;
  if (level > call->log_level) return;
  va_start(arguments, format);
  call->log(call, level, formatted(pool, format, arguments));
  va_end(arguments);
}

const failure *stopped(pool *pool, int32_t answer_of_sink) {
  return answer_of_sink ? fail(pool, REVMETA_CANCELLED, "the host asked to stop") : NULL;
}

const failure *emit_outcome(pool *pool, revmeta_outcome_sink sink, void *context, size_t index, const failure *why) {
  revmeta_outcome outcome = {index, why ? why->status : REVMETA_OK, why ? &why->details : NULL};
  return stopped(pool, sink(context, (revmeta_outcomes){&outcome, 1, sizeof outcome}));
}
