#include "standin.h"
#include <stdlib.h>
#include <string.h>

/* What may stand before an object's word: OR REPLACE and the like. */
typedef struct {
  bool replace, transient, temporary, secure;
} modifiers;

static void created(run *r, kind k, const char *name) {
  char *word = copy(&r->memory, kind_name(k));
  for (char *c = word + 1; *c; c++) *c = c[-1] == ' ' ? *c : *c == ' ' ? ' ' : (char)(*c | 0x20);
  r->changes = true;
  succeeded(r, format(&r->memory, "%s %s successfully created.", word, name));
}

static void may_create(run *r, object *container, const char *privilege) {
  if (!holds(r->state, r->context, privilege, container)) denied(r, container);
}

/* The privileges in a schema are named after the kinds. docs: user-guide/security-access-control-privileges#schema-privileges */
static void may_create_in(run *r, object *schema, kind k) {
  may_create(r, schema, format(&r->memory, "CREATE %s", kind_name(k)));
}

/* Whether a new object can stand under its name; what stands there is dropped for OR REPLACE.
 * seen: 002002 (42710) */
static bool is_free(run *r, kind k, object *existing, bool replace, bool if_not_exists) {
  if (!existing) return true;
  if (if_not_exists) {
    succeeded(r, format(&r->memory, "%s already exists, statement succeeded.", quoted_if_needed(&r->memory, existing->name)));
    return false;
  }
  if (!replace || existing->kind != k)
    fail(r, 2002, "42710", "SQL compilation error:\nObject '%s' already exists.", full_name(&r->memory, existing));
  if (!owns(r->state, r->context, existing)) denied(r, existing);
  return true;
}

static char *kept(run *r, const char *text) { return copy(&r->state->memory, text); }

/* COMMENT = '…' */
static bool take_comment(run *r, char **comment) {
  if (!take_word(r, "COMMENT")) return false;
  want_symbol(r, "=");
  *comment = want_string(r);
  return true;
}

/* [ WITH ] TAG ( t = 'v', … ) */
static bool take_tags(run *r, list *tags) {
  if (!take_words(r, "WITH", "TAG") && !take_word(r, "TAG")) return false;
  want_symbol(r, "(");
  *tags = want_taggings(r);
  want_symbol(r, ")");
  return true;
}

