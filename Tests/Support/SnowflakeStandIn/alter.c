#include "alteration.h"
#include <string.h>

static void attach_row_policy(alteration *a) {
  run *r = a->run;
  object *policy = resolve(r, K_ROW_ACCESS_POLICY, want_qualified_name(r));
  list columns = {0};
  want_word(r, "ON");
  want_symbol(r, "(");
  do append(&r->memory, &columns, resolve_column(r, a->object, want_name(r))->name);
  while (take_symbol(r, ","));
  want_symbol(r, ")");
  want_end(r);
  if (!holds(r->state, r->context, "APPLY ROW ACCESS POLICY", r->state->account) &&
    !owns(r->state, r->context, a->object))
    denied(r, a->object);
  if (a->object->policies.count)
    fail(r, 3551, "42601",
      "SQL compilation error:\nObject %s already has a ROW_ACCESS_POLICY. Only one ROW_ACCESS_POLICY is allowed "
      "at a time.",
      a->object->name);
  if (columns.count != policy->names.count)
    fail(r, 3556, "42601", "SQL compilation error:\nRow access policy '%s' takes %zu arguments.", policy->name,
      policy->names.count);
  append(&r->state->memory, &a->object->policies, policy);
  for (size_t i = 0; i < columns.count; i++) append(&r->state->memory, &a->object->policy_columns, columns.at[i]);
  r->changes = true;
  succeeded(r, "Statement executed successfully.");
}

static void drop_row_policy(alteration *a) {
  run *r = a->run;
  object *policy = NULL;
  if (take_word(r, "ALL")) want_word(r, "ROW"), want_word(r, "ACCESS"), want_word(r, "POLICIES");
  else {
    want_word(r, "ROW"), want_word(r, "ACCESS"), want_word(r, "POLICY");
    policy = resolve(r, K_ROW_ACCESS_POLICY, want_qualified_name(r));
  }
  want_end(r);
  if (!holds(r->state, r->context, "APPLY ROW ACCESS POLICY", r->state->account) &&
    !owns(r->state, r->context, a->object))
    denied(r, a->object);
  if (policy && (!a->object->policies.count || a->object->policies.at[0] != policy))
    missing(r, K_ROW_ACCESS_POLICY, policy->name);
  a->object->policies.count = a->object->policy_columns.count = 0;
  r->changes = true;
  succeeded(r, "Statement executed successfully.");
}

bool is_followed_by(run *r, const char *word) {
  const token *next = here(r)->kind == T_END ? here(r) : here(r) + 1;
  return next->kind == T_WORD && same(next->text, word);
}

/* ADD COLUMN, DROP COLUMN, RENAME TO, RENAME COLUMN of a table: what happens between a plan and its run.
 * docs: sql-reference/sql/alter-table */
static bool change_shape(alteration *a) {
  run *r = a->run;
  object *o = a->object;
  if (take_words(r, "RENAME", "TO")) {
    name n = want_qualified_name(r);
    want_end(r);
    object *schema = resolve_schema_for(r, n, n.count - 1);
    if (!owns(r->state, r->context, o)) denied(r, o);
    if (find_relation(r->state, schema, n.part[n.count - 1]))
      fail(r, 2002, "42710", "SQL compilation error:\nObject '%s' already exists.", written(r, n));
    o->parent = schema;
    o->name = copy(&r->state->memory, n.part[n.count - 1]);
  } else if (o->kind == K_TABLE && take_words(r, "RENAME", "COLUMN")) {
    column *c = resolve_column(r, o, want_name(r));
    want_word(r, "TO");
    char *to = want_name(r);
    want_end(r);
    if (!owns(r->state, r->context, o)) denied(r, o);
    if (find_column(o, to)) fail(r, 2028, "42601", "SQL compilation error:\nambiguous column name '%s'", to);
    c->name = copy(&r->state->memory, to);
  } else if (o->kind == K_TABLE && is_word(r, "ADD") && !is_followed_by(r, "ROW")) {
    r->at++;
    take_word(r, "COLUMN");
    char *added = want_name(r), *type = want_type(r), *comment = take_word(r, "COMMENT") ? want_string(r) : NULL;
    want_end(r);
    if (!owns(r->state, r->context, o)) denied(r, o);
    if (find_column(o, added)) fail(r, 2028, "42601", "SQL compilation error:\ncolumn '%s' already exists", added);
    column *c = take(&r->state->memory, sizeof *c);
    arena *m = &r->state->memory;
    *c = (column){copy(m, added), copy(m, type), copy(m, comment), NULL, true, NULL};
    append(m, &o->columns, c);
    for (size_t i = 0; i < o->rows.count; i++) {
      row *old = o->rows.at[i];
      char **cells = take(m, o->columns.count * sizeof *cells);
      memcpy(cells, old->cells, (o->columns.count - 1) * sizeof *cells);
      old->cells = cells;
    }
  } else if (o->kind == K_TABLE && is_word(r, "DROP") && !is_followed_by(r, "ROW") && !is_followed_by(r, "ALL")) {
    r->at++;
    take_word(r, "COLUMN");
    column *c = resolve_column(r, o, want_name(r));
    want_end(r);
    if (!owns(r->state, r->context, o)) denied(r, o);
    size_t index = 0;
    while (o->columns.at[index] != c) index++;
    size_t after = --o->columns.count - index;
    memmove(o->columns.at + index, o->columns.at + index + 1, after * sizeof *o->columns.at);
    for (size_t i = 0; i < o->rows.count; i++)
      memmove(((row *)o->rows.at[i])->cells + index, ((row *)o->rows.at[i])->cells + index + 1, after * sizeof(char *));
    for (size_t i = 0; i < r->state->references.count; i++) {
      reference *f = r->state->references.at[i];
      if (f->object == o && f->column == c && !f->until) f->until = r->state->number + 1;
    }
  } else {
    return false;
  }
  r->changes = true;
  succeeded(r, "Statement executed successfully.");
  return true;
}

