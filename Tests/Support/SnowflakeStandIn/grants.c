#include "standin.h"
#include <string.h>

/* docs: user-guide/security-access-control-privileges: what can be granted on each kind. */
static const struct {
  kind kind;
  const char *privileges; /* each between bars */
} allowed[] = {
  {K_ACCOUNT,
    "|APPLY TAG|APPLY MASKING POLICY|APPLY ROW ACCESS POLICY|CREATE DATABASE|CREATE ROLE|CREATE USER|CREATE WAREHOUSE|"
    "MANAGE GRANTS|MONITOR USAGE|"},
  {K_DATABASE, "|USAGE|MODIFY|MONITOR|CREATE SCHEMA|IMPORTED PRIVILEGES|"},
  {K_SCHEMA,
    "|USAGE|MODIFY|MONITOR|CREATE TABLE|CREATE EXTERNAL TABLE|CREATE DYNAMIC TABLE|CREATE ICEBERG TABLE|"
    "CREATE EVENT TABLE|CREATE VIEW|CREATE MATERIALIZED VIEW|CREATE STAGE|CREATE FUNCTION|CREATE PROCEDURE|CREATE TAG|"
    "CREATE MASKING POLICY|CREATE ROW ACCESS POLICY|"},
  {K_TABLE, "|SELECT|INSERT|UPDATE|DELETE|TRUNCATE|REFERENCES|"},
  {K_EXTERNAL_TABLE, "|SELECT|REFERENCES|"},
  {K_DYNAMIC_TABLE, "|SELECT|OPERATE|MONITOR|REFERENCES|"},
  {K_ICEBERG_TABLE, "|SELECT|INSERT|UPDATE|DELETE|TRUNCATE|REFERENCES|"},
  {K_EVENT_TABLE, "|SELECT|INSERT|UPDATE|DELETE|TRUNCATE|"},
  {K_VIEW, "|SELECT|REFERENCES|"},
  {K_MATERIALIZED_VIEW, "|SELECT|REFERENCES|"},
  {K_STAGE, "|USAGE|READ|WRITE|"},
  {K_FUNCTION, "|USAGE|"},
  {K_PROCEDURE, "|USAGE|"},
  {K_TAG, "|APPLY|READ|"},
  {K_MASKING_POLICY, "|APPLY|"},
  {K_ROW_ACCESS_POLICY, "|APPLY|"},
  {K_WAREHOUSE, "|USAGE|OPERATE|MODIFY|MONITOR|"},
};

static const char *privileges_of(kind k) {
  for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++)
    if (allowed[i].kind == k) return allowed[i].privileges;
  return "|";
}

static bool has_privilege(kind k, const char *privilege) {
  const char *at = strstr(privileges_of(k), privilege);
  return at && at[-1] == '|' && at[strlen(privilege)] == '|';
}

/* The words of one privilege: up to a comma or ON. */
static char *want_privilege(run *r) {
  char *text = NULL;
  while (here(r)->kind == T_WORD && !is_word(r, "ON")) {
    text = text ? format(&r->memory, "%s %s", text, here(r)->text) : here(r)->text;
    r->at++;
  }
  if (!text) unexpected(r);
  return text;
}

static object *want_role(run *r) { return resolve(r, K_ROLE, want_qualified_name(r)); }

/* Giving away what an object allows: its owner, who may manage grants, or who got it with the option; in a managed
 * access schema the schema's owner instead of the object's. docs: user-guide/security-access-control-considerations,
 * grant-privilege */
static void may_grant(run *r, object *o, const char *privilege) {
  if (holds(r->state, r->context, "MANAGE GRANTS", r->state->account)) return;
  object *schema = o->kind == K_SCHEMA ? NULL : schema_of(o);
  if (owns(r->state, r->context, schema && schema->managed ? schema : o) && o->kind != K_ACCOUNT) return;
  for (size_t i = 0; i < r->state->grants.count; i++) {
    grant *g = r->state->grants.at[i];
    if (g->on == o && g->with_option && same(g->privilege, privilege) && g->to->kind == K_ROLE &&
      role_has_role(r->state, r->context->role, g->to))
      return;
  }
  denied(r, o);
}

static grant *find_grant(run *r, const char *privilege, object *on, object *to) {
  for (size_t i = 0; i < r->state->grants.count; i++) {
    grant *g = r->state->grants.at[i];
    if (g->on == on && g->to == to && same(g->privilege, privilege)) return g;
  }
  return NULL;
}

static void add_grant(run *r, const char *privilege, object *on, object *to, bool with_option) {
  grant *g = find_grant(r, privilege, on, to);
  if (!g) {
    g = take(&r->state->memory, sizeof *g);
    append(&r->state->memory, &r->state->grants, g);
  }
  *g = (grant){copy(&r->state->memory, privilege), on, to, r->context->role, with_option || g->with_option};
}