/* What a property's value can be: a word, a text, a number, a stage, a list in parentheses. */
static void skip_value(run *r) {
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

static bool take_property(run *r, const char *const *properties) {
  for (; *properties; properties++) {
    if (take_word(r, *properties)) {
      skip_value(r);
      return true;
    }
  }
  return false;
}

typedef struct {
  column *made;
  list tags;
} new_column;

static object *want_policy(run *r, kind k) {
  object *policy = resolve(r, k, want_qualified_name(r));
  const char *privilege = k == K_MASKING_POLICY ? "APPLY MASKING POLICY" : "APPLY ROW ACCESS POLICY";
  if (!holds(r->state, r->context, privilege, r->state->account) && !holds(r->state, r->context, "APPLY", policy))
    denied(r, policy);
  return policy;
}

/* docs: sql-reference/sql/create-table: what follows a column's type. */
static void column_properties(run *r, new_column *n) {
  for (;;) {
    if (take_word(r, "COMMENT")) n->made->comment = want_string(r);
    else if (take_word(r, "NOT")) want_word(r, "NULL"), n->made->nullable = false;
    else if (take_word(r, "NULL")) n->made->nullable = true;
    else if (take_word(r, "DEFAULT")) n->made->initial = evaluate(r, want_expression(r), NULL);
    else if (take_words(r, "WITH", "MASKING") || take_word(r, "MASKING")) {
      want_word(r, "POLICY");
      n->made->policy = want_policy(r, K_MASKING_POLICY);
    } else if (take_words(r, "PRIMARY", "KEY") || take_word(r, "UNIQUE")) n->made->nullable = n->made->nullable;
    else if (is_word(r, "AS")) {
      r->at++;
      want_symbol(r, "(");
      want_expression(r);
      want_symbol(r, ")");
    } else if (!take_tags(r, &n->tags)) return;
  }
}

static list want_columns(run *r) {
  list columns = {0};
  want_symbol(r, "(");
  do {
    new_column *n = take(&r->memory, sizeof *n);
    n->made = take(&r->memory, sizeof *n->made);
    n->made->nullable = true;
    n->made->name = want_name(r);
    for (size_t i = 0; i < columns.count; i++)
      if (same(((new_column *)columns.at[i])->made->name, n->made->name))
        fail(r, 2025, "42S21", "SQL compilation error:\nduplicate column name '%s'", n->made->name);
    n->made->type = want_type(r);
    column_properties(r, n);
    append(&r->memory, &columns, n);
  } while (take_symbol(r, ","));
  want_symbol(r, ")");
  return columns;
}

static void keep_columns(run *r, object *o, const list *columns) {
  for (size_t i = 0; i < columns->count; i++) {
    const new_column *n = columns->at[i];
    column *c = take(&r->state->memory, sizeof *c);
    *c = (column){kept(r, n->made->name), kept(r, n->made->type), kept(r, n->made->comment), kept(r, n->made->initial),
      n->made->nullable, n->made->policy};
    append(&r->state->memory, &o->columns, c);
    set_tags(r, o, c, &n->tags);
  }
}

typedef struct {
  char *comment;
  list tags;
  object *row_policy;
  list row_columns;
  bool location, lag, warehouse, volume, grants;
} table_properties;

/* docs: sql-reference/sql/create-table, create-external-table, create-dynamic-table, create-iceberg-table, create-event-table */
static bool take_table_property(run *r, kind k, table_properties *p) {
  static const char *const common[] = {"DATA_RETENTION_TIME_IN_DAYS", "MAX_DATA_EXTENSION_TIME_IN_DAYS", "CHANGE_TRACKING",
    "DEFAULT_DDL_COLLATION", "ENABLE_SCHEMA_EVOLUTION", NULL};
  static const char *const external[] = {"AUTO_REFRESH", "REFRESH_ON_CREATE", "PATTERN", "FILE_FORMAT", NULL};
  static const char *const dynamic[] = {"REFRESH_MODE", "INITIALIZE", NULL};
  static const char *const iceberg[] = {"CATALOG", "BASE_LOCATION", NULL};
  if (take_comment(r, &p->comment) || take_tags(r, &p->tags)) return true;
  if (take_words(r, "WITH", "ROW") || take_word(r, "ROW")) {
    want_word(r, "ACCESS");
    want_word(r, "POLICY");
    p->row_policy = want_policy(r, K_ROW_ACCESS_POLICY);
    want_word(r, "ON");
    want_symbol(r, "(");
    do append(&r->memory, &p->row_columns, want_name(r));
    while (take_symbol(r, ","));
    want_symbol(r, ")");
    return true;
  }
  if (take_words(r, "COPY", "GRANTS")) return p->grants = true;
  const char *const *own = k == K_EXTERNAL_TABLE ? external : k == K_DYNAMIC_TABLE ? dynamic : k == K_ICEBERG_TABLE ? iceberg : NULL;
  bool *needed = k == K_EXTERNAL_TABLE && is_word(r, "LOCATION") ? &p->location
    : k == K_DYNAMIC_TABLE && is_word(r, "TARGET_LAG") ? &p->lag
    : k == K_DYNAMIC_TABLE && is_word(r, "WAREHOUSE") ? &p->warehouse
    : k == K_ICEBERG_TABLE && is_word(r, "EXTERNAL_VOLUME") ? &p->volume : NULL;
  if (needed) {
    r->at++;
    skip_value(r);
    return *needed = true;
  }
  return take_property(r, common) || (own && take_property(r, own));
}

/* The columns of an event table. docs: developer-guide/logging-tracing/event-table-columns */
static void add_event_columns(run *r, object *o) {
  static const char *const columns[][2] = {{"TIMESTAMP", "TIMESTAMP_NTZ(9)"}, {"START_TIMESTAMP", "TIMESTAMP_NTZ(9)"},
    {"OBSERVED_TIMESTAMP", "TIMESTAMP_NTZ(9)"}, {"TRACE", "OBJECT"}, {"RESOURCE", "OBJECT"}, {"RESOURCE_ATTRIBUTES", "OBJECT"},
    {"SCOPE", "OBJECT"}, {"SCOPE_ATTRIBUTES", "OBJECT"}, {"RECORD_TYPE", "VARCHAR(16777216)"}, {"RECORD", "OBJECT"},
    {"RECORD_ATTRIBUTES", "OBJECT"}, {"VALUE", "VARIANT"}, {"EXEMPLARS", "ARRAY"}};
  for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
    column *c = take(&r->state->memory, sizeof *c);
    c->name = kept(r, columns[i][0]);
    c->type = kept(r, columns[i][1]);
    c->nullable = true;
    append(&r->state->memory, &o->columns, c);
  }
}

