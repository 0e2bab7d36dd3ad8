#include "standin.h"

/* COMMENT [ IF EXISTS ] ON kind name IS '…'; ON COLUMN table.column IS '…'. docs: sql-reference/sql/comment */
void run_comment(run *r) {
  bool if_exists = take_if_exists(r);
  want_word(r, "ON");
  kind k = K_TABLE;
  bool of_column = take_word(r, "COLUMN");
  if (!of_column && (!want_kind(r, &k) || k == K_ACCOUNT)) unexpected(r);
  name n = want_qualified_name(r);
  char *column_name = NULL, *arguments = NULL;
  if (of_column) {
    if (n.count < 2) unexpected(r);
    column_name = n.part[--n.count];
  }
  if (k == K_FUNCTION || k == K_PROCEDURE) arguments = want_argument_types(r);
  want_word(r, "IS");
  char *text = want_string(r);
  want_end(r);
  object *o = arguments                                         ? resolve_routine(r, k, n, arguments)
    : of_column && if_exists && !resolve_or_null(r, K_TABLE, n) ? NULL
    : of_column                                                 ? resolve_relation(r, n)
                                                                : resolve_or_null(r, k, n);
  if (!o && !if_exists) missing(r, k, written(r, n));
  if (!o) return succeeded(r, "Statement executed successfully.");
  may_change(r, o);
  char **comment = of_column ? &resolve_column(r, o, column_name)->comment : &o->comment;
  *comment = *text ? copy(&r->state->memory, text) : NULL;
  r->changes = true;
  succeeded(r, "Statement executed successfully.");
}
