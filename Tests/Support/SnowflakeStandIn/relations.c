#include "standin.h"
#include <stdlib.h>
#include <string.h>

/* What the role may see, and the rows of tables and views. */

char *moment(run *r, unsigned long number) {
  return format(&r->memory, "2026-01-01 00:%02lu:%02lu.000 +0000", number / 60 % 60, number % 60);
}

char *json_list(run *r, const list *texts) {
  growing text = {0};
  add(&text, "[");
  for (size_t i = 0; i < texts->count; i++) {
    add(&text, i ? ",\"" : "\"");
    for (const char *b = texts->at[i]; *b; b++) {
      if (*b == '"' || *b == '\\') add_byte(&text, '\\');
      if (*b == '\n') add(&text, "\\n");
      else add_byte(&text, *b);
    }
    add(&text, "\"");
  }
  add(&text, "]");
  char *kept = copy(&r->memory, text.bytes);
  free(text.bytes);
  return kept;
}

static int by_name(const void *a, const void *b) {
  const object *x = *(object *const *)a, *y = *(object *const *)b;
  if (x->parent && y->parent && x->parent != y->parent) {
    int order = by_name(&x->parent, &y->parent);
    if (order) return order;
  }
  int order = strcmp(x->name, y->name);
  return order ? order : x->arguments && y->arguments ? strcmp(x->arguments, y->arguments) : 0;
}

static bool is_in(object *o, const object *container) {
  for (; o; o = o->parent)
    if (o == container) return true;
  return !container;
}

list visible_objects(run *r, kind first, kind last, const object *container) {
  list found = {0};
  for (size_t i = 0; i < r->state->objects.count; i++) {
    object *o = r->state->objects.at[i];
    if (!o->dropped && o->kind >= first && o->kind <= last && is_in(o, container) && sees(r->state, r->context, o))
      append(&r->memory, &found, o);
  }
  sort(&found, by_name);
  return found;
}

list shown_objects(run *r, kind first, kind last, const object *container) {
  list all = visible_objects(r, first, last, container), found = {0};
  for (size_t i = 0; i < all.count; i++)
    if (is_shown(r->state, r->context, all.at[i])) append(&r->memory, &found, all.at[i]);
  return found;
}

/* The owner's role. docs: sql-reference/info-schema: the owner's name */
char *owner_of(const object *o) { return o->owner ? o->owner->name : NULL; }

/* Parses another text in the midst of a statement. */
typedef struct {
  token *tokens;
  size_t at, count;
  const char *text;
} place;

static place enter(run *r, const char *text) {
  place before = {r->tokens, r->at, r->count, r->text};
  r->text = text;
  tokenize(r);
  return before;
}

static void leave(run *r, place before) {
  want_end(r);
  r->tokens = before.tokens, r->at = before.at, r->count = before.count, r->text = before.text;
}

expression *expression_of(run *r, const char *text) {
  place before = enter(r, text);
  expression *e = want_expression(r);
  leave(r, before);
  return e;
}

table *query_of(run *r, const char *text) {
  place before = enter(r, text);
  table *t = query(r);
  leave(r, before);
  return t;
}

/* A policy's answer for some values. The role that asks is the session's, in a view too.
 * docs: user-guide/security-column-intro, "How does a masking policy work" */
static char *answer_of(run *r, expression *body, const object *policy, char **values, object *o, column *c) {
  table *t = take(&r->memory, sizeof *t);
  for (size_t i = 0; i < policy->names.count; i++) {
    heading *h = take(&r->memory, sizeof *h);
    h->name = policy->names.at[i];
    append(&r->memory, &t->headings, h);
  }
  scope s = {.table = t, .row = values, .masked = o, .masked_column = c};
  object *rights = r->context->rights;
  r->context->rights = policy->owner; /* what the policy reads, it reads as its owner */
  char *value = evaluate(r, body, &s);
  r->context->rights = rights;
  return value;
}

static bool passes(run *r, object *o, expression *body, char **cells) {
  const object *policy = o->policies.at[0];
  char **values = take(&r->memory, (policy->names.count + 1) * sizeof *values);
  for (size_t i = 0; i < o->policy_columns.count; i++)
    for (size_t j = 0; j < o->columns.count; j++)
      if (same(((column *)o->columns.at[j])->name, o->policy_columns.at[i])) values[i] = cells[j];
  return is_true(answer_of(r, body, policy, values, o, NULL));
}

table *relation_rows(run *r, object *o) {
  if (!holds(r->state, r->context, "SELECT", o)) denied(r, o);
  table *t = take(&r->memory, sizeof *t), *read = NULL;
  if (o->body) {
    context before = *r->context;
    r->context->rights = o->owner;
    r->context->database = database_of(o), r->context->schema = o->parent;
    read = query_of(r, o->body);
    *r->context = before;
  }
  expression *row_policy = o->policies.count ? expression_of(r, ((object *)o->policies.at[0])->body) : NULL;
  size_t width = o->columns.count;
  expression **bodies = take(&r->memory, (width + 1) * sizeof *bodies);
  object **policies = take(&r->memory, (width + 1) * sizeof *policies);
  for (size_t i = 0; i < width; i++) {
    column *c = o->columns.at[i];
    object *tag;
    heading *h = take(&r->memory, sizeof *h);
    const char *family = type_family(c->type);
    *h = (heading){c->name,
      same(family, "NUMBER") || same(family, "FLOAT") ? V_NUMBER
        : same(family, "BOOLEAN")                     ? V_BOOLEAN
                                                      : V_TEXT};
    append(&r->memory, &t->headings, h);
    policies[i] = masking_policy_of(r, o, c, &tag);
    if (policies[i]) bodies[i] = expression_of(r, policies[i]->body);
  }
  size_t count = read ? read->rows.count : o->rows.count;
  for (size_t k = 0; k < count; k++) {
    char **cells = read ? read->rows.at[k] : ((row *)o->rows.at[k])->cells;
    if (row_policy && !passes(r, o, row_policy, cells)) continue;
    char **shown = new_row(r, t);
    for (size_t i = 0; i < width; i++)
      shown[i] = policies[i] ? answer_of(r, bodies[i], policies[i], &cells[i], o, o->columns.at[i]) : cells[i];
  }
  return t;
}
