/* A template engine that keeps its contract: it puts the change's value, as a literal, where the template says @. */
#include "fixture.h"

#ifndef TEMPLATE_SIZE
#define TEMPLATE_SIZE sizeof engine
#endif

typedef struct {
  const revmeta_dialect *dialect;
  char text[256];
} compiled;

static revmeta_status compile(const revmeta_call *call, const revmeta_dialect *dialect, revmeta_str template,
                              revmeta_strs names, void **out) {
  compiled *self;
  (void)names;
  if (!memchr(template.ptr, '@', template.len)) {
    revmeta_failure why = {sizeof why, 0, 0, 1, 0, {NULL, 0}, {NULL, 0}};
    why.column = (uint32_t)template.len + 1;
    why.message = text("the template must hold @ where the value goes");
    call->fail(call, &why);
    return REVMETA_CONFIG;
  }
  self = calloc(1, sizeof *self);
  self->dialect = dialect;
  copy(self->text, template);
  *out = self;
  return REVMETA_OK;
}

static revmeta_status render(const void *compiled_, const revmeta_call *call, const revmeta_change *change,
                             revmeta_variables variables, revmeta_text_sink sink, void *context) {
  const compiled *self = compiled_;
  const char *place = strchr(self->text, '@');
  char body[1024] = "";
  revmeta_str statement;
  revmeta_strs lent = {NULL, 1};
  (void)call;
  (void)variables;
  strncat(body, self->text, (size_t)(place - self->text));
  strcat(body, self->dialect->literal_open);
  append(body, change->value);
  strcat(body, self->dialect->literal_close);
  strcat(body, place + 1);
  statement = text(body);
  lent.items = &statement;
  return sink(context, lent) ? stopped(call) : REVMETA_OK;
}

static void release(void *compiled_) { free(compiled_); }

static revmeta_template engine = {TEMPLATE_SIZE, compile, render, release};

static const void *query(const char *id) {
#ifdef NULL_IN_TEMPLATE
  engine.NULL_IN_TEMPLATE = NULL;
#endif
  return strcmp(id, REVMETA_TEMPLATE_ID) == 0 ? &engine : NULL;
}

static const revmeta_plugin plugin = {sizeof plugin, REVMETA_DRAFT, "org.example.template", "At", "0.9.0", query};

const revmeta_plugin *revmeta_plugin_v0(void) { return &plugin; }
