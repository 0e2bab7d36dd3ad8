#include "standin.h"
#include <stdlib.h>
#include <string.h>

/* SHOW: docs: sql-reference/sql/show and the page of each kind. More than 10,000 rows are an error without LIMIT. */
enum { MOST_ROWS = 10000 };

typedef struct {
  char *like, *starts, *from;
  long limit;
  object *container;
  bool is_behind; /* the cursor's row was met */
} filter;

static char *letter(bool is) { return is ? "Y" : "N"; }

static char *text(char *maybe) { return maybe ? maybe : ""; }

static bool fits(filter *f, const table *t, const char *name) {
  if (f->limit >= 0 && (long)t->rows.count >= f->limit) return false;
  if (f->like && !is_like(name, f->like, false)) return false;
  if (f->starts && strncmp(name, f->starts, strlen(f->starts)) != 0) return false;
  if (!f->from) return true;
  /* What follows the first row whose name is the cursor, or begins with it. */
  if (strcmp(name, f->from) < 0) return false;
  if (f->is_behind || strncmp(name, f->from, strlen(f->from)) != 0) return true;
  f->is_behind = true;
  return false;
}

static object *current(run *r, kind k) {
  object *o = k == K_DATABASE ? r->context->database : r->context->schema;
  if (!o)
    fail(r, 90105, "22000",
      "Cannot perform SHOW. This session does not have a current %s. Call 'USE %s', or use a qualified name.",
      k == K_DATABASE ? "database" : "schema", kind_name(k));
  return o;
}

/* [ LIKE '…' ] [ IN … ] [ STARTS WITH '…' ] [ LIMIT n [ FROM '…' ] ] */
static filter want_filter(run *r, bool in_schemas, bool of_columns, bool pages) {
  filter f = {.limit = -1, .container = in_schemas ? r->context->database : NULL};
  if (take_word(r, "LIKE")) f.like = want_string(r);
  if (in_schemas && take_word(r, "IN")) {
    if (take_word(r, "ACCOUNT")) f.container = NULL;
    else if (take_word(r, "DATABASE"))
      f.container = is_name(r) ? resolve(r, K_DATABASE, want_qualified_name(r)) : current(r, K_DATABASE);
    else if (take_word(r, "SCHEMA"))
      f.container = is_name(r) ? resolve(r, K_SCHEMA, want_qualified_name(r)) : current(r, K_SCHEMA);
    else if (of_columns && (take_word(r, "TABLE") || take_word(r, "VIEW")))
      f.container = resolve_relation(r, want_qualified_name(r));
    else if (of_columns) f.container = resolve_relation(r, want_qualified_name(r));
    else f.container = resolve(r, K_SCHEMA, want_qualified_name(r));
  }
  if (!pages) return f;
  if (take_word(r, "STARTS")) {
    want_word(r, "WITH");
    f.starts = want_string(r);
  }
  if (take_word(r, "LIMIT")) {
    if (here(r)->kind != T_NUMBER) unexpected(r);
    f.limit = strtol(r->tokens[r->at++].text, NULL, 10);
    if (f.limit < 1 || f.limit > MOST_ROWS)
      fail(r, 1003, "42000", "SQL compilation error:\nsyntax error: the limit must be between 1 and %d.", MOST_ROWS);
    if (take_word(r, "FROM")) f.from = want_string(r);
  }
  return f;
}

static char *schema_name(const object *o) {
  return o->kind == K_SCHEMA ? o->name : o->parent && o->parent->kind == K_SCHEMA ? o->parent->name : "";
}

static char *database_name(object *o) {
  object *d = database_of(o);
  return d && d != o ? d->name : "";
}

/* docs: sql-reference/sql/show-tables: dynamic, external, event and Iceberg tables are among them */
static void show_tables(run *r, kind first, kind last) {
  filter f = want_filter(r, true, false, true);
  want_end(r);
  table *t = r->result = new_table(r,
    "created_on@ name database_name schema_name kind comment cluster_by rows# bytes# owner retention_time "
    "automatic_clustering change_tracking is_external enable_schema_evolution owner_role_type is_event budget "
    "is_hybrid is_iceberg "
    "is_dynamic is_immutable");
  list all = visible_objects(r, first, last, f.container);
  for (size_t i = 0; i < all.count; i++) {
    object *o = all.at[i];
    if (!fits(&f, t, o->name)) continue;
    ROW(t, moment(r, o->created), o->name, database_name(o), schema_name(o), o->transient ? "TRANSIENT" : "TABLE",
      text(o->comment), "", format(&r->memory, "%zu", o->rows.count), "0", o->owner->name, "1", "OFF", "OFF",
      letter(o->kind == K_EXTERNAL_TABLE), "N", "ROLE", letter(o->kind == K_EVENT_TABLE), NULL, "N",
      letter(o->kind == K_ICEBERG_TABLE), letter(o->kind == K_DYNAMIC_TABLE), "N");
  }
}

