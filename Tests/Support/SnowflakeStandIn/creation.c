#include "creation.h"

void created(run *r, kind k, const char *name) {
  char *word = copy(&r->memory, kind_name(k));
  for (char *c = word + 1; *c; c++) *c = c[-1] == ' ' ? *c : *c == ' ' ? ' ' : (char)(*c | 0x20);
  r->changes = true;
  succeeded(r, format(&r->memory, "%s %s successfully created.", word, name));
}

void may_create(run *r, object *container, const char *privilege) {
  if (!holds(r->state, r->context, privilege, container)) denied(r, container);
}

/* The privileges in a schema are named after the kinds. docs:
 * user-guide/security-access-control-privileges#schema-privileges */
void may_create_in(run *r, object *schema, kind k) {
  may_create(r, schema, format(&r->memory, "CREATE %s", kind_name(k)));
}

/* Whether a new object can stand under its name; what stands there is dropped for OR REPLACE.
 * seen: 002002 (42710) */
bool is_free(run *r, kind k, object *existing, bool replace, bool if_not_exists) {
  if (!existing) return true;
  if (if_not_exists) {
    succeeded(
      r, format(&r->memory, "%s already exists, statement succeeded.", quoted_if_needed(&r->memory, existing->name)));
    return false;
  }
  if (!replace || existing->kind != k)
    fail(r, 2002, "42710", "SQL compilation error:\nObject '%s' already exists.", full_name(&r->memory, existing));
  if (!owns(r->state, r->context, existing)) denied(r, existing);
  return true;
}

char *kept(run *r, const char *text) { return copy(&r->state->memory, text); }

/* COMMENT = '…' */
bool take_comment(run *r, char **comment) {
  if (!take_word(r, "COMMENT")) return false;
  want_symbol(r, "=");
  *comment = want_string(r);
  return true;
}

/* [ WITH ] TAG ( t = 'v', … ) */
bool take_tags(run *r, list *tags) {
  if (!take_words(r, "WITH", "TAG") && !take_word(r, "TAG")) return false;
  want_symbol(r, "(");
  *tags = want_taggings(r);
  want_symbol(r, ")");
  return true;
}

/* What a property's value can be: a word, a text, a number, a stage, a list in parentheses. */
void skip_value(run *r) {
  want_symbol(r, "=");
  if (take_symbol(r, "@")) {
    want_qualified_name(r);
    while (take_symbol(r, "/"))
      if (is_name(r)) want_name(r);
    return;
  }
  if (take_symbol(r, "(")) {
    for (int depth = 1; depth; r->at++) {
      if (here(r)->kind == T_END) unexpected(r);
      depth += is_symbol(r, "(") ? 1 : is_symbol(r, ")") ? -1 : 0;
    }
    return;
  }
  if (here(r)->kind == T_SYMBOL || here(r)->kind == T_END) unexpected(r);
  r->at++;
}

bool take_property(run *r, const char *const *properties) {
  for (; *properties; properties++) {
    if (take_word(r, *properties)) {
      skip_value(r);
      return true;
    }
  }
  return false;
}

object *replaced(run *r, kind k, object *schema, name n, object *existing) {
  if (existing) drop_object(r->state, existing);
  return add_object(r->state, k, schema, n.part[n.count - 1], r->context->role);
}
