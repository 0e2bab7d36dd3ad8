/* A template engine that keeps its contract: @NAME stands for a variable, a name becomes an identifier, all else a literal.
 * A line is a statement. */
#include "fixture.h"
#include <ctype.h>

#ifndef TEMPLATE_SIZE
#define TEMPLATE_SIZE sizeof engine
#endif

#define MOST 8

typedef struct {
  const revmeta_dialect *dialect;
  char text[1024];
  char names[MOST][32];
  size_t name_count;
} compiled;

static revmeta_status refuse(const revmeta_call *call, size_t column, const char *message) {
  revmeta_failure why = {sizeof why, 0, 0, 1, 0, {NULL, 0}, {NULL, 0}};
  why.column = (uint32_t)column + 1;
  why.message = text(message);
  call->fail(call, &why);
  return REVMETA_CONFIG;
}

static size_t name_length(const char *text) {
  size_t length = 0;
  while (islower((unsigned char)text[length]) || text[length] == '_') length++;
  return length;
}

static revmeta_status compile(const revmeta_call *call, const revmeta_dialect *dialect, revmeta_str template,
                              revmeta_strs names, uint32_t flags, void **out) {
  compiled self = {dialect, "", {""}, 0}, *kept;
  const char *place;
  (void)flags;
  copy(self.text, template);
#ifdef HANGS_IN_COMPILE
  for (;;) pause();
#endif
  for (place = strchr(self.text, '@'); place; place = strchr(place + 1, '@')) {
    revmeta_str name = {place + 1, name_length(place + 1)};
    size_t known = 0, used = 0;
    while (known < names.count && !same(names.items[known], name)) known++;
    if (known == names.count) return refuse(call, (size_t)(place - self.text), "this name is not known");
    while (used < self.name_count && !is(name, self.names[used])) used++;
    if (used == self.name_count && used < MOST) copy(self.names[self.name_count++], name);
  }
  if (self.name_count == 0) return refuse(call, template.len, "the template must hold @ and a name where a value goes");
  kept = malloc(sizeof *kept);
  *kept = self;
  *out = kept;
  return REVMETA_OK;
}

static revmeta_status uses(const void *compiled_, revmeta_text_sink sink, void *context) {
  const compiled *self = compiled_;
  revmeta_str names[MOST];
  revmeta_strs lent = {names, 0};
  for (; lent.count < self->name_count; lent.count++) names[lent.count] = text(self->names[lent.count]);
  return sink(context, lent) ? REVMETA_CANCELLED : REVMETA_OK;
}

static void place_value(char *to, const revmeta_dialect *dialect, const revmeta_variable *variable) {
  int is_name = variable->role == REVMETA_ROLE_NAME;
  const char *close = is_name ? dialect->identifier_close : dialect->literal_close;
  size_t i;
  if (!variable->value.ptr) {
    strcat(to, "NULL");
    return;
  }
  strcat(to, is_name ? dialect->identifier_open : dialect->literal_open);
  for (i = 0; i < variable->value.len; i++) {
    revmeta_str byte = {variable->value.ptr + i, 1};
    append(to, byte);
    if (*byte.ptr == *close) append(to, byte);
  }
  strcat(to, close);
}

static revmeta_status render(const void *compiled_, const revmeta_call *call, const revmeta_change *change,
                             revmeta_variables variables, revmeta_text_sink sink, void *context) {
  const compiled *self = compiled_;
  static _Thread_local char body[1 << 16];
  revmeta_str statements[MOST];
  revmeta_strs lent = {statements, 1};
  const char *rest = self->text;
  (void)change;
  body[0] = '\0';
#ifdef HANGS_IN_RENDER
  for (;;) pause();
#endif
#ifdef ABORTS_IN_RENDER
  abort();
#endif
  while (*rest) {
    size_t i, length = strcspn(rest, "@");
    revmeta_str plain = {rest, length}, name = {rest + length + 1, 0};
    append(body, plain);
    rest += length;
    if (!*rest) break;
    name.len = name_length(name.ptr);
    for (i = 0; i < variables.count && !same(item(variables, i)->name, name); i++) continue;
    if (i == variables.count) return fail(call, REVMETA_INVALID, "a variable of the template has no value");
    place_value(body, self->dialect, item(variables, i));
    rest += 1 + name.len;
  }
  statements[0] = text(body);
  while (lent.count < MOST) {
    revmeta_str *last = &statements[lent.count - 1];
    const char *end = memchr(last->ptr, '\n', last->len);
    if (!end) break;
    statements[lent.count].ptr = end + 1;
    statements[lent.count++].len = last->len - (size_t)(end + 1 - last->ptr);
    last->len = (size_t)(end - last->ptr);
  }
  return sink(context, lent) ? stopped(call) : REVMETA_OK;
}

static void release(void *compiled_) { free(compiled_); }

static revmeta_template engine = {TEMPLATE_SIZE, compile, uses, render, release};

static const void *query(const char *id) {
#ifdef NULL_IN_TEMPLATE
  engine.NULL_IN_TEMPLATE = NULL;
#endif
  return strcmp(id, REVMETA_TEMPLATE_ID) == 0 ? &engine : NULL;
}

static const revmeta_plugin plugin = {sizeof plugin, REVMETA_ABI_MINOR, "org.example.template", "At", "0.9.0", query};

const revmeta_plugin *revmeta_plugin_v1(void) { return &plugin; }
