#include "standin.h"
#include <stdlib.h>
#include <string.h>

/* INFORMATION_SCHEMA, ACCOUNT_USAGE, table functions and tables: each as its page has it, with what the role may see. */

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

static char *yes(bool is) { return is ? "YES" : "NO"; }

/* The owner's role. docs: sql-reference/info-schema: the owner's name */
static char *owner_of(const object *o) { return o->owner ? o->owner->name : NULL; }

/* Fills a row from its cells in the order of the headings. */
#define ROW(t, ...) memcpy(new_row(r, t), ((char *[]){__VA_ARGS__}), sizeof((char *[]){__VA_ARGS__}))

/* docs: sql-reference/info-schema/databases */
static table *databases(run *r) {
  table *t = new_table(r, "DATABASE_NAME DATABASE_OWNER IS_TRANSIENT COMMENT CREATED@ LAST_ALTERED@ RETENTION_TIME# TYPE");
  list all = visible_objects(r, K_DATABASE, K_DATABASE, NULL);
  for (size_t i = 0; i < all.count; i++) {
    const object *o = all.at[i];
    char *made = moment(r, o->created);
    ROW(t, o->name, owner_of(o), yes(o->transient), o->comment, made, made, "1", "STANDARD");
  }
  return t;
}

/* docs: sql-reference/info-schema/schemata */
static table *schemata(run *r, object *database) {
  table *t = new_table(r, "CATALOG_NAME SCHEMA_NAME SCHEMA_OWNER IS_TRANSIENT IS_MANAGED_ACCESS RETENTION_TIME# CREATED@ LAST_ALTERED@ "
    "COMMENT");
  list all = visible_objects(r, K_SCHEMA, K_SCHEMA, database);
  for (size_t i = 0; i < all.count; i++) {
    const object *o = all.at[i];
    char *made = moment(r, o->created);
    ROW(t, database->name, o->name, owner_of(o), yes(o->transient), yes(o->managed), "1", made, made, o->comment);
  }
  char *made = moment(r, database->created);
  ROW(t, database->name, "INFORMATION_SCHEMA", NULL, "NO", "NO", "1", made, made,
    "Views describing the contents of schemas in this database");
  return t;
}

static char *table_type(const object *o) {
  switch (o->kind) {
  case K_EXTERNAL_TABLE: return "EXTERNAL TABLE";
  case K_EVENT_TABLE: return "EVENT TABLE";
  case K_VIEW: return "VIEW";
  case K_MATERIALIZED_VIEW: return "MATERIALIZED VIEW";
  default: return "BASE TABLE";
  }
}

/* docs: sql-reference/info-schema/tables */
static table *tables(run *r, object *database) {
  table *t = new_table(r, "TABLE_CATALOG TABLE_SCHEMA TABLE_NAME TABLE_OWNER TABLE_TYPE IS_TRANSIENT CLUSTERING_KEY ROW_COUNT# BYTES# "
    "RETENTION_TIME# CREATED@ LAST_ALTERED@ LAST_DDL@ LAST_DDL_BY AUTO_CLUSTERING_ON COMMENT IS_TEMPORARY IS_ICEBERG IS_DYNAMIC "
    "IS_IMMUTABLE IS_HYBRID");
  list all = visible_objects(r, K_TABLE, K_MATERIALIZED_VIEW, database);
  for (size_t i = 0; i < all.count; i++) {
    const object *o = all.at[i];
    bool view = o->kind == K_VIEW;
    char *made = moment(r, o->created), *count = view ? NULL : format(&r->memory, "%zu", o->rows.count);
    ROW(t, database->name, o->parent->name, o->name, owner_of(o), table_type(o), view ? NULL : yes(o->transient), NULL, count,
      view ? NULL : "0", view ? NULL : "1", made, made, made, NULL, "NO", o->comment, "NO", yes(o->kind == K_ICEBERG_TABLE),
      yes(o->kind == K_DYNAMIC_TABLE), "NO", "NO");
  }
  return t;
}

/* docs: sql-reference/info-schema/views */
static table *views(run *r, object *database) {
  table *t = new_table(r, "TABLE_CATALOG TABLE_SCHEMA TABLE_NAME TABLE_OWNER VIEW_DEFINITION CHECK_OPTION IS_UPDATABLE INSERTABLE_INTO "
    "IS_SECURE CREATED@ LAST_ALTERED@ LAST_DDL@ LAST_DDL_BY COMMENT");
  list all = visible_objects(r, K_VIEW, K_MATERIALIZED_VIEW, database);
  for (size_t i = 0; i < all.count; i++) {
    const object *o = all.at[i];
    char *made = moment(r, o->created);
    bool hidden = o->secure && !owns(r->state, r->context, o);
    ROW(t, database->name, o->parent->name, o->name, owner_of(o), hidden ? NULL : o->body, "NONE", "NO", "NO", yes(o->secure), made,
      made, made, NULL, o->comment);
  }
  return t;
}

