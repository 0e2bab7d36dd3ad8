#include "creation.h"

/* docs: sql-reference/sql/create-schema, sql-reference/sql/create-database: what was made is the session's from then
 * on. */
void create_container(run *r, kind k, modifiers m) {
  static const char *const properties[] = {
    "DATA_RETENTION_TIME_IN_DAYS", "MAX_DATA_EXTENSION_TIME_IN_DAYS", "DEFAULT_DDL_COLLATION", NULL};
  bool if_not_exists = take_if_not_exists(r), managed = false;
  name n = want_qualified_name(r);
  if (n.count > (k == K_SCHEMA ? 2 : 1)) unexpected(r);
  object *parent = NULL;
  if (k == K_SCHEMA) {
    if (n.count == 2) {
      parent = resolve(r, K_DATABASE, (name){.part = {n.part[0]}, .count = 1});
    } else {
      if (!r->context->database)
        fail(r, 90105, "22000",
          "Cannot perform CREATE SCHEMA. This session does not have a current "
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
void create_in_account(run *r, kind k, modifiers m) {
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
      !(k == K_USER && take_property(r, user)))
      break;
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
