#include "standin.h"
#include <string.h>

/* seen: 002003, 42S02 for what a query could name, 02000 for what holds it */
_Noreturn void missing(run *r, kind k, const char *what) {
  bool container = k == K_DATABASE || k == K_SCHEMA || k == K_ROLE || k == K_USER || k == K_WAREHOUSE;
  const char *word = kind_name(k);
  char *named = format(&r->memory, "%c", word[0]);
  for (const char *c = word + 1; *c; c++) named = format(&r->memory, "%s%c", named, *c == ' ' ? ' ' : *c | 0x20);
  fail(r, 2003, container ? "02000" : "42S02", "SQL compilation error:\n%s '%s' does not exist or not authorized.",
    named, what);
}

/* seen: 003001 (42501) */
_Noreturn void denied(run *r, object *o) {
  char *word = copy(&r->memory, kind_name(o->kind));
  for (char *c = word; *c; c++) *c = *c == ' ' ? '_' : (char)(*c | 0x20);
  fail(r, 3001, "42501", "SQL access control error:\nInsufficient privileges to operate on %s '%s'", word, o->name);
}

/* Setting a property: owning the object, or MODIFY where the kind has that privilege.
 * docs: user-guide/security-access-control-privileges: MODIFY on a database, a schema, a warehouse */
void may_change(run *r, object *o) {
  bool has_modify = o->kind == K_DATABASE || o->kind == K_SCHEMA || o->kind == K_WAREHOUSE;
  if (!owns(r->state, r->context, o) && !(has_modify && holds(r->state, r->context, "MODIFY", o))) denied(r, o);
}

static object *database_for(run *r, const char *written_name) {
  if (written_name) {
    object *o = find(r->state, K_DATABASE, NULL, written_name);
    if (!o || !sees(r->state, r->context, o)) missing(r, K_DATABASE, quoted_if_needed(&r->memory, written_name));
    return o;
  }
  /* seen: 090105 (22000) */
  if (!r->context->database)
    fail(r, 90105, "22000",
      "Cannot perform operation. This session does not have a current database. Call 'USE DATABASE', or "
      "use a qualified name.");
  return r->context->database;
}

/* The schema that a name says. `depth` is the count of names of which the last is the schema's own. */
object *resolve_schema_for(run *r, name n, int depth) {
  if (depth == 0) {
    if (!r->context->schema) {
      database_for(r, NULL);
      fail(r, 90106, "22000",
        "Cannot perform operation. This session does not have a current schema. Call 'USE SCHEMA', or "
        "use a qualified name.");
    }
    return r->context->schema;
  }
  object *database = database_for(r, depth == 2 ? n.part[0] : NULL);
  object *o = find(r->state, K_SCHEMA, database, n.part[depth - 1]);
  if (!o || !sees(r->state, r->context, o)) {
    name container = {.count = depth};
    memcpy(container.part, n.part, sizeof n.part);
    missing(r, K_SCHEMA,
      depth == 2 ? written(r, container)
                 : format(&r->memory, "%s.%s", quoted_if_needed(&r->memory, database->name), written(r, container)));
  }
  return o;
}

static bool in_schema(kind k) { return k >= K_TABLE && k <= K_ROW_ACCESS_POLICY; }

static object *look_up(run *r, kind k, name n) {
  if (in_schema(k)) {
    if (n.count > 3) unexpected(r);
    object *schema = resolve_schema_for(r, n, n.count - 1);
    const char *own = n.part[n.count - 1];
    return has_columns(k) ? find_relation(r->state, schema, own) : find(r->state, k, schema, own);
  }
  if (k == K_SCHEMA) {
    if (n.count > 2) unexpected(r);
    object *database = database_for(r, n.count == 2 ? n.part[0] : NULL);
    return find(r->state, K_SCHEMA, database, n.part[n.count - 1]);
  }
  if (n.count > 1) unexpected(r);
  return find(r->state, k, NULL, n.part[0]);
}

/* TABLE says every kind of table that has no ALTER of its own for its properties: transient, external, Iceberg,
 * event. docs: sql-reference/sql/alter-table, sql-reference/sql/alter-iceberg-table,
 * sql-reference/sql/alter-table-event-table. seen: 002203 (02000) for a view that is called a table, a materialized
 * view that is called a view */