static char *rest(run *r) {
  size_t start = here(r)->start;
  while (!at_end(r)) r->at++;
  return copy_part(&r->memory, r->text + start, here(r)->start - start);
}

/* The columns of a query, as a view or a dynamic table has them. */
static void add_query_columns(run *r, object *o, const table *t, const list *headings) {
  for (size_t i = 0; i < t->headings.count; i++) {
    const heading *h = t->headings.at[i];
    column *c = take(&r->state->memory, sizeof *c);
    const new_column *n = i < headings->count ? headings->at[i] : NULL;
    c->name = kept(r, n ? n->made->name : h->name);
    c->comment = n ? kept(r, n->made->comment) : NULL;
    c->policy = n ? n->made->policy : NULL;
    c->nullable = true;
    c->type = kept(r, h->type == V_NUMBER ? "NUMBER(38,0)" : h->type == V_BOOLEAN ? "BOOLEAN"
      : h->type == V_TIMESTAMP ? "TIMESTAMP_LTZ(9)" : "VARCHAR(16777216)");
    append(&r->state->memory, &o->columns, c);
    if (n) set_tags(r, o, c, &n->tags);
  }
}

static void keep_table_properties(run *r, object *o, const table_properties *p) {
  o->comment = kept(r, p->comment);
  set_tags(r, o, NULL, &p->tags);
  if (p->row_policy) {
    append(&r->state->memory, &o->policies, p->row_policy);
    for (size_t i = 0; i < p->row_columns.count; i++)
      append(&r->state->memory, &o->policy_columns, resolve_column(r, o, p->row_columns.at[i])->name);
  }
}

static object *replaced(run *r, kind k, object *schema, name n, object *existing) {
  if (existing) drop_object(r->state, existing);
  return add_object(r->state, k, schema, n.part[n.count - 1], r->context->role);
}