static void remove_grant(state *s, grant *g) {
  size_t at = 0;
  while (s->grants.at[at] != g) at++;
  memmove(s->grants.at + at, s->grants.at + at + 1, (--s->grants.count - at) * sizeof(void *));
}

/* One object, or all of a kind: ALL TABLES IN SCHEMA s. */
static list want_objects(run *r, kind *k) {
  list objects = {0};
  if (take_word(r, "ALL")) {
    static const struct {
      const char *word;
      kind kind;
    } plurals[] = {{"TABLES", K_TABLE}, {"VIEWS", K_VIEW}, {"STAGES", K_STAGE}, {"FUNCTIONS", K_FUNCTION},
      {"PROCEDURES", K_PROCEDURE}, {"SCHEMAS", K_SCHEMA}, {"TAGS", K_TAG}};
    size_t i = 0;
    while (i < sizeof plurals / sizeof *plurals && !take_word(r, plurals[i].word)) i++;
    if (i == sizeof plurals / sizeof *plurals) unexpected(r);
    *k = plurals[i].kind;
    want_word(r, "IN");
    kind container = take_word(r, "DATABASE") ? K_DATABASE : K_SCHEMA;
    if (container == K_SCHEMA) want_word(r, "SCHEMA");
    if (*k == K_SCHEMA && container == K_SCHEMA) unexpected(r);
    object *in = resolve(r, container, want_qualified_name(r));
    for (size_t j = 0; j < r->state->objects.count; j++) {
      object *o = r->state->objects.at[j];
      if (!o->dropped && o->kind == *k &&
        (o->parent == in || (container == K_DATABASE && database_of(o) == in && o != in)))
        append(&r->memory, &objects, o);
    }
    return objects;
  }
  if (!want_kind(r, k) || *k == K_ACCOUNT) unexpected(r);
  name n = want_qualified_name(r);
  if (*k == K_VIEW) {
    object *materialized = resolve_relation(r, n);
    if (materialized->kind == K_MATERIALIZED_VIEW) {
      append(&r->memory, &objects, materialized);
      return objects;
    }
  }
  object *o =
    *k == K_FUNCTION || *k == K_PROCEDURE ? resolve_routine(r, *k, n, want_argument_types(r)) : resolve(r, *k, n);
  if (!o) missing(r, *k, written(r, n));
  append(&r->memory, &objects, o);
  return objects;
}

static bool is_outbound(const grant *g, const object *o) { return g->on == o && g->to->kind == K_ROLE; }

/* GRANT OWNERSHIP ON kind name TO ROLE r [ { REVOKE | COPY } CURRENT GRANTS ]. docs:
 * sql-reference/sql/grant-ownership */
static void grant_ownership(run *r) {
  want_word(r, "ON");
  kind k;
  size_t start = r->at;
  list objects = want_objects(r, &k);
  /* "Usage notes": a materialized view is a VIEW here; there is no separate statement for it. */
  if (k == K_MATERIALIZED_VIEW) {
    r->at = start;
    unexpected(r);
  }
  want_word(r, "TO");
  want_word(r, "ROLE");
  object *to = want_role(r);
  bool revoke = take_word(r, "REVOKE"), copies = !revoke && take_word(r, "COPY");
  if (revoke || copies) want_word(r, "CURRENT"), want_word(r, "GRANTS");
  want_end(r);
  bool manages = holds(r->state, r->context, "MANAGE GRANTS", r->state->account);
  char *bundle = r->session ? setting(&r->memory, r->session->folder, "bundle_2026_07") : NULL;
  bool by_active_roles = bundle && same(bundle, "enabled");
  for (size_t i = 0; i < objects.count; i++) {
    object *o = objects.at[i];
    if (!manages && !owns(r->state, r->context, o)) denied(r, o);
    /* docs: release-notes/bcr-bundles/2026_07/bcr-2395, where an account has taken it; its code is a guess. */
    if (!manages && by_active_roles && !acts_as(r->state, r->context, to))
      fail(r, 3001, "42501",
        "SQL compilation error: %s ownership can only be transferred to a role that is activated in the current "
        "session or "
        "by a role with account-level MANAGE GRANTS.",
        kind_name(o->kind));
    /* COPY: with MANAGE GRANTS, or when the new owner is among the active roles. */
    if (copies && !manages && !acts_as(r->state, r->context, to)) denied(r, o);
    for (size_t j = 0; j < r->state->grants.count && !revoke && !copies; j++) {
      grant *g = r->state->grants.at[j];
      /* seen: 003036 (23001) */
      if (is_outbound(g, o))
        fail(r, 3036, "23001",
          "SQL execution error: Dependent grant of privilege '%s' on securable '%s' to role '%s' exists.  It must "
          "be revoked first.  More than one dependent grant may exist: use 'SHOW GRANTS' command to view them.  To "
          "revoke all "
          "dependent grants while transferring object ownership, use convenience command 'GRANT OWNERSHIP ON "
          "<target_objects> TO "
          "<target_role> REVOKE CURRENT GRANTS'.",
          g->privilege, full_name(&r->memory, o), g->to->name);
    }
  }
  for (size_t i = 0; i < objects.count; i++) {
    object *o = objects.at[i];
    for (size_t j = r->state->grants.count; j-- > 0;) {
      grant *g = r->state->grants.at[j];
      if (!is_outbound(g, o)) continue;
      if (revoke) remove_grant(r->state, g);
      else g->by = to; /* what was granted goes on, in the new owner's name */
    }
    o->owner = to;
  }
  r->changes = true;
  succeeded(r, "Statement executed successfully.");
}

