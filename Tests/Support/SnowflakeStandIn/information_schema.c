#include "standin.h"
#include <string.h>

/* The views of a database's INFORMATION_SCHEMA: each as its page has it, with what the role may see. */

static char *yes(bool is) { return is ? "YES" : "NO"; }

/* docs: sql-reference/info-schema/databases */
static table *databases(run *r) {
  table *t =
    new_table(r, "DATABASE_NAME DATABASE_OWNER IS_TRANSIENT COMMENT CREATED@ LAST_ALTERED@ RETENTION_TIME# TYPE");
  list all = shown_objects(r, K_DATABASE, K_DATABASE, NULL);
  for (size_t i = 0; i < all.count; i++) {
    const object *o = all.at[i];
    char *made = moment(r, o->created);
    ROW(t, o->name, owner_of(o), yes(o->transient), o->comment, made, made, "1", "STANDARD");
  }
  return t;
}

/* docs: sql-reference/info-schema/schemata */
static table *schemata(run *r, object *database) {
  table *t = new_table(r,
    "CATALOG_NAME SCHEMA_NAME SCHEMA_OWNER IS_TRANSIENT IS_MANAGED_ACCESS RETENTION_TIME# CREATED@ LAST_ALTERED@ "
    "COMMENT");
  list all = shown_objects(r, K_SCHEMA, K_SCHEMA, database);
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

/* The schema's views are among a database's views. docs: sql-reference/info-schema/tables */
static const char *const own_views[] = {
  "COLUMNS", "DATABASES", "FUNCTIONS", "PROCEDURES", "SCHEMATA", "STAGES", "TABLES", "VIEWS", NULL};

/* docs: sql-reference/info-schema/tables */
static table *tables(run *r, object *database) {
  table *t = new_table(r,
    "TABLE_CATALOG TABLE_SCHEMA TABLE_NAME TABLE_OWNER TABLE_TYPE IS_TRANSIENT CLUSTERING_KEY ROW_COUNT# BYTES# "
    "RETENTION_TIME# CREATED@ LAST_ALTERED@ LAST_DDL@ LAST_DDL_BY AUTO_CLUSTERING_ON COMMENT IS_TEMPORARY IS_ICEBERG "
    "IS_DYNAMIC "
    "IS_IMMUTABLE IS_HYBRID");
  list all = shown_objects(r, K_TABLE, K_MATERIALIZED_VIEW, database);
  for (size_t i = 0; i < all.count; i++) {
    const object *o = all.at[i];
    bool view = o->kind == K_VIEW;
    char *made = moment(r, o->created), *count = view ? NULL : format(&r->memory, "%zu", o->rows.count);
    ROW(t, database->name, o->parent->name, o->name, owner_of(o), table_type(o), view ? NULL : yes(o->transient), NULL,
      count, view ? NULL : "0", view ? NULL : "1", made, made, made, NULL, "NO", o->comment, "NO",
      yes(o->kind == K_ICEBERG_TABLE), yes(o->kind == K_DYNAMIC_TABLE), "NO", "NO");
  }
  for (const char *const *view = own_views; *view; view++)
    ROW(t, database->name, "INFORMATION_SCHEMA", copy(&r->memory, *view), NULL, "VIEW", NULL, NULL, NULL, NULL, NULL,
      NULL, NULL, NULL, NULL, "NO", NULL, "NO", "NO", "NO", "NO", "NO");
  return t;
}

/* docs: sql-reference/info-schema/views */
static table *views(run *r, object *database) {
  table *t = new_table(r,
    "TABLE_CATALOG TABLE_SCHEMA TABLE_NAME TABLE_OWNER VIEW_DEFINITION CHECK_OPTION IS_UPDATABLE INSERTABLE_INTO "
    "IS_SECURE CREATED@ LAST_ALTERED@ LAST_DDL@ LAST_DDL_BY COMMENT");
  list all = shown_objects(r, K_VIEW, K_MATERIALIZED_VIEW, database);
  for (size_t i = 0; i < all.count; i++) {
    const object *o = all.at[i];
    char *made = moment(r, o->created);
    bool hidden = o->secure && !owns(r->state, r->context, o);
    ROW(t, database->name, o->parent->name, o->name, owner_of(o), hidden ? NULL : o->body, "NONE", "NO", "NO",
      yes(o->secure), made, made, made, NULL, o->comment);
  }
  return t;
}

/* docs: sql-reference/info-schema/columns */
static table *columns(run *r, object *database) {
  table *t = new_table(r,
    "TABLE_CATALOG TABLE_SCHEMA TABLE_NAME COLUMN_NAME ORDINAL_POSITION# COLUMN_DEFAULT IS_NULLABLE DATA_TYPE "
    "CHARACTER_MAXIMUM_LENGTH# NUMERIC_PRECISION# NUMERIC_SCALE# COMMENT");
  list all = shown_objects(r, K_TABLE, K_MATERIALIZED_VIEW, database);
  for (size_t i = 0; i < all.count; i++) {
    const object *o = all.at[i];
    for (size_t j = 0; j < o->columns.count; j++) {
      const column *c = o->columns.at[j];
      const char *shown = column_data_type(c->type), *size = strchr(c->type, '(');
      char *first = size ? copy_part(&r->memory, size + 1, strcspn(size + 1, ",)")) : NULL;
      const char *comma = size ? strchr(size, ',') : NULL;
      char *second = comma ? copy_part(&r->memory, comma + 1, strcspn(comma + 1, ")")) : NULL;
      ROW(t, database->name, o->parent->name, o->name, c->name, format(&r->memory, "%zu", j + 1), c->initial,
        yes(c->nullable), copy(&r->memory, shown), same(shown, "TEXT") ? first : NULL,
        same(shown, "NUMBER") ? first : NULL, same(shown, "NUMBER") ? second : NULL, c->comment);
    }
  }
  return t;
}

/* docs: sql-reference/info-schema/stages */
static table *stages(run *r, object *database) {
  table *t = new_table(r,
    "STAGE_CATALOG STAGE_SCHEMA STAGE_NAME STAGE_URL STAGE_REGION STAGE_TYPE STAGE_OWNER COMMENT CREATED@ "
    "LAST_ALTERED@");
  list all = shown_objects(r, K_STAGE, K_STAGE, database);
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
  table *t = new_table(r,
    format(&r->memory,
      "%s_CATALOG %s_SCHEMA %s_NAME %s_OWNER ARGUMENT_SIGNATURE DATA_TYPE %s_LANGUAGE "
      "%s_DEFINITION CREATED@ LAST_ALTERED@ COMMENT",
      word, word, word, word, word, word));
  list all = shown_objects(r, k, k, database);
  for (size_t i = 0; i < all.count; i++) {
    const object *o = all.at[i];
    char *made = moment(r, o->created);
    ROW(t, database->name, o->parent->name, o->name, owner_of(o), o->signature, o->returns, "SQL", o->body, made, made,
      o->comment);
  }
  return t;
}

table *information_schema(run *r, object *database, const char *view) {
  table *t = same(view, "DATABASES") ? databases(r)
    : same(view, "SCHEMATA")         ? schemata(r, database)
    : same(view, "TABLES")           ? tables(r, database)
    : same(view, "VIEWS")            ? views(r, database)
    : same(view, "COLUMNS")          ? columns(r, database)
    : same(view, "STAGES")           ? stages(r, database)
    : same(view, "PROCEDURES")       ? routines(r, database, K_PROCEDURE)
    : same(view, "FUNCTIONS")        ? routines(r, database, K_FUNCTION)
                                     : NULL;
  return t;
}
