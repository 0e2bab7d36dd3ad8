#include "creation.h"

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
    } else if (take_words(r, "PRIMARY", "KEY") || take_word(r, "UNIQUE")) continue;
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

/* docs: sql-reference/sql/create-table, create-external-table, create-dynamic-table, create-iceberg-table,
 * create-event-table */
static bool take_table_property(run *r, kind k, table_properties *p) {
  static const char *const common[] = {"DATA_RETENTION_TIME_IN_DAYS", "MAX_DATA_EXTENSION_TIME_IN_DAYS",
    "CHANGE_TRACKING", "DEFAULT_DDL_COLLATION", "ENABLE_SCHEMA_EVOLUTION", NULL};
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
  const char *const *own = k == K_EXTERNAL_TABLE ? external
    : k == K_DYNAMIC_TABLE                       ? dynamic
    : k == K_ICEBERG_TABLE                       ? iceberg
                                                 : NULL;
  bool *needed = k == K_EXTERNAL_TABLE && is_word(r, "LOCATION") ? &p->location
    : k == K_DYNAMIC_TABLE && is_word(r, "TARGET_LAG")           ? &p->lag
    : k == K_DYNAMIC_TABLE && is_word(r, "WAREHOUSE")            ? &p->warehouse
    : k == K_ICEBERG_TABLE && is_word(r, "EXTERNAL_VOLUME")      ? &p->volume
                                                                 : NULL;
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
    {"OBSERVED_TIMESTAMP", "TIMESTAMP_NTZ(9)"}, {"TRACE", "OBJECT"}, {"RESOURCE", "OBJECT"},
    {"RESOURCE_ATTRIBUTES", "OBJECT"}, {"SCOPE", "OBJECT"}, {"SCOPE_ATTRIBUTES", "OBJECT"},
    {"RECORD_TYPE", "VARCHAR(16777216)"}, {"RECORD", "OBJECT"}, {"RECORD_ATTRIBUTES", "OBJECT"}, {"VALUE", "VARIANT"},
    {"EXEMPLARS", "ARRAY"}};
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
    c->type = kept(r,
      h->type == V_NUMBER        ? "NUMBER(38,0)"
        : h->type == V_BOOLEAN   ? "BOOLEAN"
        : h->type == V_TIMESTAMP ? "TIMESTAMP_LTZ(9)"
                                 : "VARCHAR(16777216)");
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

void create_table(run *r, kind k, modifiers m) {
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
    for (size_t j = 0; j < columns.count; j++)
      known |= same(((new_column *)columns.at[j])->made->name, p.row_columns.at[i]);
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

void create_view(run *r, kind k, modifiers m) {
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
