#include "standin.h"
#include <stdlib.h>
#include <string.h>

/* Which tags and policies are where: ACCOUNT_USAGE and the table functions. */

/* How far the late views have come: the number of a statement, or "now". Nothing, unless a test says so.
 * docs: sql-reference/account-usage, "Data latency" */
static unsigned long known_until(run *r) {
  char *value = r->session ? setting(&r->memory, r->session->folder, "account_usage_as_of") : NULL;
  return !value ? 0 : same(value, "now") ? r->state->number : strtoul(value, NULL, 10);
}

/* docs: sql-reference/account-usage/tag_references: direct ones only, dropped objects too */
static table *usage_tag_references(run *r) {
  table *t = new_table(r,
    "TAG_DATABASE TAG_SCHEMA TAG_ID# TAG_NAME TAG_VALUE OBJECT_DATABASE OBJECT_SCHEMA OBJECT_ID# OBJECT_NAME "
    "OBJECT_DELETED@ DOMAIN COLUMN_ID# COLUMN_NAME APPLY_METHOD");
  unsigned long until = known_until(r);
  for (size_t i = 0; i < r->state->references.count; i++) {
    const reference *f = r->state->references.at[i];
    if (f->since > until || (f->until && f->until <= until)) continue;
    object *o = f->object, *database = database_of(o->parent), *schema = schema_of(o->parent);
    bool gone = o->dropped && o->dropped <= until;
    ROW(t, database_of(f->tag)->name, f->tag->parent->name, format(&r->memory, "%lu", f->tag->created), f->tag->name,
      f->value, database ? database->name : NULL, schema ? schema->name : NULL, format(&r->memory, "%lu", o->created),
      o->name, gone ? moment(r, o->dropped) : NULL, f->column ? "COLUMN" : copy(&r->memory, domain_of(o)),
      f->column ? "1" : NULL, f->column ? f->column->name : NULL, "MANUAL");
  }
  return t;
}

/* docs: sql-reference/account-usage/tags */
static table *usage_tags(run *r) {
  table *t = new_table(r,
    "TAG_ID# TAG_NAME TAG_SCHEMA_ID# TAG_SCHEMA TAG_DATABASE_ID# TAG_DATABASE TAG_OWNER TAG_COMMENT CREATED@ "
    "LAST_ALTERED@ DELETED@ ALLOWED_VALUES OWNER_ROLE_TYPE");
  unsigned long until = known_until(r);
  for (size_t i = 0; i < r->state->objects.count; i++) {
    object *o = r->state->objects.at[i];
    if (o->kind != K_TAG || o->created > until) continue;
    char *made = moment(r, o->created);
    ROW(t, format(&r->memory, "%lu", o->created), o->name, format(&r->memory, "%lu", o->parent->created),
      o->parent->name, format(&r->memory, "%lu", database_of(o)->created), database_of(o)->name, owner_of(o),
      o->comment, made, made, o->dropped && o->dropped <= until ? moment(r, o->dropped) : NULL,
      o->is_restricted ? json_list(r, &o->allowed) : NULL, "ROLE");
  }
  return t;
}

table *account_usage(run *r, const char *view) {
  return same(view, "TAG_REFERENCES") ? usage_tag_references(r) : same(view, "TAGS") ? usage_tags(r) : NULL;
}

static char *const reference_columns =
  "TAG_DATABASE TAG_SCHEMA TAG_NAME TAG_VALUE APPLY_METHOD LEVEL OBJECT_DATABASE OBJECT_SCHEMA "
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
      level ? copy(&r->memory, domain_of(level)) : "COLUMN", database ? database->name : NULL,
      schema ? schema->name : NULL, o->name, c ? "COLUMN" : copy(&r->memory, domain_of(o)), c ? c->name : NULL);
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
    fail(r, 1044, "42P13",
      "SQL compilation error: error line 1 at position 0\nInvalid argument: the domain must be 'TABLE'.");
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
    policy->kind == K_MASKING_POLICY ? "MASKING_POLICY" : "ROW_ACCESS_POLICY", database_of(o)->name, o->parent->name,
    o->name,
    o->kind == K_TAG                                        ? "TAG"
      : o->kind == K_VIEW || o->kind == K_MATERIALIZED_VIEW ? "VIEW"
                                                            : "TABLE",
    c ? c->name : NULL, given, tag ? database_of((object *)tag)->name : NULL, tag ? tag->parent->name : NULL,
    tag ? tag->name : NULL, "ACTIVE");
}

static table *policy_references(run *r, list *arguments, list *names) {
  char *entity = NULL, *domain = NULL, *policy_name = NULL;
  for (size_t i = 0; i < arguments->count; i++) {
    char **to = same(names->at[i], "REF_ENTITY_NAME") ? &entity
      : same(names->at[i], "REF_ENTITY_DOMAIN")       ? &domain
      : same(names->at[i], "POLICY_NAME")             ? &policy_name
                                                      : NULL;
    if (!to || *to)
      fail(r, 1044, "42P13",
        "SQL compilation error: error line 1 at position 0\nInvalid argument types for function "
        "'POLICY_REFERENCES'");
    *to = arguments->at[i];
  }
  if (policy_name ? entity || domain : !entity || !domain)
    fail(r, 1044, "42P13",
      "SQL compilation error: error line 1 at position 0\nInvalid argument types for function 'POLICY_REFERENCES'");
  policy_search s = {.table = new_table(r,
                       "POLICY_DB POLICY_SCHEMA POLICY_NAME POLICY_KIND REF_DATABASE_NAME REF_SCHEMA_NAME "
                       "REF_ENTITY_NAME REF_ENTITY_DOMAIN REF_COLUMN_NAME REF_ARG_COLUMN_NAMES TAG_DATABASE TAG_SCHEMA "
                       "TAG_NAME POLICY_STATUS")};
  if (policy_name) {
    column *c = NULL;
    s.policy = object_argument(r, policy_name, "MASKING POLICY", &c);
  } else {
    column *c = NULL;
    const char *upper_domain = upper(&r->memory, domain);
    if (!same(upper_domain, "TABLE") && !same(upper_domain, "VIEW") && !same(upper_domain, "TAG"))
      fail(r, 1044, "42P13",
        "SQL compilation error: error line 1 at position 0\nInvalid value '%s' for argument REF_ENTITY_DOMAIN.",
        domain);
    s.entity = object_argument(r, entity, same(upper_domain, "VIEW") ? "TABLE" : upper_domain, &c);
  }
  for (size_t i = 0; i < r->state->objects.count; i++) {
    object *o = r->state->objects.at[i];
    if (o->dropped || (o->kind != K_TAG && !has_columns(o->kind))) continue;
    for (size_t j = 0; j < o->policies.count; j++)
      add_policy(r, &s, o->policies.at[j], o, NULL, o->kind == K_TAG ? o : NULL);
    for (size_t j = 0; j < o->columns.count; j++) {
      object *tag, *policy = masking_policy_of(r, o, o->columns.at[j], &tag);
      if (policy) add_policy(r, &s, policy, o, o->columns.at[j], tag);
    }
  }
  /* Owning a table without any right on its policies is an error there, not an empty answer. */
  if (s.hidden && !s.table->rows.count && s.entity && has_columns(s.entity->kind) &&
    owns(r->state, r->context, s.entity))
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
    fail(r, 1044, "42P13",
      "SQL compilation error: error line 1 at position 0\nInvalid argument types for function '%s'", function);
  return (all ? tag_references_all_columns : tag_references)(r, arguments->at[0], arguments->at[1]);
}