static bool is_named(kind word, const object *o) {
  if (word == o->kind) return true;
  if (word == K_TABLE) return o->kind == K_EXTERNAL_TABLE || o->kind == K_ICEBERG_TABLE || o->kind == K_EVENT_TABLE;
  return false;
}

static object *checked(run *r, kind k, object *o) {
  if (!has_columns(k) || is_named(k, o)) return o;
  char *found = copy(&r->memory, kind_name(o->kind)), *wanted = copy(&r->memory, kind_name(k));
  for (char *c = found; *c; c++) *c = *c == ' ' ? '_' : *c;
  for (char *c = wanted; *c; c++) *c = *c == ' ' ? '_' : *c;
  fail(
    r, 2203, "02000", "SQL compilation error:\nObject found is of type '%s', not specified type '%s'.", found, wanted);
}

object *resolve_or_null(run *r, kind k, name n) {
  if (k == K_ACCOUNT) return r->state->account;
  object *o = look_up(r, k, n);
  return o && sees(r->state, r->context, o) ? checked(r, k, o) : NULL;
}

object *resolve(run *r, kind k, name n) {
  object *o = resolve_or_null(r, k, n);
  if (!o) missing(r, k, written(r, n));
  return o;
}

object *resolve_any_or_null(run *r, name n) {
  object *o = look_up(r, K_TABLE, n);
  return o && sees(r->state, r->context, o) ? o : NULL;
}

object *resolve_relation(run *r, name n) {
  object *o = look_up(r, K_TABLE, n);
  /* seen: 002003 (42S02) Object '…' does not exist or not authorized, where any kind could stand */
  if (!o || !sees(r->state, r->context, o))
    fail(r, 2003, "42S02", "SQL compilation error:\nObject '%s' does not exist or not authorized.", written(r, n));
  return o;
}

/* Overloads are told apart by their types. docs: developer-guide/udf-stored-procedure-naming-conventions */
object *resolve_routine(run *r, kind k, name n, const char *arguments) {
  if (n.count > 3) unexpected(r);
  object *schema = resolve_schema_for(r, n, n.count - 1);
  for (size_t i = 0; i < r->state->objects.count; i++) {
    object *o = r->state->objects.at[i];
    if (!o->dropped && o->kind == k && o->parent == schema && same(o->name, n.part[n.count - 1]) &&
      same(o->arguments, arguments) && sees(r->state, r->context, o))
      return o;
  }
  return NULL;
}

/* seen: 000904 (42000) */
column *resolve_column(run *r, object *o, const char *column_name) {
  column *c = find_column(o, column_name);
  if (!c)
    fail(r, 904, "42000", "SQL compilation error: error line 1 at position 0\ninvalid identifier '%s'",
      quoted_if_needed(&r->memory, column_name));
  return c;
}

/* What a text names that is an argument of a function. docs: sql-reference/functions/tag_references,
 * sql-reference/functions/system_get_tag: the domain TABLE is for everything with columns; a column's name has its
 * table's. */
object *object_argument(run *r, const char *text, const char *domain, column **c) {
  token *tokens = r->tokens;
  size_t at = r->at, count = r->count;
  const char *statement = r->text, *wanted = upper(&r->memory, domain);
  r->text = text;
  tokenize(r);
  name n = want_qualified_name(r);
  object *o = NULL;
  if (same(wanted, "FUNCTION") || same(wanted, "PROCEDURE")) {
    o = resolve_routine(r, same(wanted, "FUNCTION") ? K_FUNCTION : K_PROCEDURE, n, want_argument_types(r));
    if (!o) missing(r, same(wanted, "FUNCTION") ? K_FUNCTION : K_PROCEDURE, text);
  }
  want_end(r);
  if (same(wanted, "COLUMN")) {
    if (n.count < 2) unexpected(r);
    n.count--;
    o = resolve_relation(r, n);
    *c = resolve_column(r, o, n.part[n.count]);
  } else if (same(wanted, "TABLE")) {
    o = resolve_relation(r, n);
  } else if (!o) {
    for (kind k = K_DATABASE; k < K_COUNT; k++)
      if (same(kind_name(k), wanted) && !has_columns(k)) o = resolve(r, k, n);
  }
  if (!o)
    fail(r, 1044, "42P13",
      "SQL compilation error: error line 1 at position 0\nInvalid argument types: unsupported object "
      "domain '%s'.",
      domain);
  r->tokens = tokens, r->at = at, r->count = count, r->text = statement;
  return o;
}