static void create_table(run *r, kind k, modifiers m) {
  bool if_not_exists = take_if_not_exists(r);
  name n = want_qualified_name(r);
  if (n.count > 3) unexpected(r);
  object *schema = resolve_schema_for(r, n, n.count - 1);
  list columns = {0};
  if (k == K_TABLE || k == K_EXTERNAL_TABLE || k == K_ICEBERG_TABLE) columns = want_columns(r);
  table_properties p = {0};
  while (take_table_property(r, k, &p)) continue;
  bool complete = k == K_EXTERNAL_TABLE ? p.location : k == K_DYNAMIC_TABLE ? p.lag && p.warehouse : true;
  table *source = NULL;
  char *body = NULL;
  if (k == K_DYNAMIC_TABLE && complete) {
    want_word(r, "AS");
    size_t start = r->at;
    source = query(r);
    r->at = start;
    body = rest(r);
  }
  if (!complete) unexpected(r);
  want_end(r);
  may_create_in(r, schema, k);
  object *existing = find_relation(r->state, schema, n.part[n.count - 1]);
  if (!is_free(r, k, existing, m.replace, if_not_exists)) return;
  for (size_t i = 0; i < p.row_columns.count; i++) {
    bool known = false;
    for (size_t j = 0; j < columns.count; j++) known |= same(((new_column *)columns.at[j])->made->name, p.row_columns.at[i]);
    if (!known) fail(r, 904, "42000", "SQL compilation error:\ninvalid identifier '%s'", (char *)p.row_columns.at[i]);
  }
  object *o = replaced(r, k, schema, n, existing);
  o->transient = m.transient;
  o->body = kept(r, body);
  keep_columns(r, o, &columns);
  if (k == K_EVENT_TABLE) add_event_columns(r, o);
  if (source) add_query_columns(r, o, source, &columns);
  keep_table_properties(r, o, &p);
  created(r, k == K_EVENT_TABLE || k == K_ICEBERG_TABLE ? K_TABLE : k, n.part[n.count - 1]);
}

/* ( c1 [ COMMENT '…' ] [ WITH TAG (…) ], … ) of a view. docs: sql-reference/sql/create-view */
static list want_view_columns(run *r) {
  list columns = {0};
  if (!take_symbol(r, "(")) return columns;
  do {
    new_column *n = take(&r->memory, sizeof *n);
    n->made = take(&r->memory, sizeof *n->made);
    n->made->nullable = true;
    n->made->name = want_name(r);
    column_properties(r, n);
    append(&r->memory, &columns, n);
  } while (take_symbol(r, ","));
  want_symbol(r, ")");
  return columns;
}