/* docs: sql-reference/sql/alter-user, alter-role, alter-warehouse: what a metadata connector or its tests set there. */
static void alter_user(run *r, object *user) {
  want_word(r, "SET");
  char *password = NULL, *role = NULL, *key = NULL;
  do {
    if (take_word(r, "PASSWORD")) want_symbol(r, "="), password = want_string(r);
    else if (take_word(r, "DEFAULT_ROLE"))
      want_symbol(r, "="), role = here(r)->kind == T_STRING ? want_string(r) : want_name(r);
    else if (take_word(r, "RSA_PUBLIC_KEY")) want_symbol(r, "="), key = want_string(r);
    else unexpected(r);
  } while (!at_end(r));
  want_end(r);
  if (!owns(r->state, r->context, user) && user != r->context->user) denied(r, user);
  if (password) user->password = copy(&r->state->memory, password);
  if (role) user->default_role = copy(&r->state->memory, role);
  if (key) user->public_key = copy(&r->state->memory, key);
  r->changes = true;
  succeeded(r, "Statement executed successfully.");
}

/* ALTER TABLE reaches the tables that have no page of their own for a property; the pages of dynamic tables, views and
 * materialized views are theirs alone. docs: sql-reference/sql/alter-external-table has files and partitions only;
 * user-guide/object-tagging/introduction, "Supported objects": an external table's tags are managed by ALTER TABLE;
 * sql-reference/sql/alter-materialized-view, "Usage notes": its tags and policies by ALTER VIEW.
 * seen: dbt's adapter sets the comment of an Iceberg table by ALTER ICEBERG TABLE. */
static void alter_relation(run *r, kind word, object *o) {
  alteration a = {.run = r, .object = o};
  if (change_shape(&a)) return;
  size_t start = r->at;
  if ((take_word(r, "ALTER") || take_word(r, "MODIFY"))) {
    if (word == K_EXTERNAL_TABLE || word == K_MATERIALIZED_VIEW) {
      r->at = start;
      unexpected(r);
    }
    return alter_columns(&a);
  }
  bool of_materialized = word == K_VIEW && o->kind == K_MATERIALIZED_VIEW;
  if (of_materialized && (is_word(r, "SET") || is_word(r, "UNSET")) && !is_followed_by(r, "TAG"))
    fail(r, 2203, "02000",
      "SQL compilation error:\nObject found is of type 'MATERIALIZED_VIEW', not specified type 'VIEW'.");
  if (take_word(r, "SET")) {
    if (word == K_MATERIALIZED_VIEW && is_word(r, "TAG")) unexpected(r);
    if (word == K_EXTERNAL_TABLE) unexpected(r);
    return set_properties(&a);
  }
  if (take_word(r, "UNSET")) {
    if (word == K_MATERIALIZED_VIEW && is_word(r, "TAG")) unexpected(r);
    if (word == K_EXTERNAL_TABLE) unexpected(r);
    return unset_properties(&a);
  }
  if (take_words(r, "ADD", "ROW")) {
    want_word(r, "ACCESS"), want_word(r, "POLICY");
    return attach_row_policy(&a);
  }
  if (take_word(r, "DROP")) return drop_row_policy(&a);
  unexpected(r);
}

void run_alter(run *r) {
  if (take_word(r, "SESSION")) return alter_session(r);
  kind k;
  if (!want_kind(r, &k)) unexpected(r);
  if (k == K_ACCOUNT) {
    alteration a = {.run = r, .object = r->state->account};
    want_word(r, is_word(r, "SET") ? "SET" : "UNSET");
    bool setting = same(r->tokens[r->at - 1].text, "SET");
    if (!is_word(r, "TAG")) unexpected(r);
    return setting ? set_properties(&a) : unset_properties(&a);
  }
  bool if_exists = take_if_exists(r);
  name n = want_qualified_name(r);
  object *o;
  if (k == K_FUNCTION || k == K_PROCEDURE) {
    o = resolve_routine(r, k, n, want_argument_types(r));
  } else if (k == K_VIEW) {
    /* A materialized view takes its tags by ALTER VIEW. */
    o = resolve_any_or_null(r, n);
    if (!o || o->kind != K_MATERIALIZED_VIEW) o = resolve_or_null(r, k, n);
  } else {
    o = resolve_or_null(r, k, n);
  }
  if (!o && if_exists) return succeeded(r, "Statement executed successfully.");
  if (!o) missing(r, k, k == K_FUNCTION || k == K_PROCEDURE ? n.part[n.count - 1] : written(r, n));
  if (has_columns(k)) return alter_relation(r, k, o);
  if (k == K_TAG) return alter_tag(r, o);
  if (k == K_USER) return alter_user(r, o);
  alteration a = {.run = r, .object = o};
  if (k == K_MASKING_POLICY || k == K_ROW_ACCESS_POLICY || take_word(r, "SET")) {
    if (k == K_MASKING_POLICY || k == K_ROW_ACCESS_POLICY) {
      want_word(r, "SET");
      if (!is_word(r, "COMMENT")) unexpected(r);
    }
    return set_properties(&a);
  }
  want_word(r, "UNSET");
  unset_properties(&a);
}
