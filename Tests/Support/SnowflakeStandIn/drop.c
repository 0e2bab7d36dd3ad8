#include "standin.h"

/* docs: sql-reference/sql/drop. A tag or a policy that is in use stays.
 * docs: sql-reference/sql/drop-tag, sql-reference/sql/drop-masking-policy */
void run_drop(run *r) {
  kind k;
  if (!want_kind(r, &k) || k == K_ACCOUNT) unexpected(r);
  bool if_exists = take_if_exists(r);
  name n = want_qualified_name(r);
  object *o;
  if (k == K_FUNCTION || k == K_PROCEDURE) {
    char *arguments = want_argument_types(r);
    o = resolve_routine(r, k, n, arguments);
  } else {
    o = resolve_or_null(r, k, n);
  }
  want_end(r);
  if (!o && if_exists) return succeeded(r, "Drop statement executed successfully.");
  if (!o) missing(r, k, written(r, n));
  if (!owns(r->state, r->context, o)) denied(r, o);
  if (k == K_TAG && o->policies.count)
    fail(r, 3524, "55006",
      "SQL compilation error:\nTag '%s' cannot be dropped: it is associated with a masking policy.", o->name);
  if (k == K_MASKING_POLICY || k == K_ROW_ACCESS_POLICY) {
    for (size_t i = 0; i < r->state->objects.count; i++) {
      object *other = r->state->objects.at[i];
      if (other->dropped) continue;
      bool used = false;
      for (size_t j = 0; j < other->policies.count; j++) used |= other->policies.at[j] == o;
      for (size_t j = 0; j < other->columns.count; j++) used |= ((column *)other->columns.at[j])->policy == o;
      if (used)
        fail(r, 3534, "55006",
          "SQL compilation error:\nPolicy %s cannot be dropped/replaced as it is associated with one or more "
          "entities.",
          o->name);
    }
  }
  if (r->context->database == o || database_of(r->context->schema) == o)
    r->context->database = NULL, r->context->schema = NULL;
  if (r->context->schema == o) r->context->schema = NULL;
  drop_object(r->state, o);
  r->changes = true;
  succeeded(r, format(&r->memory, "%s successfully dropped.", o->name));
}
