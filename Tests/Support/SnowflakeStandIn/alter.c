#include "standin.h"
#include <string.h>

/* What an ALTER asks for, collected and checked before anything is changed. */
typedef struct {
  enum { A_COMMENT, A_NO_COMMENT, A_TAGS, A_NO_TAGS, A_POLICY, A_NO_POLICY, A_TYPE, A_NOT_NULL, A_NULL,
    A_SECURE, A_NOT_SECURE, A_OTHER } what;
  column *column;
  char *text;
  list tags;
  object *policy;
} action;

typedef struct {
  run *run;
  object *object;
  list actions;
} alteration;

static action *add_action(alteration *a, int what, column *c) {
  action *made = take(&a->run->memory, sizeof *made);
  made->what = what;
  made->column = c;
  append(&a->run->memory, &a->actions, made);
  return made;
}

static void may_change(run *r, object *o) {
  bool has_modify = o->kind == K_DATABASE || o->kind == K_SCHEMA || o->kind == K_WAREHOUSE;
  if (!owns(r->state, r->context, o) && !(has_modify && holds(r->state, r->context, "MODIFY", o))) denied(r, o);
}

static void may_mask(run *r, object *o, object *policy) {
  if (holds(r->state, r->context, "APPLY MASKING POLICY", r->state->account)) return;
  if (!owns(r->state, r->context, o)) denied(r, o);
  if (policy && !holds(r->state, r->context, "APPLY", policy)) denied(r, policy);
}

/* docs: user-guide/object-tagging/introduction, "Separate quota for columns": pairs of a tag and a column in one statement */
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
        fail(r, 3535, "42601", "SQL compilation error:\nMasking policy '%s' does not fit the column's data type.", one->policy->name);
      /* docs: sql-reference/sql/alter-table-column: FORCE replaces a policy that is set. */
      if (one->what == A_POLICY && one->column->policy && !one->text)
        fail(r, 3531, "42601", "SQL compilation error:\nSpecified column already attached to another masking policy. A column cannot "
          "be attached to multiple masking policies.");
    } else {
      may_change(r, a->object);
    }
  }
  if (on_columns.count > MOST_ASSOCIATIONS)
    fail(r, 391801, "0A000", "SQL compilation error:\nOne statement can set at most %d tags on columns.", MOST_ASSOCIATIONS);
  check_quota(r, a->object, &on_object, &on_columns);
}