/* docs: sql-reference/sql/show-views: materialized ones are among them */
static void show_views(run *r, kind first) {
  filter f = want_filter(r, true, false, true);
  want_end(r);
  table *t = r->result = new_table(r,
    "created_on@ name reserved database_name schema_name owner comment text is_secure is_materialized "
    "owner_role_type change_tracking");
  list all = visible_objects(r, first, K_MATERIALIZED_VIEW, f.container);
  for (size_t i = 0; i < all.count; i++) {
    object *o = all.at[i];
    if (fits(&f, t, o->name))
      ROW(t, moment(r, o->created), o->name, "", database_name(o), schema_name(o), o->owner->name, text(o->comment),
        text(o->body), o->secure ? "true" : "false", o->kind == K_MATERIALIZED_VIEW ? "true" : "false", "ROLE", "OFF");
  }
}

/* docs: sql-reference/sql/show-columns */
static void show_columns(run *r) {
  filter f = want_filter(r, true, true, false);
  want_end(r);
  table *t = r->result = new_table(r,
    "table_name schema_name column_name data_type null? default kind expression comment database_name "
    "autoincrement");
  ((heading *)t->headings.at[4])->name = "null?";
  ((heading *)t->headings.at[4])->type = V_TEXT;
  list all = visible_objects(r, K_TABLE, K_MATERIALIZED_VIEW, f.container);
  for (size_t i = 0; i < all.count; i++) {
    object *o = all.at[i];
    for (size_t j = 0; j < o->columns.count; j++) {
      const column *c = o->columns.at[j];
      if (fits(&f, t, c->name))
        ROW(t, o->name, schema_name(o), c->name,
          format(
            &r->memory, "{\"type\":\"%s\",\"nullable\":%s}", column_data_type(c->type), c->nullable ? "true" : "false"),
          c->nullable ? "true" : "NOT_NULL", text(c->initial), "COLUMN", "", text(c->comment), database_name(o), "");
    }
  }
}

/* docs: sql-reference/sql/show-tags */
static void show_tags(run *r) {
  filter f = want_filter(r, true, false, false);
  want_end(r);
  table *t = r->result = new_table(r,
    "created_on@ name database_name schema_name owner comment allowed_values owner_role_type propagate "
    "on_conflict");
  list all = visible_objects(r, K_TAG, K_TAG, f.container);
  for (size_t i = 0; i < all.count; i++) {
    object *o = all.at[i];
    if (fits(&f, t, o->name))
      ROW(t, moment(r, o->created), o->name, database_name(o), schema_name(o), o->owner->name, text(o->comment),
        o->is_restricted ? json_list(r, &o->allowed) : NULL, "ROLE", NULL, NULL);
  }
}

/* docs: sql-reference/sql/show-schemas, show-databases, show-stages, show-warehouses, show-roles, show-users */
static void show_named(run *r, kind k) {
  filter f = want_filter(r, k == K_SCHEMA || k == K_STAGE, false, k != K_STAGE && k != K_WAREHOUSE);
  want_end(r);
  table *t = r->result = new_table(r, "created_on@ name is_default is_current database_name schema_name owner comment");
  list all = visible_objects(r, k, k, f.container);
  for (size_t i = 0; i < all.count; i++) {
    object *o = all.at[i];
    bool is_current =
      o == r->context->schema || o == r->context->database || o == r->context->role || o == r->context->warehouse;
    if (fits(&f, t, o->name))
      ROW(t, moment(r, o->created), o->name, "N", letter(is_current), database_name(o), schema_name(o), o->owner->name,
        text(o->comment));
  }
}

