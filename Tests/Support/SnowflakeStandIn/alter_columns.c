#include "alteration.h"

/* What one column's part may be, by the kind of its table.
 * docs: sql-reference/sql/alter-table-column (several columns in one statement, each with its own part),
 * sql-reference/sql/alter-view, sql-reference/sql/alter-dynamic-table. */
static void column_action(alteration *a, column *c) {
  run *r = a->run;
  bool is_view = a->object->kind == K_VIEW || a->object->kind == K_MATERIALIZED_VIEW;
  bool has_comments = a->object->kind != K_EVENT_TABLE; /* docs: sql-reference/sql/alter-table-event-table */
  if (has_comments && take_word(r, "COMMENT")) {
    add_action(a, A_COMMENT, c)->text = want_string(r);
  } else if (has_comments && take_words(r, "UNSET", "COMMENT")) {
    add_action(a, A_NO_COMMENT, c);
  } else if (take_words(r, "SET", "MASKING")) {
    want_word(r, "POLICY");
    action *one = add_action(a, A_POLICY, c);
    one->policy = resolve(r, K_MASKING_POLICY, want_qualified_name(r));
    one->text = take_word(r, "FORCE") ? "FORCE" : NULL;
  } else if (take_words(r, "UNSET", "MASKING")) {
    want_word(r, "POLICY");
    add_action(a, A_NO_POLICY, c);
  } else if (!is_view && a->object->kind == K_TABLE) {
    if (take_words(r, "DROP", "NOT")) want_word(r, "NULL"), add_action(a, A_NULL, c);
    else if (take_words(r, "SET", "NOT")) want_word(r, "NULL"), add_action(a, A_NOT_NULL, c);
    else {
      if (take_word(r, "SET")) want_word(r, "DATA"), want_word(r, "TYPE");
      else if (take_word(r, "DATA")) want_word(r, "TYPE");
      add_action(a, A_TYPE, c)->text = want_type(r);
    }
  } else {
    unexpected(r);
  }
}

/* Whether a tag follows the comma that stands here, and not the next column: "t =" or "t ," and the like, with no
 * COLUMN. */
static bool another_tag(run *r, bool setting) {
  size_t at = r->at;
  bool is_tag = take_symbol(r, ",") && is_name(r);
  while (is_tag && is_name(r)) {
    r->at++;
    if (!take_symbol(r, ".")) break;
  }
  is_tag = is_tag && (setting ? is_symbol(r, "=") : is_symbol(r, ",") || at_end(r));
  r->at = at;
  return is_tag;
}

/* SET TAG t = 'v', …: each tag by itself, since a comma may begin the next column. */
static void column_tags(alteration *a, column *c, bool setting) {
  run *r = a->run;
  do {
    take_symbol(r, ",");
    action *one = add_action(a, setting ? A_TAGS : A_NO_TAGS, c);
    if (setting) append(&r->memory, &one->tags, want_tagging(r));
    else append(&r->memory, &one->tags, want_tag(r));
  } while (another_tag(r, setting));
}

/* The forms of the page that a statement cannot mix: properties, masking policies, SET TAG, UNSET TAG. */
static int form_of(int what) {
  return what == A_TAGS ? 1 : what == A_NO_TAGS ? 2 : what == A_POLICY || what == A_NO_POLICY ? 3 : 0;
}

/* { ALTER | MODIFY } [ ( ] [ COLUMN ] c … [ , [ COLUMN ] c … ] [ ) ]; the parentheses are for properties alone.
 * docs: sql-reference/sql/alter-table-column */
void alter_columns(alteration *a) {
  run *r = a->run;
  bool closed = take_symbol(r, "(");
  do {
    take_word(r, "COLUMN");
    column *c = resolve_column(r, a->object, want_name(r));
    size_t start = r->at;
    if (take_words(r, "SET", "TAG")) column_tags(a, c, true);
    else if (take_words(r, "UNSET", "TAG")) column_tags(a, c, false);
    else column_action(a, c);
    int form = form_of(((action *)a->actions.at[0])->what),
        own = form_of(((action *)a->actions.at[a->actions.count - 1])->what);
    if (own != form || (closed && own != 0)) {
      r->at = start;
      unexpected(r);
    }
  } while (take_symbol(r, ","));
  if (closed) want_symbol(r, ")");
  want_end(r);
  apply(a);
}
