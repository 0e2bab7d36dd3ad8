#include "creation.h"

/* ( a NUMBER, b VARCHAR [ DEFAULT … ] ) of a routine or a policy. */
static void want_arguments(run *r, char **types, char **signature, list *names) {
  want_symbol(r, "(");
  *types = *signature = "";
  while (!is_symbol(r, ")")) {
    char *argument = want_name(r);
    const char *type = type_family(want_type(r));
    if (take_word(r, "DEFAULT")) want_expression(r);
    *types = format(&r->memory, "%s%s%s", *types, **types ? ", " : "", type);
    *signature = format(&r->memory, "%s%s%s %s", *signature, **signature ? ", " : "", argument, type);
    append(&r->memory, names, argument);
    if (!take_symbol(r, ",")) break;
  }
  want_symbol(r, ")");
  *types = format(&r->memory, "(%s)", *types);
  *signature = format(&r->memory, "(%s)", *signature);
}

/* docs: sql-reference/sql/create-function, sql-reference/sql/create-procedure */
void create_routine(run *r, kind k, modifiers m) {
  bool if_not_exists = take_if_not_exists(r);
  name n = want_qualified_name(r);
  if (n.count > 3) unexpected(r);
  object *schema = resolve_schema_for(r, n, n.count - 1);
  char *types, *signature, *comment = NULL, *body = NULL;
  list names = {0};
  want_arguments(r, &types, &signature, &names);
  want_word(r, "RETURNS");
  const char *returns = "TABLE";
  if (!is_word(r, "TABLE")) returns = want_type(r);
  else r->at++, want_arguments(r, &(char *){NULL}, &(char *){NULL}, &(list){0});
  static const char *const properties[] = {"RUNTIME_VERSION", "HANDLER", "PACKAGES", NULL};
  for (;;) {
    if (take_word(r, "LANGUAGE")) {
      if (!take_word(r, "SQL") && !take_word(r, "JAVASCRIPT") && !take_word(r, "PYTHON")) unexpected(r);
    } else if (take_words(r, "NOT", "NULL") || take_word(r, "IMMUTABLE") || take_word(r, "VOLATILE") ||
      take_word(r, "STRICT")) {
      continue;
    } else if (take_words(r, "EXECUTE", "AS")) {
      if (!take_word(r, "CALLER") && !take_word(r, "OWNER")) unexpected(r);
    } else if (!take_comment(r, &comment) && !take_property(r, properties)) break;
  }
  want_word(r, "AS");
  body = want_string(r);
  want_end(r);
  may_create_in(r, schema, k);
  object *existing = NULL;
  for (size_t i = 0; i < r->state->objects.count && !existing; i++) {
    object *o = r->state->objects.at[i];
    if (!o->dropped && o->kind == k && o->parent == schema && same(o->name, n.part[n.count - 1]) &&
      same(o->arguments, types))
      existing = o;
  }
  if (!is_free(r, k, existing, m.replace, if_not_exists)) return;
  object *o = replaced(r, k, schema, n, existing);
  o->arguments = kept(r, types);
  o->signature = kept(r, signature);
  o->returns = kept(r, returns);
  o->body = kept(r, body);
  o->comment = kept(r, comment);
  o->secure = m.secure;
  created(r, k, n.part[n.count - 1]);
}

/* docs: sql-reference/sql/create-masking-policy, sql-reference/sql/create-row-access-policy */
void create_policy(run *r, kind k, modifiers m) {
  bool if_not_exists = take_if_not_exists(r);
  name n = want_qualified_name(r);
  if (n.count > 3) unexpected(r);
  object *schema = resolve_schema_for(r, n, n.count - 1);
  char *types, *signature, *comment = NULL;
  list names = {0};
  want_word(r, "AS");
  want_arguments(r, &types, &signature, &names);
  want_word(r, "RETURNS");
  const char *returns = type_family(want_type(r));
  if (!names.count || (k == K_ROW_ACCESS_POLICY && !same(returns, "BOOLEAN"))) unexpected(r);
  want_symbol(r, "->");
  size_t start = here(r)->start;
  want_expression(r);
  char *body = copy_part(&r->memory, r->text + start, here(r)->start - start);
  take_comment(r, &comment);
  want_end(r);
  may_create_in(r, schema, k);
  object *existing = find(r->state, k, schema, n.part[n.count - 1]);
  if (!is_free(r, k, existing, m.replace, if_not_exists)) return;
  object *o = replaced(r, k, schema, n, existing);
  o->signature = kept(r, signature);
  o->arguments = NULL;
  o->returns = kept(r, returns);
  o->body = kept(r, body);
  o->comment = kept(r, comment);
  for (size_t i = 0; i < names.count; i++) append(&r->state->memory, &o->names, kept(r, names.at[i]));
  created(r, k, n.part[n.count - 1]);
}

/* docs: sql-reference/sql/create-tag: ALLOWED_VALUES stand before COMMENT. */
void create_tag(run *r, modifiers m) {
  bool if_not_exists = take_if_not_exists(r);
  name n = want_qualified_name(r);
  if (n.count > 3) unexpected(r);
  object *schema = resolve_schema_for(r, n, n.count - 1);
  char *comment = NULL;
  list allowed = {0};
  bool restricted = take_word(r, "ALLOWED_VALUES");
  if (restricted) {
    do append(&r->memory, &allowed, want_string(r));
    while (take_symbol(r, ","));
  }
  if (take_word(r, "PROPAGATE")) {
    skip_value(r);
    if (take_word(r, "ON_CONFLICT")) skip_value(r);
  }
  take_comment(r, &comment);
  want_end(r);
  may_create_in(r, schema, K_TAG);
  object *existing = find(r->state, K_TAG, schema, n.part[n.count - 1]);
  if (!is_free(r, K_TAG, existing, m.replace, if_not_exists)) return;
  for (size_t i = 0; i < allowed.count; i++)
    if (characters(allowed.at[i]) > 256)
      fail(r, 391803, "0A000", "SQL compilation error:\nTag value is too long. The maximum length is 256 characters.");
  if (allowed.count > 5000)
    fail(r, 391803, "0A000", "SQL compilation error:\nA tag can have at most 5000 allowed values.");
  object *o = replaced(r, K_TAG, schema, n, existing);
  o->comment = kept(r, comment);
  o->is_restricted = restricted;
  for (size_t i = 0; i < allowed.count; i++) append(&r->state->memory, &o->allowed, kept(r, allowed.at[i]));
  created(r, K_TAG, n.part[n.count - 1]);
}

void create_stage(run *r, modifiers m) {
  static const char *const properties[] = {
    "URL", "STORAGE_INTEGRATION", "FILE_FORMAT", "DIRECTORY", "ENCRYPTION", NULL};
  bool if_not_exists = take_if_not_exists(r);
  name n = want_qualified_name(r);
  if (n.count > 3) unexpected(r);
  object *schema = resolve_schema_for(r, n, n.count - 1);
  table_properties p = {0};
  while (take_property(r, properties) || take_comment(r, &p.comment) || take_tags(r, &p.tags)) continue;
  want_end(r);
  may_create_in(r, schema, K_STAGE);
  object *existing = find(r->state, K_STAGE, schema, n.part[n.count - 1]);
  if (!is_free(r, K_STAGE, existing, m.replace, if_not_exists)) return;
  object *o = replaced(r, K_STAGE, schema, n, existing);
  o->comment = kept(r, p.comment);
  set_tags(r, o, NULL, &p.tags);
  succeeded(r, format(&r->memory, "Stage area %s successfully created.", n.part[n.count - 1]));
  r->changes = true;
}
