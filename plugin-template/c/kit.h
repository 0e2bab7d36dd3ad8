/* kit.h - what the Swift kit gives a Swift author, in C: memory of one call, text, failures, the host's call. */
#ifndef KIT_H
#define KIT_H

#include <revmeta/revmeta.h>
#include <stdbool.h>

/* Memory that is given back all at once, when the call that needed it ends. Start with {NULL}.
 * Where none is left the process ends: the host runs each plugin in a process of its own. */
typedef struct pool {
  struct pool_block *blocks;
} pool;

void *pool_take(pool *pool, size_t size);
/* Makes room for one more item behind `count` items, and moves them if need be. */
void *pool_grow(pool *pool, void *items, size_t count, size_t *capacity, size_t size);
void pool_release(pool *pool);

/* A text without a NUL at its end; ptr NULL is absent. */
typedef revmeta_str str;

#define STR(literal) ((str){literal, sizeof(literal) - 1})
/* For "%.*s" of printf. */
#define STR_ARGUMENTS(text) (int)(text).len, (text).ptr

str str_of(const char *text);
str str_from(str text, size_t start);
str str_until(str text, size_t end);
bool str_is_same(str one, str other);
int str_order(str one, str other);
bool str_ends_with(str text, str end);
bool str_has(str text, char byte);
bool str_is_utf8(str text);

/* A text that grows. Start with {pool, NULL, 0, 0}. */
typedef struct buffer {
  pool *pool;
  char *ptr;
  size_t len;
  size_t capacity;
} buffer;

void buffer_byte(buffer *buffer, char byte);
void buffer_text(buffer *buffer, str text);
str buffer_str(const buffer *buffer);

/* Why something did not work. Functions that can fail give one, or NULL. */
typedef struct failure {
  revmeta_status status;
  revmeta_failure details;
} failure;

/* Who must act, and a sentence: what was expected, what was found, the next step. Never a secret. */
#ifdef __GNUC__
__attribute__((format(printf, 3, 4)))
#endif
const failure *fail(pool *pool, revmeta_status status, const char *format, ...);

/* Ends a call: tells the host why, if there is a why, gives the memory back and gives the status to return. */
revmeta_status answer(const revmeta_call *call, pool *pool, const failure *why);

/* A failure if the host wants the call to end, or its deadline has passed. */
const failure *check_cancelled(const revmeta_call *call, pool *pool);

/* Says a line for the log, if the host would keep it. */
#ifdef __GNUC__
__attribute__((format(printf, 4, 5)))
#endif
void say(const revmeta_call *call, pool *pool, int32_t level, const char *format, ...);

/* The failure of a sink that asked to stop, NULL if it did not. */
const failure *stopped(pool *pool, int32_t answer_of_sink);

/* Emits how the change or statement with this index ended. */
const failure *emit_outcome(pool *pool, revmeta_outcome_sink sink, void *context, size_t index, const failure *why);

/* Steps through a lent list by its stride: the sender's items may be larger than ours. */
#define LENT(type, list, index) ((const type *)(const void *)((const char *)(list).items + (index) * (list).stride))

#endif