/* docs: sql-reference/info-schema/columns */
static table *columns(run *r, object *database) {
  table *t = new_table(r, "TABLE_CATALOG TABLE_SCHEMA TABLE_NAME COLUMN_NAME ORDINAL_POSITION# COLUMN_DEFAULT IS_NULLABLE DATA_TYPE "
    "CHARACTER_MAXIMUM_LENGTH# NUMERIC_PRECISION# NUMERIC_SCALE# COMMENT");
  list all = visible_objects(r, K_TABLE, K_MATERIALIZED_VIEW, database);
  for (size_t i = 0; i < all.count; i++) {
    const object *o = all.at[i];
    for (size_t j = 0; j < o->columns.count; j++) {
      const column *c = o->columns.at[j];
      const char *shown = column_data_type(c->type), *size = strchr(c->type, '(');
      char *first = size ? copy_part(&r->memory, size + 1, strcspn(size + 1, ",)")) : NULL;
      const char *comma = size ? strchr(size, ',') : NULL;
      char *second = comma ? copy_part(&r->memory, comma + 1, strcspn(comma + 1, ")")) : NULL;
      ROW(t, database->name, o->parent->name, o->name, c->name, format(&r->memory, "%zu", j + 1), c->initial, yes(c->nullable),
        copy(&r->memory, shown), same(shown, "TEXT") ? first : NULL, same(shown, "NUMBER") ? first : NULL,
        same(shown, "NUMBER") ? second : NULL, c->comment);
    }
  }
  return t;
}

/* docs: sql-reference/info-schema/stages */
static table *stages(run *r, object *database) {
  table *t = new_table(r, "STAGE_CATALOG STAGE_SCHEMA STAGE_NAME STAGE_URL STAGE_REGION STAGE_TYPE STAGE_OWNER COMMENT CREATED@ "
    "LAST_ALTERED@");
  list all = visible_objects(r, K_STAGE, K_STAGE, database);
  for (size_t i = 0; i < all.count; i++) {
    const object *o = all.at[i];
    char *made = moment(r, o->created);
    ROW(t, database->name, o->parent->name, o->name, NULL, NULL, "Internal Named", owner_of(o), o->comment, made, made);
  }
  return t;
}

/* docs: sql-reference/info-schema/procedures, sql-reference/info-schema/functions */
static table *routines(run *r, object *database, kind k) {
  const char *word = kind_name(k);
  table *t = new_table(r, format(&r->memory, "%s_CATALOG %s_SCHEMA %s_NAME %s_OWNER ARGUMENT_SIGNATURE DATA_TYPE %s_LANGUAGE "
    "%s_DEFINITION CREATED@ LAST_ALTERED@ COMMENT", word, word, word, word, word, word));
  list all = visible_objects(r, k, k, database);
  for (size_t i = 0; i < all.count; i++) {
    const object *o = all.at[i];
    char *made = moment(r, o->created);
    ROW(t, database->name, o->parent->name, o->name, owner_of(o), o->signature, o->returns, "SQL", o->body, made, made, o->comment);
  }
  return t;
}

table *information_schema(run *r, object *database, const char *view) {
  table *t = same(view, "DATABASES") ? databases(r) : same(view, "SCHEMATA") ? schemata(r, database)
    : same(view, "TABLES") ? tables(r, database) : same(view, "VIEWS") ? views(r, database)
    : same(view, "COLUMNS") ? columns(r, database) : same(view, "STAGES") ? stages(r, database)
    : same(view, "PROCEDURES") ? routines(r, database, K_PROCEDURE) : same(view, "FUNCTIONS") ? routines(r, database, K_FUNCTION)
    : NULL;
  return t;
}

/* How far the late views have come: the number of a statement, or "now". Nothing, unless a test says so.
 * docs: sql-reference/account-usage, "Data latency" */
static unsigned long known_until(run *r) {
  char *value = r->session ? setting(&r->memory, r->session->folder, "account_usage_as_of") : NULL;
  return !value ? 0 : same(value, "now") ? r->state->number : strtoul(value, NULL, 10);
}

