/* Renders a template as fast as one core does it, through the plugin boundary, and prints statements a second.
 *
 *   render-rate LIBRARY TEMPLATE COUNT
 */
#define _POSIX_C_SOURCE 200809L
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "revmeta/revmeta.h"

#define TEXT(text) ((revmeta_str){(text), sizeof(text) - 1})
#define DESCRIPTION                                                                                        \
  "One line for each order that a customer has placed; the customer's basket becomes one when it is paid." \
  " Fact %08lu"

static int32_t never(const revmeta_call *call) {
  (void)call;
  return 0;
}

static void no_log(const revmeta_call *call, int32_t level, revmeta_str text) {
  (void)call, (void)level, (void)text;
}

static void tell(const revmeta_call *call, const revmeta_failure *failure) {
  (void)call;
  fprintf(stderr, "render-rate: %.*s\n", (int)failure->message.len, failure->message.ptr);
}

/* What was rendered, so that nobody can leave it out. */
struct seen {
  size_t statements, bytes;
};

static int32_t take(void *context, revmeta_strs texts) {
  struct seen *seen = context;
  for (size_t i = 0; i < texts.count; i++) seen->bytes += texts.items[i].len;
  seen->statements += texts.count;
  return 0;
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

int main(int count, char **arguments) {
  if (count != 4) return fprintf(stderr, "usage: render-rate LIBRARY TEMPLATE COUNT\n"), 2;
  void *library = dlopen(arguments[1], RTLD_NOW | RTLD_LOCAL);
  if (!library) return fprintf(stderr, "render-rate: %s\n", dlerror()), 1;
  const revmeta_plugin *(*entry)(void);
  void *symbol = dlsym(library, REVMETA_ENTRY);
  if (!symbol) return fprintf(stderr, "render-rate: %s\n", dlerror()), 1;
  memcpy(&entry, &symbol, sizeof entry);
  const revmeta_template *engine = entry()->query(REVMETA_TEMPLATE_ID);

  static const revmeta_dialect postgresql = {
      .struct_size = sizeof postgresql,
      .flags = REVMETA_DIALECT_DOLLAR_QUOTES | REVMETA_DIALECT_NESTED_COMMENTS | REVMETA_DIALECT_ESCAPE_LITERALS,
      .identifier_max_bytes = 63, .name = "postgresql", .identifier_open = "\"", .identifier_close = "\"",
      .literal_open = "'", .literal_close = "'", .list_open = "(", .list_close = ")", .list_separator = ", ",
      .pair_open = "", .pair_separator = " = ", .pair_close = "", .statement_end = ";"};
  revmeta_call call = {.struct_size = sizeof call, .log_level = REVMETA_LOG_ERROR, .cancelled = never, .log = no_log,
                       .fail = tell};
  const revmeta_str names[] = {TEXT("database"), TEXT("schema"), TEXT("table"), TEXT("column"), TEXT("description")};
  void *compiled = NULL;
  revmeta_str text = {arguments[2], strlen(arguments[2])};
  if (engine->compile(&call, &postgresql, text, (revmeta_strs){names, 5}, 0, &compiled) != REVMETA_OK) return 1;

  char column[32], description[256];
  revmeta_str path[] = {TEXT("bench"), TEXT("public"), TEXT("customer_orders"), {column, 0}};
  revmeta_variable variables[5] = {{.name = names[0], .value = path[0]}, {.name = names[1], .value = path[1]},
                                   {.name = names[2], .value = path[2]}, {.name = names[3]},
                                   {.name = names[4], .role = REVMETA_ROLE_TEXT}};
  struct seen seen = {0, 0};
  unsigned long wanted = strtoul(arguments[3], NULL, 10);
  double start = now(), preparing = 0;
  for (unsigned long i = 0; i < wanted; i++) {
    double before = i % 1024 == 0 ? now() : 0;
    path[3].len = (size_t)snprintf(column, sizeof column, "column_%lu", i % 1000);
    variables[3].value = path[3];
    size_t length = (size_t)snprintf(description, sizeof description, DESCRIPTION, i);
    variables[4].value = (revmeta_str){description, length};
    if (before > 0) preparing += (now() - before) * 1024;
    revmeta_change change = {.kind = TEXT("column"), .path = path, .path_count = 4, .attribute = TEXT("description"),
                             .value = variables[4].value};
    revmeta_variables lent = {variables, 5, sizeof variables[0]};
    if (engine->render(compiled, &call, &change, lent, take, &seen) != REVMETA_OK) return 1;
  }
  double seconds = now() - start - preparing;
  engine->release(compiled);
  if (seen.statements < wanted || seen.bytes < wanted * 100) return fprintf(stderr, "render-rate: too little\n"), 1;
  printf("%.0f\n", (double)seen.statements / seconds);
  return 0;
}