static void apply(alteration *a) {
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

/* Whether a tag follows the comma that stands here, and not the next column: "t =" or "t ," and the like, with no COLUMN. */
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
static void alter_columns(alteration *a) {
  run *r = a->run;
  bool closed = take_symbol(r, "(");
  do {
    take_word(r, "COLUMN");
    column *c = resolve_column(r, a->object, want_name(r));
    size_t start = r->at;
    if (take_words(r, "SET", "TAG")) column_tags(a, c, true);
    else if (take_words(r, "UNSET", "TAG")) column_tags(a, c, false);
    else column_action(a, c);
    int form = form_of(((action *)a->actions.at[0])->what), own = form_of(((action *)a->actions.at[a->actions.count - 1])->what);
    if (own != form || (closed && own != 0)) {
      r->at = start;
      unexpected(r);
    }
  } while (take_symbol(r, ","));
  if (closed) want_symbol(r, ")");
  want_end(r);
  apply(a);
}

static void attach_row_policy(alteration *a) {
  run *r = a->run;
  object *policy = resolve(r, K_ROW_ACCESS_POLICY, want_qualified_name(r));
  list columns = {0};
  want_word(r, "ON");
  want_symbol(r, "(");
  do append(&r->memory, &columns, resolve_column(r, a->object, want_name(r))->name);
  while (take_symbol(r, ","));
  want_symbol(r, ")");
  want_end(r);
  if (!holds(r->state, r->context, "APPLY ROW ACCESS POLICY", r->state->account) && !owns(r->state, r->context, a->object))
    denied(r, a->object);
  if (a->object->policies.count)
    fail(r, 3551, "42601", "SQL compilation error:\nObject %s already has a ROW_ACCESS_POLICY. Only one ROW_ACCESS_POLICY is allowed "
      "at a time.", a->object->name);
  if (columns.count != policy->names.count)
    fail(r, 3556, "42601", "SQL compilation error:\nRow access policy '%s' takes %zu arguments.", policy->name, policy->names.count);
  append(&r->state->memory, &a->object->policies, policy);
  for (size_t i = 0; i < columns.count; i++) append(&r->state->memory, &a->object->policy_columns, columns.at[i]);
  r->changes = true;
  succeeded(r, "Statement executed successfully.");
}

static void drop_row_policy(alteration *a) {
  run *r = a->run;
  object *policy = NULL;
  if (take_word(r, "ALL")) want_word(r, "ROW"), want_word(r, "ACCESS"), want_word(r, "POLICIES");
  else {
    want_word(r, "ROW"), want_word(r, "ACCESS"), want_word(r, "POLICY");
    policy = resolve(r, K_ROW_ACCESS_POLICY, want_qualified_name(r));
  }
  want_end(r);
  if (!holds(r->state, r->context, "APPLY ROW ACCESS POLICY", r->state->account) && !owns(r->state, r->context, a->object))
    denied(r, a->object);
  if (policy && (!a->object->policies.count || a->object->policies.at[0] != policy)) missing(r, K_ROW_ACCESS_POLICY, policy->name);
  a->object->policies.count = a->object->policy_columns.count = 0;
  r->changes = true;
  succeeded(r, "Statement executed successfully.");
}

static bool is_followed_by(run *r, const char *word) {
  const token *next = here(r)->kind == T_END ? here(r) : here(r) + 1;
  return next->kind == T_WORD && same(next->text, word);
}

/* ADD COLUMN, DROP COLUMN, RENAME TO, RENAME COLUMN of a table: what happens between a plan and its run.
 * docs: sql-reference/sql/alter-table */
static bool change_shape(alteration *a) {
  run *r = a->run;
  object *o = a->object;
  if (take_words(r, "RENAME", "TO")) {
    name n = want_qualified_name(r);
    want_end(r);
    object *schema = resolve_schema_for(r, n, n.count - 1);
    if (!owns(r->state, r->context, o)) denied(r, o);
    if (find_relation(r->state, schema, n.part[n.count - 1]))
      fail(r, 2002, "42710", "SQL compilation error:\nObject '%s' already exists.", written(r, n));
    o->parent = schema;
    o->name = copy(&r->state->memory, n.part[n.count - 1]);
  } else if (o->kind == K_TABLE && take_words(r, "RENAME", "COLUMN")) {
    column *c = resolve_column(r, o, want_name(r));
    want_word(r, "TO");
    char *to = want_name(r);
    want_end(r);
    if (!owns(r->state, r->context, o)) denied(r, o);
    if (find_column(o, to)) fail(r, 2028, "42601", "SQL compilation error:\nambiguous column name '%s'", to);
    c->name = copy(&r->state->memory, to);
  } else if (o->kind == K_TABLE && is_word(r, "ADD") && !is_followed_by(r, "ROW")) {
    r->at++;
    take_word(r, "COLUMN");
    char *added = want_name(r), *type = want_type(r), *comment = take_word(r, "COMMENT") ? want_string(r) : NULL;
    want_end(r);
    if (!owns(r->state, r->context, o)) denied(r, o);
    if (find_column(o, added)) fail(r, 2028, "42601", "SQL compilation error:\ncolumn '%s' already exists", added);
    column *c = take(&r->state->memory, sizeof *c);
    arena *m = &r->state->memory;
    *c = (column){copy(m, added), copy(m, type), copy(m, comment), NULL, true, NULL};
    append(m, &o->columns, c);
    for (size_t i = 0; i < o->rows.count; i++) {
      row *old = o->rows.at[i];
      char **cells = take(m, o->columns.count * sizeof *cells);
      memcpy(cells, old->cells, (o->columns.count - 1) * sizeof *cells);
      old->cells = cells;
    }
  } else if (o->kind == K_TABLE && is_word(r, "DROP") && !is_followed_by(r, "ROW") && !is_followed_by(r, "ALL")) {
    r->at++;
    take_word(r, "COLUMN");
    column *c = resolve_column(r, o, want_name(r));
    want_end(r);
    if (!owns(r->state, r->context, o)) denied(r, o);
    size_t index = 0;
    while (o->columns.at[index] != c) index++;
    size_t after = --o->columns.count - index;
    memmove(o->columns.at + index, o->columns.at + index + 1, after * sizeof *o->columns.at);
    for (size_t i = 0; i < o->rows.count; i++)
      memmove(((row *)o->rows.at[i])->cells + index, ((row *)o->rows.at[i])->cells + index + 1, after * sizeof(char *));
    for (size_t i = 0; i < r->state->references.count; i++) {
      reference *f = r->state->references.at[i];
      if (f->object == o && f->column == c && !f->until) f->until = r->state->number + 1;
    }
  } else {
    return false;
  }
  r->changes = true;
  succeeded(r, "Statement executed successfully.");
  return true;
}

/* A property that changes nothing that is kept here. */
static bool take_other_property(run *r, kind k) {
  static const char *const of_table[] = {"DATA_RETENTION_TIME_IN_DAYS", "MAX_DATA_EXTENSION_TIME_IN_DAYS", "CHANGE_TRACKING", NULL};
  static const char *const of_container[] = {"DATA_RETENTION_TIME_IN_DAYS", "MAX_DATA_EXTENSION_TIME_IN_DAYS", "DEFAULT_DDL_COLLATION", NULL};
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
static void set_properties(alteration *a) {
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

static void unset_properties(alteration *a) {
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

/* docs: sql-reference/sql/alter-tag */
static void alter_tag(run *r, object *tag) {
  bool adding = take_word(r, "ADD"), dropping = !adding && take_word(r, "DROP");
  list values = {0}, policies = {0};
  bool setting = false, unsetting = false, force = false;
  if (adding || dropping) {
    want_word(r, "ALLOWED_VALUES");
    do append(&r->memory, &values, want_string(r));
    while (take_symbol(r, ","));
  } else if (take_words(r, "UNSET", "ALLOWED_VALUES")) {
    want_end(r);
    if (!owns(r->state, r->context, tag)) denied(r, tag);
    tag->is_restricted = false;
    tag->allowed.count = 0;
    r->changes = true;
    return succeeded(r, "Statement executed successfully.");
  } else if ((setting = take_words(r, "SET", "MASKING")) || (unsetting = take_words(r, "UNSET", "MASKING"))) {
    do {
      if (policies.count) want_word(r, "MASKING");
      want_word(r, "POLICY");
      append(&r->memory, &policies, resolve(r, K_MASKING_POLICY, want_qualified_name(r)));
    } while (take_symbol(r, ","));
    force = setting && take_word(r, "FORCE");
  } else {
    alteration a = {.run = r, .object = tag};
    want_word(r, is_word(r, "SET") ? "SET" : "UNSET");
    bool set = same(r->tokens[r->at - 1].text, "SET");
    if (!is_word(r, "COMMENT")) unexpected(r);
    return set ? set_properties(&a) : unset_properties(&a);
  }
  want_end(r);
  if (!owns(r->state, r->context, tag) && !(setting || unsetting)) denied(r, tag);
  if ((setting || unsetting) && !holds(r->state, r->context, "APPLY MASKING POLICY", r->state->account)) denied(r, tag);
  arena *m = &r->state->memory;
  for (size_t i = 0; dropping && i < values.count; i++) {
    for (size_t j = 0; j < r->state->references.count; j++) {
      reference *f = r->state->references.at[j];
      if (!f->until && f->tag == tag && same(f->value, values.at[i]) && !f->object->dropped)
        fail(r, 391805, "55006", "SQL compilation error:\nAllowed value '%s' of tag '%s' is in use.", f->value, tag->name);
    }
  }
  for (size_t i = 0; setting && i < policies.count; i++) {
    const object *policy = policies.at[i];
    for (size_t j = 0; j < tag->policies.count; j++) {
      object *old = tag->policies.at[j];
      if (same(old->returns, policy->returns) && !force)
        fail(r, 3536, "42601", "SQL compilation error:\nTag %s already has a masking policy for data type %s.", tag->name, old->returns);
    }
  }
  for (size_t i = 0; i < values.count; i++) {
    size_t at = 0;
    while (at < tag->allowed.count && !same(tag->allowed.at[at], values.at[i])) at++;
    if (adding && at == tag->allowed.count) append(m, &tag->allowed, copy(m, values.at[i]));
    if (dropping && at < tag->allowed.count)
      memmove(tag->allowed.at + at, tag->allowed.at + at + 1, (--tag->allowed.count - at) * sizeof(void *));
  }
  if (adding) tag->is_restricted = true;
  for (size_t i = 0; i < policies.count; i++) {
    object *policy = policies.at[i];
    size_t at = 0;
    while (at < tag->policies.count && (setting ? !same(((object *)tag->policies.at[at])->returns, policy->returns)
      : tag->policies.at[at] != policy)) at++;
    if (setting && at < tag->policies.count) tag->policies.at[at] = policy;
    else if (setting) append(m, &tag->policies, policy);
    else if (at < tag->policies.count)
      memmove(tag->policies.at + at, tag->policies.at + at + 1, (--tag->policies.count - at) * sizeof(void *));
  }
  r->changes = true;
  succeeded(r, "Statement executed successfully.");
}

/* ALTER SESSION { SET name = value [ name = value … ] | UNSET name [ , name … ] }. docs: sql-reference/sql/alter-session */
static void alter_session(run *r) {
  static const char *const parameters[] = {"QUERY_TAG", "MULTI_STATEMENT_COUNT", "TIMEZONE", "AUTOCOMMIT", "LOCK_TIMEOUT",
    "STATEMENT_TIMEOUT_IN_SECONDS", "STATEMENT_QUEUED_TIMEOUT_IN_SECONDS", "TIMESTAMP_OUTPUT_FORMAT", "USE_CACHED_RESULT",
    "QUOTED_IDENTIFIERS_IGNORE_CASE", "ABORT_DETACHED_QUERY", "CLIENT_SESSION_KEEP_ALIVE", "JSON_INDENT"};
  bool setting = take_word(r, "SET");
  if (!setting) want_word(r, "UNSET");
  do {
    size_t i = 0;
    while (i < sizeof parameters / sizeof *parameters && !is_word(r, parameters[i])) i++;
    /* seen: 001420 (22023) invalid parameter */
    if (i == sizeof parameters / sizeof *parameters && here(r)->kind == T_WORD)
      fail(r, 1420, "22023", "SQL compilation error:\ninvalid parameter '%s'", here(r)->text);
    if (i == sizeof parameters / sizeof *parameters) unexpected(r);
    const char *parameter = parameters[i];
    r->at++;
    char *value = "";
    if (setting) {
      want_symbol(r, "=");
      bool is_text = same(parameter, "QUERY_TAG") || same(parameter, "TIMEZONE") || same(parameter, "TIMESTAMP_OUTPUT_FORMAT");
      token_kind found = here(r)->kind;
      if (is_text ? found != T_STRING : found != T_NUMBER && found != T_STRING && !is_word(r, "TRUE") && !is_word(r, "FALSE"))
        unexpected(r);
      value = r->tokens[r->at++].text;
    }
    /* docs: sql-reference/parameters#query-tag: up to 2000 characters */
    if (same(parameter, "QUERY_TAG")) {
      if (characters(value) > 2000)
        fail(r, 1422, "22023", "SQL compilation error:\ninvalid value for parameter 'QUERY_TAG': longer than 2000 characters");
      if (r->session) r->session->query_tag = copy(&r->session->memory, value);
    }
    if (same(parameter, "MULTI_STATEMENT_COUNT") && r->session) {
      long count = 0;
      for (const char *c = value; *c >= '0' && *c <= '9'; c++) count = count * 10 + (*c - '0');
      r->session->multi_statement_count = setting ? count : 1;
    }
    if (!setting && !take_symbol(r, ",")) break;
  } while (!at_end(r));
  want_end(r);
  succeeded(r, "Statement executed successfully.");
}

/* docs: sql-reference/sql/alter-user, alter-role, alter-warehouse: what a metadata connector or its tests set there. */
static void alter_user(run *r, object *user) {
  want_word(r, "SET");
  char *password = NULL, *role = NULL, *key = NULL;
  do {
    if (take_word(r, "PASSWORD")) want_symbol(r, "="), password = want_string(r);
    else if (take_word(r, "DEFAULT_ROLE")) want_symbol(r, "="), role = here(r)->kind == T_STRING ? want_string(r) : want_name(r);
    else if (take_word(r, "RSA_PUBLIC_KEY")) want_symbol(r, "="), key = want_string(r);
    else unexpected(r);
  } while (!at_end(r));
  want_end(r);
  if (!owns(r->state, r->context, user) && user != r->context->user) denied(r, user);
  if (password) user->password = copy(&r->state->memory, password);
  if (role) user->default_role = copy(&r->state->memory, role);
  if (key) user->public_key = copy(&r->state->memory, key);
  r->changes = true;
  succeeded(r, "Statement executed successfully.");
}

/* ALTER TABLE reaches the tables that have no page of their own for a property; the pages of dynamic tables, views and
 * materialized views are theirs alone. docs: sql-reference/sql/alter-external-table has files and partitions only;
 * user-guide/object-tagging/introduction, "Supported objects": an external table's tags are managed by ALTER TABLE;
 * sql-reference/sql/alter-materialized-view, "Usage notes": its tags and policies by ALTER VIEW.
 * seen: dbt's adapter sets the comment of an Iceberg table by ALTER ICEBERG TABLE. */
static void alter_relation(run *r, kind word, object *o) {
  alteration a = {.run = r, .object = o};
  if (change_shape(&a)) return;
  size_t start = r->at;
  if ((take_word(r, "ALTER") || take_word(r, "MODIFY"))) {
    if (word == K_EXTERNAL_TABLE || word == K_MATERIALIZED_VIEW) {
      r->at = start;
      unexpected(r);
    }
    return alter_columns(&a);
  }
  bool of_materialized = word == K_VIEW && o->kind == K_MATERIALIZED_VIEW;
  if (of_materialized && (is_word(r, "SET") || is_word(r, "UNSET")) && !is_followed_by(r, "TAG"))
    fail(r, 2203, "02000", "SQL compilation error:\nObject found is of type 'MATERIALIZED_VIEW', not specified type 'VIEW'.");
  if (take_word(r, "SET")) {
    if (word == K_MATERIALIZED_VIEW && is_word(r, "TAG")) unexpected(r);
    if (word == K_EXTERNAL_TABLE) unexpected(r);
    return set_properties(&a);
  }
  if (take_word(r, "UNSET")) {
    if (word == K_MATERIALIZED_VIEW && is_word(r, "TAG")) unexpected(r);
    if (word == K_EXTERNAL_TABLE) unexpected(r);
    return unset_properties(&a);
  }
  if (take_words(r, "ADD", "ROW")) {
    want_word(r, "ACCESS"), want_word(r, "POLICY");
    return attach_row_policy(&a);
  }
  if (take_word(r, "DROP")) return drop_row_policy(&a);
  unexpected(r);
}

void run_alter(run *r) {
  if (take_word(r, "SESSION")) return alter_session(r);
  kind k;
  if (!want_kind(r, &k)) unexpected(r);
  if (k == K_ACCOUNT) {
    alteration a = {.run = r, .object = r->state->account};
    want_word(r, is_word(r, "SET") ? "SET" : "UNSET");
    bool setting = same(r->tokens[r->at - 1].text, "SET");
    if (!is_word(r, "TAG")) unexpected(r);
    return setting ? set_properties(&a) : unset_properties(&a);
  }
  bool if_exists = take_if_exists(r);
  name n = want_qualified_name(r);
  object *o;
  if (k == K_FUNCTION || k == K_PROCEDURE) {
    o = resolve_routine(r, k, n, want_argument_types(r));
  } else if (k == K_VIEW) {
    /* A materialized view takes its tags by ALTER VIEW. */
    o = resolve_any_or_null(r, n);
    if (!o || o->kind != K_MATERIALIZED_VIEW) o = resolve_or_null(r, k, n);
  } else {
    o = resolve_or_null(r, k, n);
  }
  if (!o && if_exists) return succeeded(r, "Statement executed successfully.");
  if (!o) missing(r, k, k == K_FUNCTION || k == K_PROCEDURE ? n.part[n.count - 1] : written(r, n));
  if (has_columns(k)) return alter_relation(r, k, o);
  if (k == K_TAG) return alter_tag(r, o);
  if (k == K_USER) return alter_user(r, o);
  alteration a = {.run = r, .object = o};
  if (k == K_MASKING_POLICY || k == K_ROW_ACCESS_POLICY || take_word(r, "SET")) {
    if (k == K_MASKING_POLICY || k == K_ROW_ACCESS_POLICY) {
      want_word(r, "SET");
      if (!is_word(r, "COMMENT")) unexpected(r);
    }
    return set_properties(&a);
  }
  want_word(r, "UNSET");
  unset_properties(&a);
}
