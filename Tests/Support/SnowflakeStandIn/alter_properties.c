#include "alteration.h"

/* A property that changes nothing that is kept here. */
static bool take_other_property(run *r, kind k) {
  static const char *const of_table[] = {
    "DATA_RETENTION_TIME_IN_DAYS", "MAX_DATA_EXTENSION_TIME_IN_DAYS", "CHANGE_TRACKING", NULL};
  static const char *const of_container[] = {
    "DATA_RETENTION_TIME_IN_DAYS", "MAX_DATA_EXTENSION_TIME_IN_DAYS", "DEFAULT_DDL_COLLATION", NULL};
  const char *const *names = k == K_TABLE ? of_table : k == K_DATABASE || k == K_SCHEMA ? of_container : NULL;
  for (; names && *names; names++) {
    if (!take_word(r, *names)) continue;
    want_symbol(r, "=");
    r->at++;
    return true;
  }
  return false;
}

/* SET … of an object, as its kind's page has it. */
void set_properties(alteration *a) {
  run *r = a->run;
  object *o = a->object;
  bool is_view = o->kind == K_VIEW || o->kind == K_MATERIALIZED_VIEW;
  /* docs: sql-reference/sql/alter-materialized-view has no tags; a materialized view takes them by ALTER VIEW.
   * docs: user-guide/object-tagging/introduction, "Supported objects" */
  if (take_word(r, "TAG")) {
    add_action(a, A_TAGS, NULL)->tags = want_taggings(r);
  } else {
    bool any = false;
    for (;; any = true) {
      if (take_word(r, "COMMENT")) {
        want_symbol(r, "=");
        add_action(a, A_COMMENT, NULL)->text = want_string(r);
      } else if (is_view && take_word(r, "SECURE")) {
        add_action(a, A_SECURE, NULL);
      } else if (take_other_property(r, o->kind)) {
        add_action(a, A_OTHER, NULL);
      } else break;
    }
    if (!any) unexpected(r);
  }
  want_end(r);
  apply(a);
}

void unset_properties(alteration *a) {
  run *r = a->run;
  bool is_view = a->object->kind == K_VIEW || a->object->kind == K_MATERIALIZED_VIEW;
  if (take_word(r, "TAG")) add_action(a, A_NO_TAGS, NULL)->tags = want_tag_names(r);
  else if (is_view && take_word(r, "SECURE")) add_action(a, A_NOT_SECURE, NULL);
  else {
    want_word(r, "COMMENT");
    add_action(a, A_NO_COMMENT, NULL);
  }
  want_end(r);
  apply(a);
}