/* GRANT ROLE r TO { ROLE | USER } x. docs: sql-reference/sql/grant-role */
static void grant_role(run *r, bool revoking) {
  object *role = want_role(r);
  want_word(r, revoking ? "FROM" : "TO");
  kind k = take_word(r, "USER") ? K_USER : K_ROLE;
  if (k == K_ROLE) want_word(r, "ROLE");
  object *to = resolve(r, k, want_qualified_name(r));
  want_end(r);
  if (!owns(r->state, r->context, role) && !holds(r->state, r->context, "MANAGE GRANTS", r->state->account))
    denied(r, role);
  if (!revoking && k == K_ROLE && role_has_role(r->state, role, to) && !same(to->name, "PUBLIC"))
    fail(r, 3039, "0A000", "SQL execution error:\nRole '%s' cannot be granted to role '%s': a cycle.", role->name,
      to->name);
  grant *g = find_grant(r, "USAGE", role, to);
  if (!revoking) add_grant(r, "USAGE", role, to, false);
  else if (g) remove_grant(r->state, g);
  r->changes = true;
  succeeded(r, "Statement executed successfully.");
}

/* docs: sql-reference/sql/grant-privilege, sql-reference/sql/revoke-privilege */
static void privileges(run *r, bool revoking) {
  list wanted = {0};
  bool all = take_word(r, "ALL");
  if (all) take_word(r, "PRIVILEGES");
  else do
      append(&r->memory, &wanted, want_privilege(r));
    while (take_symbol(r, ","));
  want_word(r, "ON");
  kind k = K_ACCOUNT;
  list objects = {0};
  if (take_word(r, "ACCOUNT")) append(&r->memory, &objects, r->state->account);
  else objects = want_objects(r, &k);
  want_word(r, revoking ? "FROM" : "TO");
  want_word(r, "ROLE");
  object *role = want_role(r);
  bool with_option = !revoking && take_words(r, "WITH", "GRANT");
  if (with_option) want_word(r, "OPTION");
  if (revoking && !take_word(r, "CASCADE")) take_word(r, "RESTRICT");
  want_end(r);
  if (all) {
    char *names = copy(&r->memory, privileges_of(k)), *rest = NULL;
    for (char *one = strtok_r(names, "|", &rest); one; one = strtok_r(NULL, "|", &rest))
      append(&r->memory, &wanted, one);
  }
  for (size_t i = 0; i < wanted.count; i++) {
    /* seen: 003008: OWNERSHIP can only be transferred */
    if (revoking && same(wanted.at[i], "OWNERSHIP"))
      fail(r, 3008, "0A000", "SQL compilation error:\nOWNERSHIP can only be transferred, it cannot be revoked.");
    if (!has_privilege(k, wanted.at[i]))
      fail(r, 3042, "42601", "SQL access control error:\nInvalid privilege '%s' for securable type '%s'.",
        (char *)wanted.at[i], kind_name(k));
    for (size_t j = 0; j < objects.count; j++) may_grant(r, objects.at[j], wanted.at[i]);
  }
  for (size_t i = 0; i < wanted.count; i++) {
    for (size_t j = 0; j < objects.count; j++) {
      grant *g = find_grant(r, wanted.at[i], objects.at[j], role);
      if (!revoking) add_grant(r, wanted.at[i], objects.at[j], role, with_option);
      else if (g) remove_grant(r->state, g);
    }
  }
  r->changes = true;
  succeeded(r, "Statement executed successfully.");
}

void run_grant(run *r) {
  if (take_word(r, "OWNERSHIP")) return grant_ownership(r);
  if (take_word(r, "ROLE")) return grant_role(r, false);
  privileges(r, false);
}

void run_revoke(run *r) {
  if (take_word(r, "ROLE")) return grant_role(r, true);
  privileges(r, true);
}