/* docs: sql-reference/sql/show-functions, sql-reference/sql/show-procedures: "arguments" is NAME(TYPES) RETURN TYPE */
static void show_routines(run *r, kind k) {
  filter f = want_filter(r, true, false, false);
  want_end(r);
  table *t = r->result =
    new_table(r, "created_on@ name schema_name is_builtin arguments description catalog_name owner");
  list all = visible_objects(r, k, k, f.container);
  for (size_t i = 0; i < all.count; i++) {
    object *o = all.at[i];
    if (fits(&f, t, o->name))
      ROW(t, moment(r, o->created), o->name, schema_name(o), "N",
        format(&r->memory, "%s%s RETURN %s", o->name, o->arguments, o->returns),
        o->comment          ? o->comment
          : k == K_FUNCTION ? "user-defined function"
                            : "user-defined procedure",
        database_name(o), o->owner->name);
  }
}

static void add_grant_row(run *r, table *t, const char *privilege, object *on, object *to, bool option, object *by) {
  char *kind_text = copy(&r->memory, kind_name(on->kind));
  for (char *c = kind_text; *c; c++) *c = *c == ' ' ? '_' : *c;
  ROW(t, moment(r, on->created), copy(&r->memory, privilege), kind_text, copy(&r->memory, full_name(&r->memory, on)),
    "ROLE", to->name, option ? "true" : "false", by ? by->name : "");
}

static bool may_see_grants(run *r, object *on) { return sees(r->state, r->context, on); }

/* docs: sql-reference/sql/show-grants: ON an object, TO a role or a user, OF a role; without: TO the current user */
static void show_grants(run *r) {
  object *on = NULL, *to = NULL, *of = NULL;
  if (take_word(r, "ON")) {
    kind k;
    if (!want_kind(r, &k)) unexpected(r);
    if (k == K_ACCOUNT) on = r->state->account;
    else {
      name n = want_qualified_name(r);
      on = k == K_FUNCTION || k == K_PROCEDURE ? resolve_routine(r, k, n, want_argument_types(r)) : resolve(r, k, n);
      if (!on) missing(r, k, written(r, n));
    }
  } else if (take_word(r, "TO")) {
    kind k = take_word(r, "USER") ? K_USER : K_ROLE;
    if (k == K_ROLE) want_word(r, "ROLE");
    to = resolve(r, k, want_qualified_name(r));
  } else if (take_word(r, "OF")) {
    want_word(r, "ROLE");
    of = resolve(r, K_ROLE, want_qualified_name(r));
  } else {
    to = r->context->user;
  }
  want_end(r);
  state *s = r->state;
  if (of || (to && to->kind == K_USER)) {
    table *t = r->result = new_table(r, "created_on@ role granted_to grantee_name granted_by");
    for (size_t i = 0; i < s->grants.count; i++) {
      grant *g = s->grants.at[i];
      if (g->on->kind == K_ROLE && (of ? g->on == of : g->to == to))
        ROW(
          t, moment(r, g->on->created), g->on->name, g->to->kind == K_USER ? "USER" : "ROLE", g->to->name, g->by->name);
    }
    return;
  }
  table *t = r->result =
    new_table(r, "created_on@ privilege granted_on name granted_to grantee_name grant_option granted_by");
  for (size_t i = 0; i < s->objects.count; i++) {
    object *o = s->objects.at[i];
    if (!o->dropped && o->owner && o->kind != K_ACCOUNT && (on ? o == on : o->owner == to) && may_see_grants(r, o))
      add_grant_row(r, t, "OWNERSHIP", o, o->owner, true, o->owner);
  }
  for (size_t i = 0; i < s->grants.count; i++) {
    grant *g = s->grants.at[i];
    if ((on ? g->on == on : g->to == to) && g->to->kind == K_ROLE)
      add_grant_row(r, t, g->privilege, g->on, g->to, g->with_option, g->by);
  }
}

/* docs: sql-reference/sql/show-parameters */
static void show_parameters(run *r) {
  filter f = want_filter(r, false, false, false);
  if (take_word(r, "IN")) take_word(r, "SESSION");
  want_end(r);
  table *t = r->result = new_table(r, "key value default level description type");
  char *tag = r->session && r->session->query_tag ? r->session->query_tag : "";
  if (fits(&f, t, "QUERY_TAG"))
    ROW(t, "QUERY_TAG", tag, "", *tag ? "SESSION" : "", "String (up to 2000 characters) used to tag statements",
      "STRING");
}