static void create_view(run *r, kind k, modifiers m) {
  bool if_not_exists = take_if_not_exists(r);
  name n = want_qualified_name(r);
  if (n.count > 3) unexpected(r);
  object *schema = resolve_schema_for(r, n, n.count - 1);
  list columns = want_view_columns(r);
  table_properties p = {0};
  while (take_comment(r, &p.comment) || take_tags(r, &p.tags) || take_words(r, "COPY", "GRANTS")) continue;
  want_word(r, "AS");
  size_t start = r->at;
  context before = *r->context;
  r->context->database = database_of(schema), r->context->schema = schema; /* names in a view are its schema's */
  table *source = query(r);
  *r->context = before;
  want_end(r);
  r->at = start;
  char *body = rest(r);
  may_create_in(r, schema, k);
  if (columns.count && columns.count != source->headings.count)
    fail(r, 2022, "42601", "SQL compilation error:\nInvalid column definition list");
  object *existing = find_relation(r->state, schema, n.part[n.count - 1]);
  if (!is_free(r, k, existing, m.replace, if_not_exists)) return;
  object *o = replaced(r, k, schema, n, existing);
  o->secure = m.secure;
  o->body = kept(r, body);
  add_query_columns(r, o, source, &columns);
  keep_table_properties(r, o, &p);
  created(r, K_VIEW, n.part[n.count - 1]);
}

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
static void create_routine(run *r, kind k, modifiers m) {
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
    } else if (take_words(r, "NOT", "NULL") || take_word(r, "IMMUTABLE") || take_word(r, "VOLATILE") || take_word(r, "STRICT")) {
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
    if (!o->dropped && o->kind == k && o->parent == schema && same(o->name, n.part[n.count - 1]) && same(o->arguments, types))
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
static void create_policy(run *r, kind k, modifiers m) {
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
static void create_tag(run *r, modifiers m) {
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

static void create_stage(run *r, modifiers m) {
  static const char *const properties[] = {"URL", "STORAGE_INTEGRATION", "FILE_FORMAT", "DIRECTORY", "ENCRYPTION", NULL};
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

/* docs: sql-reference/sql/create-schema, sql-reference/sql/create-database: what was made is the session's from then on. */
static void create_container(run *r, kind k, modifiers m) {
  static const char *const properties[] = {"DATA_RETENTION_TIME_IN_DAYS", "MAX_DATA_EXTENSION_TIME_IN_DAYS",
    "DEFAULT_DDL_COLLATION", NULL};
  bool if_not_exists = take_if_not_exists(r), managed = false;
  name n = want_qualified_name(r);
  if (n.count > (k == K_SCHEMA ? 2 : 1)) unexpected(r);
  object *parent = NULL;
  if (k == K_SCHEMA) {
    if (n.count == 2) {
      parent = resolve(r, K_DATABASE, (name){.part = {n.part[0]}, .count = 1});
    } else {
      if (!r->context->database) fail(r, 90105, "22000", "Cannot perform CREATE SCHEMA. This session does not have a current "
        "database. Call 'USE DATABASE', or use a qualified name.");
      parent = r->context->database;
    }
    managed = take_words(r, "WITH", "MANAGED");
    if (managed) want_word(r, "ACCESS");
  }
  table_properties p = {0};
  while (take_property(r, properties) || take_comment(r, &p.comment) || take_tags(r, &p.tags)) continue;
  want_end(r);
  may_create(r, parent ? parent : r->state->account, k == K_SCHEMA ? "CREATE SCHEMA" : "CREATE DATABASE");
  object *existing = find(r->state, k, parent, n.part[n.count - 1]);
  if (!is_free(r, k, existing, m.replace, if_not_exists)) return;
  object *o = replaced(r, k, parent, n, existing);
  o->comment = kept(r, p.comment);
  o->transient = m.transient;
  o->managed = managed;
  set_tags(r, o, NULL, &p.tags);
  if (k == K_DATABASE) add_object(r->state, K_SCHEMA, o, "PUBLIC", r->context->role);
  r->context->database = k == K_DATABASE ? o : parent;
  r->context->schema = k == K_SCHEMA ? o : find(r->state, K_SCHEMA, o, "PUBLIC");
  created(r, k, n.part[n.count - 1]);
}

/* docs: sql-reference/sql/create-user, sql-reference/sql/create-role, sql-reference/sql/create-warehouse */
static void create_in_account(run *r, kind k, modifiers m) {
  static const char *const warehouse[] = {"WAREHOUSE_SIZE", "AUTO_SUSPEND", "AUTO_RESUME", "INITIALLY_SUSPENDED", NULL};
  static const char *const user[] = {"LOGIN_NAME", "DISPLAY_NAME", "EMAIL", "MUST_CHANGE_PASSWORD", "DEFAULT_NAMESPACE",
    "DEFAULT_SECONDARY_ROLES", "TYPE", NULL};
  bool if_not_exists = take_if_not_exists(r);
  name n = want_qualified_name(r);
  if (n.count > 1) unexpected(r);
  char *comment = NULL, *password = NULL, *role = NULL, *public_key = NULL, *default_warehouse = NULL;
  for (;;) {
    char **text = NULL;
    bool is_a_name = false;
    if (k == K_USER && is_word(r, "PASSWORD")) text = &password;
    if (k == K_USER && is_word(r, "RSA_PUBLIC_KEY")) text = &public_key;
    if (k == K_USER && is_word(r, "DEFAULT_ROLE")) text = &role, is_a_name = true;
    if (k == K_USER && is_word(r, "DEFAULT_WAREHOUSE")) text = &default_warehouse, is_a_name = true;
    if (text) {
      r->at++;
      want_symbol(r, "=");
      *text = here(r)->kind == T_STRING || !is_a_name ? want_string(r) : want_name(r);
    } else if (!take_comment(r, &comment) && !(k == K_WAREHOUSE && take_property(r, warehouse)) &&
               !(k == K_USER && take_property(r, user))) break;
  }
  want_end(r);
  may_create(r, r->state->account, format(&r->memory, "CREATE %s", kind_name(k)));
  object *existing = find(r->state, k, NULL, n.part[0]);
  if (!is_free(r, k, existing, m.replace, if_not_exists)) return;
  object *o = replaced(r, k, NULL, n, existing);
  o->comment = kept(r, comment);
  o->password = kept(r, password);
  o->default_role = kept(r, role);
  o->default_warehouse = kept(r, default_warehouse);
  o->public_key = kept(r, public_key);
  created(r, k, n.part[0]);
}

void run_create(run *r) {
  modifiers m = {0};
  if (take_word(r, "OR")) {
    want_word(r, "REPLACE");
    m.replace = true;
  }
  m.transient = take_word(r, "TRANSIENT");
  if (!m.transient) m.temporary = take_word(r, "TEMPORARY") || take_word(r, "TEMP");
  if (!m.transient && !m.temporary) m.secure = take_word(r, "SECURE");
  kind k;
  size_t start = r->at;
  if (!want_kind(r, &k)) unexpected(r);
  bool fits = !(m.transient && k != K_TABLE && k != K_SCHEMA && k != K_DATABASE) && !(m.temporary && k != K_TABLE) &&
    !(m.secure && k != K_VIEW && k != K_MATERIALIZED_VIEW && k != K_FUNCTION && k != K_PROCEDURE) && k != K_ACCOUNT;
  if (!fits) {
    r->at = start;
    unexpected(r);
  }
  if (is_table(k)) create_table(r, k, m);
  else if (k == K_VIEW || k == K_MATERIALIZED_VIEW) create_view(r, k, m);
  else if (k == K_FUNCTION || k == K_PROCEDURE) create_routine(r, k, m);
  else if (k == K_MASKING_POLICY || k == K_ROW_ACCESS_POLICY) create_policy(r, k, m);
  else if (k == K_TAG) create_tag(r, m);
  else if (k == K_STAGE) create_stage(r, m);
  else if (k == K_DATABASE || k == K_SCHEMA) create_container(r, k, m);
  else create_in_account(r, k, m);
}

/* docs: sql-reference/sql/drop. A tag or a policy that is in use stays.
 * docs: sql-reference/sql/drop-tag, sql-reference/sql/drop-masking-policy */
void run_drop(run *r) {
  kind k;
  if (!want_kind(r, &k) || k == K_ACCOUNT) unexpected(r);
  bool if_exists = take_if_exists(r);
  name n = want_qualified_name(r);
  object *o;
  if (k == K_FUNCTION || k == K_PROCEDURE) {
    char *arguments = want_argument_types(r);
    o = resolve_routine(r, k, n, arguments);
  } else {
    o = resolve_or_null(r, k, n);
  }
  want_end(r);
  if (!o && if_exists) return succeeded(r, "Drop statement executed successfully.");
  if (!o) missing(r, k, written(r, n));
  if (!owns(r->state, r->context, o)) denied(r, o);
  if (k == K_TAG && o->policies.count)
    fail(r, 3524, "55006", "SQL compilation error:\nTag '%s' cannot be dropped: it is associated with a masking policy.", o->name);
  if (k == K_MASKING_POLICY || k == K_ROW_ACCESS_POLICY) {
    for (size_t i = 0; i < r->state->objects.count; i++) {
      object *other = r->state->objects.at[i];
      if (other->dropped) continue;
      bool used = false;
      for (size_t j = 0; j < other->policies.count; j++) used |= other->policies.at[j] == o;
      for (size_t j = 0; j < other->columns.count; j++) used |= ((column *)other->columns.at[j])->policy == o;
      if (used)
        fail(r, 3534, "55006", "SQL compilation error:\nPolicy %s cannot be dropped/replaced as it is associated with one or more "
          "entities.", o->name);
    }
  }
  if (r->context->database == o || database_of(r->context->schema) == o) r->context->database = NULL, r->context->schema = NULL;
  if (r->context->schema == o) r->context->schema = NULL;
  drop_object(r->state, o);
  r->changes = true;
  succeeded(r, format(&r->memory, "%s successfully dropped.", o->name));
}
