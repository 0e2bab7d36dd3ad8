#include "standin.h"

/* docs: user-guide/security-access-control-overview, "Role hierarchy and privilege inheritance" */
bool role_has_role(const state *s, const object *role, const object *other) {
  if (role == other || same(other->name, "PUBLIC")) return true;
  for (size_t i = 0; i < s->grants.count; i++) {
    const grant *g = s->grants.at[i];
    if (g->to == role && g->on->kind == K_ROLE && g->on != role && role_has_role(s, g->on, other)) return true;
  }
  return false;
}

bool user_has_role(const state *s, const object *user, const object *role) {
  if (same(role->name, "PUBLIC")) return true;
  for (size_t i = 0; i < s->grants.count; i++) {
    const grant *g = s->grants.at[i];
    if (g->to == user && g->on->kind == K_ROLE && role_has_role(s, g->on, role)) return true;
  }
  return false;
}

/* Whether the session acts with what a role holds. docs: sql-reference/sql/use-secondary-roles */
bool acts_as(const state *s, const context *c, const object *role) {
  if (c->rights) return role_has_role(s, c->rights, role);
  return role_has_role(s, c->role, role) || (c->all_roles && user_has_role(s, c->user, role));
}

bool owns(const state *s, const context *c, const object *o) { return o->owner && acts_as(s, c, o->owner); }

static bool granted(const state *s, const context *c, const char *privilege, const object *o) {
  for (size_t i = 0; i < s->grants.count; i++) {
    const grant *g = s->grants.at[i];
    if (g->on == o && g->to->kind == K_ROLE && (!privilege || same(g->privilege, privilege)) && acts_as(s, c, g->to))
      return true;
  }
  return false;
}

bool holds(const state *s, const context *c, const char *privilege, const object *o) {
  if (o->kind == K_ACCOUNT && !granted(s, c, privilege, o)) return false;
  return owns(s, c, o) || granted(s, c, privilege, o);
}

static bool all_may_see(const object *o) { return o->kind == K_ROLE || o->kind == K_USER || o->kind == K_ACCOUNT; }

/* Any privilege shows an object; using it needs one on what holds it.
 * docs: user-guide/security-access-control-privileges: the notes below each table of privileges */
bool is_shown(const state *s, const context *c, object *o) {
  if (all_may_see(o)) return true;
  if (o->parent && !is_shown(s, c, o->parent)) return false;
  return owns(s, c, o) || granted(s, c, NULL, o);
}

/* What commands know of, SHOW among them: MANAGE GRANTS shows everything, APPLY TAG what can have tags, and a schema's
 * USAGE its tags. INFORMATION_SCHEMA honors none of these.
 * docs: sql-reference/info-schema/tables, sql-reference/sql/show-tables, "Usage notes";
 * user-guide/object-tagging/work, "Access control privileges" */
bool sees(const state *s, const context *c, object *o) {
  if (is_shown(s, c, o) || granted(s, c, "MANAGE GRANTS", s->account)) return true;
  if (!o->parent || !is_shown(s, c, o->parent)) return false;
  if (o->kind == K_TAG && holds(s, c, "USAGE", o->parent)) return true;
  return (has_columns(o->kind) || o->kind == K_TAG) && granted(s, c, "APPLY TAG", s->account);
}
