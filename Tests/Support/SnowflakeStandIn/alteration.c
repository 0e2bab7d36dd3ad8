#include "alteration.h"

action *add_action(alteration *a, int what, column *c) {
  action *made = take(&a->run->memory, sizeof *made);
  made->what = what;
  made->column = c;
  append(&a->run->memory, &a->actions, made);
  return made;
}

static void may_mask(run *r, object *o, object *policy) {
  if (holds(r->state, r->context, "APPLY MASKING POLICY", r->state->account)) return;
  if (!owns(r->state, r->context, o)) denied(r, o);
  if (policy && !holds(r->state, r->context, "APPLY", policy)) denied(r, policy);
}

/* docs: user-guide/object-tagging/introduction, "Separate quota for columns": pairs of a tag and a column in one
 * statement */
enum { MOST_ASSOCIATIONS = 100 };

static void check(alteration *a) {
  run *r = a->run;
  list on_object = {0}, on_columns = {0};
  for (size_t i = 0; i < a->actions.count; i++) {
    action *one = a->actions.at[i];
    if (one->what == A_TAGS || one->what == A_NO_TAGS) {
      check_may_tag(r, a->object, &one->tags, one->what == A_TAGS);
      for (size_t j = 0; one->what == A_TAGS && j < one->tags.count; j++)
        append(&r->memory, one->column ? &on_columns : &on_object, one->tags.at[j]);
    } else if (one->what == A_POLICY || one->what == A_NO_POLICY) {
      may_mask(r, a->object, one->policy);
      if (one->what == A_POLICY && !same(one->policy->returns, type_family(one->column->type)))
        fail(r, 3535, "42601", "SQL compilation error:\nMasking policy '%s' does not fit the column's data type.",
          one->policy->name);
      /* docs: sql-reference/sql/alter-table-column: FORCE replaces a policy that is set. */
      if (one->what == A_POLICY && one->column->policy && !one->text)
        fail(r, 3531, "42601",
          "SQL compilation error:\nSpecified column already attached to another masking policy. A column cannot "
          "be attached to multiple masking policies.");
    } else {
      may_change(r, a->object);
    }
  }
  if (on_columns.count > MOST_ASSOCIATIONS)
    fail(r, 391801, "0A000", "SQL compilation error:\nOne statement can set at most %d tags on columns.",
      MOST_ASSOCIATIONS);
  check_quota(r, a->object, &on_object, &on_columns);
}

void apply(alteration *a) {
  run *r = a->run;
  check(a);
  for (size_t i = 0; i < a->actions.count; i++) {
    action *one = a->actions.at[i];
    char **comment = one->column ? &one->column->comment : &a->object->comment;
    switch (one->what) {
    case A_COMMENT: *comment = *one->text ? copy(&r->state->memory, one->text) : NULL; break;
    case A_NO_COMMENT: *comment = NULL; break;
    case A_TAGS: set_tags(r, a->object, one->column, &one->tags); break;
    case A_NO_TAGS: unset_tags(r, a->object, one->column, &one->tags); break;
    case A_POLICY: one->column->policy = one->policy; break;
    case A_NO_POLICY: one->column->policy = NULL; break;
    case A_TYPE: one->column->type = copy(&r->state->memory, one->text); break;
    case A_NOT_NULL: one->column->nullable = false; break;
    case A_NULL: one->column->nullable = true; break;
    case A_SECURE: a->object->secure = true; break;
    case A_NOT_SECURE: a->object->secure = false; break;
    case A_OTHER: break;
    }
  }
  r->changes = true;
  succeeded(r, "Statement executed successfully.");
}