/* docs: sql-reference/account-usage/tag_references: direct ones only, dropped objects too */
static table *usage_tag_references(run *r) {
  table *t = new_table(r, "TAG_DATABASE TAG_SCHEMA TAG_ID# TAG_NAME TAG_VALUE OBJECT_DATABASE OBJECT_SCHEMA OBJECT_ID# OBJECT_NAME "
    "OBJECT_DELETED@ DOMAIN COLUMN_ID# COLUMN_NAME APPLY_METHOD");
  unsigned long until = known_until(r);
  for (size_t i = 0; i < r->state->references.count; i++) {
    const reference *f = r->state->references.at[i];
    if (f->since > until || (f->until && f->until <= until)) continue;
    object *o = f->object, *database = database_of(o->parent), *schema = schema_of(o->parent);
    bool gone = o->dropped && o->dropped <= until;
    ROW(t, database_of(f->tag)->name, f->tag->parent->name, format(&r->memory, "%lu", f->tag->created), f->tag->name, f->value,
      database ? database->name : NULL, schema ? schema->name : NULL, format(&r->memory, "%lu", o->created), o->name,
      gone ? moment(r, o->dropped) : NULL, f->column ? "COLUMN" : copy(&r->memory, domain_of(o)), f->column ? "1" : NULL,
      f->column ? f->column->name : NULL, "MANUAL");
  }
  return t;
}

/* docs: sql-reference/account-usage/tags */
static table *usage_tags(run *r) {
  table *t = new_table(r, "TAG_ID# TAG_NAME TAG_SCHEMA_ID# TAG_SCHEMA TAG_DATABASE_ID# TAG_DATABASE TAG_OWNER TAG_COMMENT CREATED@ "
    "LAST_ALTERED@ DELETED@ ALLOWED_VALUES OWNER_ROLE_TYPE");
  unsigned long until = known_until(r);
  for (size_t i = 0; i < r->state->objects.count; i++) {
    object *o = r->state->objects.at[i];
    if (o->kind != K_TAG || o->created > until) continue;
    char *made = moment(r, o->created);
    ROW(t, format(&r->memory, "%lu", o->created), o->name, format(&r->memory, "%lu", o->parent->created), o->parent->name,
      format(&r->memory, "%lu", database_of(o)->created), database_of(o)->name, owner_of(o), o->comment, made, made,
      o->dropped && o->dropped <= until ? moment(r, o->dropped) : NULL, o->is_restricted ? json_list(r, &o->allowed) : NULL, "ROLE");
  }
  return t;
}

table *account_usage(run *r, const char *view) {
  return same(view, "TAG_REFERENCES") ? usage_tag_references(r) : same(view, "TAGS") ? usage_tags(r) : NULL;
}

static char *const reference_columns = "TAG_DATABASE TAG_SCHEMA TAG_NAME TAG_VALUE APPLY_METHOD LEVEL OBJECT_DATABASE OBJECT_SCHEMA "
  "OBJECT_NAME DOMAIN COLUMN_NAME";

/* All tags that hold for an object or a column, set there or above. docs: sql-reference/functions/tag_references */
static void add_references(run *r, table *t, object *o, column *c) {
  list tags = visible_objects(r, K_TAG, K_TAG, NULL);
  for (size_t i = 0; i < tags.count; i++) {
    object *tag = tags.at[i], *level = NULL;
    char *value = tag_value(r, tag, o, c, &level);
    if (!value) continue;
    object *database = database_of(o), *schema = schema_of(o);
    bool own = c ? !level : level == o;
    ROW(t, database_of(tag)->name, tag->parent->name, tag->name, value, own ? "MANUAL" : "INHERITED",
      level ? copy(&r->memory, domain_of(level)) : "COLUMN", database ? database->name : NULL, schema ? schema->name : NULL, o->name,
      c ? "COLUMN" : copy(&r->memory, domain_of(o)), c ? c->name : NULL);
  }
}

static table *tag_references(run *r, const char *object_name, const char *domain) {
  table *t = new_table(r, reference_columns);
  column *c = NULL;
  object *o = object_argument(r, object_name, domain, &c);
  add_references(r, t, o, c);
  return t;
}

/* docs: sql-reference/functions/tag_references_all_columns: the domain is TABLE, whatever has the columns */
static table *tag_references_all_columns(run *r, const char *object_name, const char *domain) {
  table *t = new_table(r, reference_columns);
  if (!same_word(domain, "TABLE"))
    fail(r, 1044, "42P13", "SQL compilation error: error line 1 at position 0\nInvalid argument: the domain must be 'TABLE'.");
  object *o = object_argument(r, object_name, domain, NULL);
  for (size_t i = 0; i < o->columns.count; i++) add_references(r, t, o, o->columns.at[i]);
  return t;
}

typedef struct {
  table *table;
  object *entity; /* NULL: any */
  object *policy; /* NULL: any */
  bool hidden; /* there were some that the role may not see */
} policy_search;