void run_show(run *r) {
  static const struct {
    const char *first, *second;
    int what;
  } kinds[] = {{"TABLES", NULL, 0}, {"EXTERNAL", "TABLES", 1}, {"DYNAMIC", "TABLES", 2}, {"ICEBERG", "TABLES", 3},
    {"EVENT", "TABLES", 4}, {"VIEWS", NULL, 5}, {"MATERIALIZED", "VIEWS", 6}, {"COLUMNS", NULL, 7}, {"TAGS", NULL, 8},
    {"SCHEMAS", NULL, 9}, {"DATABASES", NULL, 10}, {"STAGES", NULL, 11}, {"WAREHOUSES", NULL, 12}, {"ROLES", NULL, 13},
    {"USERS", NULL, 14}, {"FUNCTIONS", NULL, 15}, {"USER", "FUNCTIONS", 15}, {"PROCEDURES", NULL, 16},
    {"GRANTS", NULL, 17}, {"PARAMETERS", NULL, 18}};
  size_t i = 0;
  while (i < sizeof kinds / sizeof *kinds &&
    !(kinds[i].second ? take_words(r, kinds[i].first, kinds[i].second) : take_word(r, kinds[i].first)))
    i++;
  if (i == sizeof kinds / sizeof *kinds) unexpected(r);
  switch (kinds[i].what) {
  case 0: show_tables(r, K_TABLE, K_EVENT_TABLE); break;
  case 1: show_tables(r, K_EXTERNAL_TABLE, K_EXTERNAL_TABLE); break;
  case 2: show_tables(r, K_DYNAMIC_TABLE, K_DYNAMIC_TABLE); break;
  case 3: show_tables(r, K_ICEBERG_TABLE, K_ICEBERG_TABLE); break;
  case 4: show_tables(r, K_EVENT_TABLE, K_EVENT_TABLE); break;
  case 5: show_views(r, K_VIEW); break;
  case 6: show_views(r, K_MATERIALIZED_VIEW); break;
  case 7: show_columns(r); break;
  case 8: show_tags(r); break;
  case 9: show_named(r, K_SCHEMA); break;
  case 10: show_named(r, K_DATABASE); break;
  case 11: show_named(r, K_STAGE); break;
  case 12: show_named(r, K_WAREHOUSE); break;
  case 13: show_named(r, K_ROLE); break;
  case 14: show_named(r, K_USER); break;
  case 15: show_routines(r, K_FUNCTION); break;
  case 16: show_routines(r, K_PROCEDURE); break;
  case 17: show_grants(r); break;
  default: show_parameters(r);
  }
  /* seen: 090153 (22000) */
  char *other = r->session ? setting(&r->memory, r->session->folder, "show_rows") : NULL;
  size_t most = other ? strtoul(other, NULL, 10) : MOST_ROWS;
  if (r->result->rows.count > most)
    fail(r, 90153, "22000",
      "The result set size exceeded the max number of rows(%zu) supported for SHOW statements. Use LIMIT option to "
      "limit "
      "result set to a smaller number.",
      most);
  r->affected = (long)r->result->rows.count;
}

/* { DESC | DESCRIBE } { TABLE | VIEW } name. docs: sql-reference/sql/desc-table */
void run_describe(run *r) {
  kind k;
  if (!want_kind(r, &k) || !has_columns(k)) unexpected(r);
  object *o = resolve(r, k, want_qualified_name(r));
  want_end(r);
  table *t = r->result =
    new_table(r, "name type kind null default primary_key unique_key check expression comment policy_name");
  static const char *const headings[] = {"name", "type", "kind", "null?", "default", "primary key", "unique key",
    "check", "expression", "comment", "policy name"};
  for (size_t i = 0; i < t->headings.count; i++) ((heading *)t->headings.at[i])->name = copy(&r->memory, headings[i]);
  for (size_t i = 0; i < o->columns.count; i++) {
    const column *c = o->columns.at[i];
    ROW(t, c->name, c->type, "COLUMN", letter(c->nullable), c->initial, "N", "N", NULL, NULL, c->comment,
      c->policy ? copy(&r->memory, full_name(&r->memory, c->policy)) : NULL);
  }
  r->affected = (long)t->rows.count;
}
