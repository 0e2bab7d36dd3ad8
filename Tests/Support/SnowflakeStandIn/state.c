#include "standin.h"
#include <stdlib.h>
#include <string.h>

static const char *const names[K_COUNT] = {"ACCOUNT", "DATABASE", "SCHEMA", "TABLE", "EXTERNAL TABLE", "DYNAMIC TABLE",
  "ICEBERG TABLE", "EVENT TABLE", "VIEW", "MATERIALIZED VIEW", "STAGE", "PROCEDURE", "FUNCTION", "TAG",
  "MASKING POLICY", "ROW ACCESS POLICY", "ROLE", "USER", "WAREHOUSE"};

const char *kind_name(kind k) { return names[k]; }

bool is_table(kind k) { return k >= K_TABLE && k <= K_EVENT_TABLE; }

bool has_columns(kind k) { return k >= K_TABLE && k <= K_MATERIALIZED_VIEW; }

object *find(const state *s, kind k, const object *parent, const char *name) {
  for (size_t i = 0; i < s->objects.count; i++) {
    object *o = s->objects.at[i];
    if (!o->dropped && o->kind == k && o->parent == parent && same(o->name, name)) return o;
  }
  return NULL;
}

/* Tables and views share one space of names. docs: sql-reference/sql/create-table */
object *find_relation(const state *s, const object *schema, const char *name) {
  for (size_t i = 0; i < s->objects.count; i++) {
    object *o = s->objects.at[i];
    if (!o->dropped && has_columns(o->kind) && o->parent == schema && same(o->name, name)) return o;
  }
  return NULL;
}

column *find_column(const object *o, const char *name) {
  for (size_t i = 0; i < o->columns.count; i++)
    if (same(((column *)o->columns.at[i])->name, name)) return o->columns.at[i];
  return NULL;
}

object *add_object(state *s, kind k, object *parent, const char *name, object *owner) {
  object *o = take(&s->memory, sizeof *o);
  o->kind = k;
  o->parent = parent;
  o->name = copy(&s->memory, name);
  o->owner = owner;
  o->created = s->number + 1;
  append(&s->memory, &s->objects, o);
  return o;
}

static void drop_grants(state *s, const object *o) {
  size_t kept = 0;
  for (size_t i = 0; i < s->grants.count; i++) {
    grant *g = s->grants.at[i];
    if (g->on != o && g->to != o) s->grants.at[kept++] = g;
  }
  s->grants.count = kept;
}

void drop_object(state *s, object *o) {
  for (size_t i = 0; i < s->objects.count; i++) {
    object *child = s->objects.at[i];
    if (!child->dropped && child->parent == o) drop_object(s, child);
  }
  o->dropped = s->number + 1;
  for (size_t i = 0; i < s->references.count; i++) {
    reference *f = s->references.at[i];
    if (f->tag == o && !f->until) f->until = o->dropped;
  }
  drop_grants(s, o);
}

object *schema_of(object *o) {
  while (o && o->kind != K_SCHEMA) o = o->parent;
  return o;
}

object *database_of(object *o) {
  while (o && o->kind != K_DATABASE) o = o->parent;
  return o;
}

const char *full_name(arena *a, const object *o) {
  const char *own = quoted_if_needed(a, o->name);
  if (o->arguments) own = format(a, "%s%s", own, o->arguments);
  return o->parent ? format(a, "%s.%s", full_name(a, o->parent), own) : own;
}

reference *find_reference(const state *s, const object *tag, const object *o, const column *c) {
  for (size_t i = 0; i < s->references.count; i++) {
    reference *f = s->references.at[i];
    if (!f->until && f->tag == tag && f->object == o && f->column == c) return f;
  }
  return NULL;
}

static void give(state *s, const char *privilege, object *on, object *to) {
  grant *g = take(&s->memory, sizeof *g);
  *g = (grant){copy(&s->memory, privilege), on, to, to, false};
  append(&s->memory, &s->grants, g);
}

/* An account as it is on its first day: the system's roles, one user, one warehouse, the shared database.
 * docs: user-guide/security-access-control-overview, "System-defined roles" */
state *new_state(void) {
  state *s = calloc(1, sizeof *s);
  if (!s) abort();
  object *owner = add_object(s, K_ROLE, NULL, "ACCOUNTADMIN", NULL);
  owner->owner = owner;
  s->account = add_object(s, K_ACCOUNT, NULL, "STANDIN", owner);
  object *security = add_object(s, K_ROLE, NULL, "SECURITYADMIN", owner);
  object *users = add_object(s, K_ROLE, NULL, "USERADMIN", owner);
  object *system = add_object(s, K_ROLE, NULL, "SYSADMIN", owner);
  add_object(s, K_ROLE, NULL, "PUBLIC", owner);
  give(s, "USAGE", security, owner);
  give(s, "USAGE", system, owner);
  give(s, "USAGE", users, security);
  give(s, "MANAGE GRANTS", s->account, security);
  give(s, "CREATE ROLE", s->account, users);
  give(s, "CREATE USER", s->account, users);
  give(s, "CREATE DATABASE", s->account, system);
  give(s, "CREATE WAREHOUSE", s->account, system);
  give(s, "APPLY TAG", s->account, owner);
  give(s, "APPLY MASKING POLICY", s->account, owner);
  give(s, "APPLY ROW ACCESS POLICY", s->account, owner);
  object *warehouse = add_object(s, K_WAREHOUSE, NULL, "COMPUTE_WH", owner);
  (void)warehouse;
  object *shared = add_object(s, K_DATABASE, NULL, "SNOWFLAKE", owner);
  add_object(s, K_SCHEMA, shared, "ACCOUNT_USAGE", owner);
  object *admin = add_object(s, K_USER, NULL, "ADMIN", owner);
  admin->password = copy(&s->memory, "admin");
  admin->default_role = copy(&s->memory, "ACCOUNTADMIN");
  admin->default_warehouse = copy(&s->memory, "COMPUTE_WH");
  give(s, "USAGE", owner, admin);
  return s;
}

void free_state(state *s) {
  release(&s->memory);
  free(s);
}