/* docs: sql-reference/functions/policy_references, "Usage notes": which the role may see */
static void add_policy(run *r, policy_search *s, object *policy, object *o, const column *c, const object *tag) {
  if ((s->entity && s->entity != o) || (s->policy && s->policy != policy)) return;
  const char *privilege = policy->kind == K_MASKING_POLICY ? "APPLY MASKING POLICY" : "APPLY ROW ACCESS POLICY";
  bool all = holds(r->state, r->context, privilege, r->state->account);
  if (!all && !(holds(r->state, r->context, "APPLY", policy) && owns(r->state, r->context, o))) {
    s->hidden = true;
    return;
  }
  char *given = NULL;
  if (policy->kind == K_ROW_ACCESS_POLICY) given = json_list(r, &o->policy_columns);
  ROW(s->table, database_of(policy)->name, policy->parent->name, policy->name,
    policy->kind == K_MASKING_POLICY ? "MASKING_POLICY" : "ROW_ACCESS_POLICY", database_of(o)->name, o->parent->name, o->name,
    o->kind == K_TAG ? "TAG" : o->kind == K_VIEW || o->kind == K_MATERIALIZED_VIEW ? "VIEW" : "TABLE", c ? c->name : NULL, given,
    tag ? database_of((object *)tag)->name : NULL, tag ? tag->parent->name : NULL, tag ? tag->name : NULL, "ACTIVE");
}

static table *policy_references(run *r, list *arguments, list *names) {
  char *entity = NULL, *domain = NULL, *policy_name = NULL;
  for (size_t i = 0; i < arguments->count; i++) {
    char **to = same(names->at[i], "REF_ENTITY_NAME") ? &entity : same(names->at[i], "REF_ENTITY_DOMAIN") ? &domain
      : same(names->at[i], "POLICY_NAME") ? &policy_name : NULL;
    if (!to || *to) fail(r, 1044, "42P13", "SQL compilation error: error line 1 at position 0\nInvalid argument types for function "
      "'POLICY_REFERENCES'");
    *to = arguments->at[i];
  }
  if (policy_name ? entity || domain : !entity || !domain)
    fail(r, 1044, "42P13", "SQL compilation error: error line 1 at position 0\nInvalid argument types for function 'POLICY_REFERENCES'");
  policy_search s = {.table = new_table(r, "POLICY_DB POLICY_SCHEMA POLICY_NAME POLICY_KIND REF_DATABASE_NAME REF_SCHEMA_NAME "
    "REF_ENTITY_NAME REF_ENTITY_DOMAIN REF_COLUMN_NAME REF_ARG_COLUMN_NAMES TAG_DATABASE TAG_SCHEMA TAG_NAME POLICY_STATUS")};
  if (policy_name) {
    column *c = NULL;
    s.policy = object_argument(r, policy_name, "MASKING POLICY", &c);
  } else {
    column *c = NULL;
    const char *upper_domain = upper(&r->memory, domain);
    if (!same(upper_domain, "TABLE") && !same(upper_domain, "VIEW") && !same(upper_domain, "TAG"))
      fail(r, 1044, "42P13", "SQL compilation error: error line 1 at position 0\nInvalid value '%s' for argument REF_ENTITY_DOMAIN.", domain);
    s.entity = object_argument(r, entity, same(upper_domain, "VIEW") ? "TABLE" : upper_domain, &c);
  }
  for (size_t i = 0; i < r->state->objects.count; i++) {
    object *o = r->state->objects.at[i];
    if (o->dropped || (o->kind != K_TAG && !has_columns(o->kind))) continue;
    for (size_t j = 0; j < o->policies.count; j++) add_policy(r, &s, o->policies.at[j], o, NULL, o->kind == K_TAG ? o : NULL);
    for (size_t j = 0; j < o->columns.count; j++) {
      object *tag, *policy = masking_policy_of(r, o, o->columns.at[j], &tag);
      if (policy) add_policy(r, &s, policy, o, o->columns.at[j], tag);
    }
  }
  /* Owning a table without any right on its policies is an error there, not an empty answer. */
  if (s.hidden && !s.table->rows.count && s.entity && has_columns(s.entity->kind) && owns(r->state, r->context, s.entity))
    denied(r, s.entity);
  return s.table;
}

table *table_function(run *r, object *database, const char *function, list *arguments, list *names) {
  (void)database;
  if (same(function, "POLICY_REFERENCES")) return policy_references(r, arguments, names);
  bool all = same(function, "TAG_REFERENCES_ALL_COLUMNS");
  if (!all && !same(function, "TAG_REFERENCES")) return NULL;
  bool named = false;
  for (size_t i = 0; i < names->count; i++) named |= names->at[i] != NULL;
  if (arguments->count != 2 || named)
    fail(r, 1044, "42P13", "SQL compilation error: error line 1 at position 0\nInvalid argument types for function '%s'", function);
  return (all ? tag_references_all_columns : tag_references)(r, arguments->at[0], arguments->at[1]);
}

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
    *h = (heading){c->name, same(family, "NUMBER") || same(family, "FLOAT") ? V_NUMBER : same(family, "BOOLEAN") ? V_BOOLEAN : V_TEXT};
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
