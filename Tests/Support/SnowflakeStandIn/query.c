#include "standin.h"
#include <stdlib.h>
#include <string.h>

/* SELECT: a list, one source or joined ones, WHERE, ORDER BY, LIMIT, UNION ALL. docs: sql-reference/sql/select */

table *new_table(run *r, const char *names) {
  table *t = take(&r->memory, sizeof *t);
  while (*names) {
    size_t length = strcspn(names, " "), used = length;
    heading *h = take(&r->memory, sizeof *h);
    char mark = names[length - 1];
    h->type = mark == '#' ? V_NUMBER : mark == '?' ? V_BOOLEAN : mark == '@' ? V_TIMESTAMP : V_TEXT;
    if (h->type != V_TEXT) length--;
    h->name = copy_part(&r->memory, names, length);
    append(&r->memory, &t->headings, h);
    names += used + strspn(names + used, " ");
  }
  return t;
}

char **new_row(run *r, table *t) {
  char **cells = take(&r->memory, (t->headings.count + 1) * sizeof *cells);
  append(&r->memory, &t->rows, cells);
  return cells;
}

/* A source with the qualifier of each of its headings. */
typedef struct {
  table *table;
  list qualifiers;
} source;

/* docs: user-guide/warehouses-overview; seen: 000606 (57P03) */
static void want_warehouse(run *r) {
  if (!r->context->warehouse && r->session)
    fail(r, 606, "57P03",
      "No active warehouse selected in the current session.  Select an active warehouse with the 'use warehouse' "
      "command.");
}

/* An INFORMATION_SCHEMA is each database's own. docs: sql-reference/info-schema */
static object *information_schema_database(run *r, name n, int parts) {
  if (parts > 1) return resolve(r, K_DATABASE, (name){.part = {n.part[0]}, .count = 1});
  if (!r->context->database)
    fail(r, 90105, "22000",
      "Cannot perform SELECT. This session does not have a current database. Call 'USE DATABASE', or use a "
      "qualified name.");
  return r->context->database;
}

static table *named_source(run *r, name n) {
  if (n.count >= 2 && same(n.part[n.count - 2], "INFORMATION_SCHEMA") && n.count <= 3) {
    want_warehouse(r);
    table *t = information_schema(r, information_schema_database(r, n, n.count - 1), n.part[n.count - 1]);
    if (!t)
      fail(r, 2003, "42S02", "SQL compilation error:\nObject '%s' does not exist or not authorized.", written(r, n));
    return t;
  }
  if (n.count == 3 && same(n.part[0], "SNOWFLAKE") && same(n.part[1], "ACCOUNT_USAGE")) {
    want_warehouse(r);
    /* docs: sql-reference/account-usage, "Enabling the SNOWFLAKE database usage for other roles" */
    object *shared = find(r->state, K_DATABASE, NULL, "SNOWFLAKE");
    table *t = holds(r->state, r->context, "IMPORTED PRIVILEGES", shared) ? account_usage(r, n.part[2]) : NULL;
    if (!t)
      fail(r, 2003, "42S02", "SQL compilation error:\nObject '%s' does not exist or not authorized.", written(r, n));
    return t;
  }
  if (n.count > 3) unexpected(r);
  object *o = resolve_relation(r, n);
  want_warehouse(r);
  return relation_rows(r, o);
}

/* TABLE( [ db. ]INFORMATION_SCHEMA.function( '…', '…' ) ) or with names => */
static table *function_source(run *r) {
  want_symbol(r, "(");
  name n = want_qualified_name(r);
  if (n.count < 2 || !same(n.part[n.count - 2], "INFORMATION_SCHEMA") || n.count > 3) unexpected(r);
  want_symbol(r, "(");
  list arguments = {0}, names = {0};
  while (!is_symbol(r, ")")) {
    const token *following = &r->tokens[r->at + 1];
    char *argument_name = NULL;
    if (is_name(r) && following->kind == T_SYMBOL && same(following->text, "=>")) {
      argument_name = want_name(r);
      r->at++;
    }
    append(&r->memory, &names, argument_name);
    append(&r->memory, &arguments, want_string(r));
    if (!take_symbol(r, ",")) break;
  }
  want_symbol(r, ")");
  want_symbol(r, ")");
  want_warehouse(r);
  table *t = table_function(r, information_schema_database(r, n, n.count - 1), n.part[n.count - 1], &arguments, &names);
  if (!t) fail(r, 2141, "42601", "SQL compilation error:\nUnknown table function %s", n.part[n.count - 1]);
  return t;
}

static source want_source(run *r) {
  source s = {0};
  char *qualifier = NULL;
  if (take_word(r, "TABLE")) {
    s.table = function_source(r);
  } else if (take_symbol(r, "(")) {
    s.table = query(r);
    want_symbol(r, ")");
  } else {
    name n = want_qualified_name(r);
    s.table = named_source(r, n);
    qualifier = n.part[0];
    for (int i = 1; i < n.count; i++) qualifier = format(&r->memory, "%s.%s", qualifier, n.part[i]);
  }
  bool as = take_word(r, "AS");
  if (as || is_name(r)) qualifier = want_name(r);
  for (size_t i = 0; i < s.table->headings.count; i++) append(&r->memory, &s.qualifiers, qualifier);
  return s;
}

static scope scope_of(const source *s, char **row) {
  return (scope){.table = s->table, .qualifiers = (char **)s->qualifiers.at, .row = row};
}

/* [ INNER | LEFT [ OUTER ] ] JOIN source ON condition */
static source joined(run *r, source left, bool outer) {
  source right = want_source(r), made = {.table = take(&r->memory, sizeof(table))};
  want_word(r, "ON");
  expression *condition = want_expression(r);
  for (int side = 0; side < 2; side++) {
    const source *from = side ? &right : &left;
    for (size_t i = 0; i < from->table->headings.count; i++) {
      append(&r->memory, &made.table->headings, from->table->headings.at[i]);
      append(&r->memory, &made.qualifiers, from->qualifiers.at[i]);
    }
  }
  size_t width = left.table->headings.count, more = right.table->headings.count;
  for (size_t i = 0; i < left.table->rows.count; i++) {
    bool any = false;
    for (size_t j = 0; j <= right.table->rows.count; j++) {
      bool filler = j == right.table->rows.count;
      if (filler && (any || !outer)) break;
      char **cells = take(&r->memory, (width + more + 1) * sizeof *cells);
      memcpy(cells, left.table->rows.at[i], width * sizeof *cells);
      if (!filler) memcpy(cells + width, right.table->rows.at[j], more * sizeof *cells);
      scope s = scope_of(&made, cells);
      if (!filler && !is_true(evaluate(r, condition, &s))) continue;
      any = true;
      append(&r->memory, &made.table->rows, cells);
    }
  }
  return made;
}

typedef struct {
  expression *value;
  char *name;
} item;

static list want_items(run *r) {
  list items = {0};
  do {
    item *i = take(&r->memory, sizeof *i);
    if (take_symbol(r, "*")) {
      i->value = take(&r->memory, sizeof *i->value);
      i->value->form = E_STAR;
    } else {
      size_t start = here(r)->start;
      i->value = want_expression(r);
      size_t end = r->tokens[r->at - 1].end;
      bool as = take_word(r, "AS");
      if (as || is_name(r)) i->name = want_name(r);
      else if (i->value->form == E_COLUMN) i->name = i->value->text;
      else i->name = (char *)upper(&r->memory, copy_part(&r->memory, r->text + start, end - start));
    }
    append(&r->memory, &items, i);
  } while (take_symbol(r, ","));
  return items;
}

/* Sorting rows, with the values to sort by beside each. */
typedef struct {
  char **keys;
  bool *descending, *numeric;
  size_t count;
  char **row;
} sortable;

static int in_order(const void *a, const void *b) {
  const sortable *x = *(sortable *const *)a, *y = *(sortable *const *)b;
  for (size_t i = 0; i < x->count; i++) {
    const char *p = x->keys[i], *q = y->keys[i];
    int order;
    if (!p || !q) order = (p == NULL) - (q == NULL);
    else if (x->numeric[i]) order = atof(p) < atof(q) ? -1 : atof(p) > atof(q);
    else order = strcmp(p, q);
    if (order) return x->descending[i] ? -order : order;
  }
  return 0;
}

static void order_rows(run *r, const source *from, list *rows, const list *items, const table *made) {
  list keys = {0};
  bool descending[16] = {0}, numeric[16] = {0};
  do {
    if (keys.count == 16) unexpected(r);
    expression *key = want_expression(r);
    if (key->form == E_NUMBER) {
      size_t index = strtoul(key->text, NULL, 10);
      if (index < 1 || index > items->count) unexpected(r);
      key = ((item *)items->at[index - 1])->value;
    }
    for (size_t i = 0; key->form == E_COLUMN && !key->qualifier && i < items->count; i++) {
      const item *one = items->at[i];
      if (same(one->name, key->text)) key = one->value;
    }
    scope s = scope_of(from, NULL);
    numeric[keys.count] = type_of(key, &s) == V_NUMBER;
    descending[keys.count] = take_word(r, "DESC");
    if (!descending[keys.count]) take_word(r, "ASC");
    append(&r->memory, &keys, key);
  } while (take_symbol(r, ","));
  (void)made;
  list sorted = {0};
  for (size_t i = 0; i < rows->count; i++) {
    sortable *one = take(&r->memory, sizeof *one);
    *one = (sortable){take(&r->memory, keys.count * sizeof(char *)), take(&r->memory, 16), take(&r->memory, 16),
      keys.count, rows->at[i]};
    memcpy(one->descending, descending, sizeof descending);
    memcpy(one->numeric, numeric, sizeof numeric);
    scope s = scope_of(from, rows->at[i]);
    for (size_t k = 0; k < keys.count; k++) one->keys[k] = evaluate(r, keys.at[k], &s);
    append(&r->memory, &sorted, one);
  }
  sort(&sorted, in_order);
  for (size_t i = 0; i < rows->count; i++) rows->at[i] = ((sortable *)sorted.at[i])->row;
}

static void check_columns(run *r, expression *e, const source *from) {
  /* Names are looked up though there be no row: a query of an empty table is compiled all the same. */
  if (e->form == E_COLUMN) {
    scope s = scope_of(from, NULL);
    evaluate(r, e, &s);
  }
  if (e->form == E_STAR) return;
  for (size_t i = 0; i < e->arguments.count; i++) check_columns(r, e->arguments.at[i], from);
  if (e->otherwise) check_columns(r, e->otherwise, from);
}

static bool star_covers(const expression *star, const char *qualifier) {
  return !star->qualifier || (qualifier && same(qualifier, star->qualifier));
}

static table *one_query(run *r) {
  bool distinct = take_word(r, "DISTINCT");
  list items = want_items(r);
  source from = {.table = take(&r->memory, sizeof(table))};
  if (take_word(r, "FROM")) {
    from = want_source(r);
    for (;;) {
      if (take_word(r, "JOIN")) from = joined(r, from, false);
      else if (take_word(r, "INNER")) want_word(r, "JOIN"), from = joined(r, from, false);
      else if (take_word(r, "LEFT")) take_word(r, "OUTER"), want_word(r, "JOIN"), from = joined(r, from, true);
      else break;
    }
  } else {
    append(&r->memory, &from.table->rows, take(&r->memory, sizeof(char *)));
  }
  expression *where = take_word(r, "WHERE") ? want_expression(r) : NULL;
  if (where) check_columns(r, where, &from);
  list rows = {0};
  for (size_t i = 0; i < from.table->rows.count; i++) {
    scope s = scope_of(&from, from.table->rows.at[i]);
    if (!where || is_true(evaluate(r, where, &s))) append(&r->memory, &rows, from.table->rows.at[i]);
  }
  bool aggregates = false;
  for (size_t i = 0; i < items.count; i++) aggregates |= is_aggregate(((item *)items.at[i])->value);
  if (take_word(r, "ORDER")) {
    want_word(r, "BY");
    order_rows(r, &from, &rows, &items, NULL);
  }
  size_t limit = SIZE_MAX;
  if (take_word(r, "LIMIT")) {
    if (here(r)->kind != T_NUMBER) unexpected(r);
    limit = strtoul(r->tokens[r->at++].text, NULL, 10);
  }
  table *made = take(&r->memory, sizeof *made);
  for (size_t i = 0; i < items.count; i++) {
    const item *one = items.at[i];
    if (one->value->form == E_STAR) {
      for (size_t j = 0; j < from.table->headings.count; j++)
        if (star_covers(one->value, from.qualifiers.at[j]))
          append(&r->memory, &made->headings, from.table->headings.at[j]);
      continue;
    }
    check_columns(r, one->value, &from);
    heading *h = take(&r->memory, sizeof *h);
    scope s = scope_of(&from, NULL);
    *h = (heading){one->name, type_of(one->value, &s)};
    append(&r->memory, &made->headings, h);
  }
  size_t count = aggregates ? 1 : rows.count;
  for (size_t k = 0; k < count && made->rows.count < limit; k++) {
    char **cells = take(&r->memory, (made->headings.count + 1) * sizeof *cells);
    size_t at = 0;
    scope s = scope_of(&from, aggregates ? NULL : rows.at[k]);
    if (aggregates) s.group = &rows;
    for (size_t i = 0; i < items.count; i++) {
      const item *one = items.at[i];
      if (one->value->form != E_STAR) {
        cells[at++] = evaluate(r, one->value, &s);
        continue;
      }
      for (size_t j = 0; j < from.table->headings.count; j++)
        if (star_covers(one->value, from.qualifiers.at[j])) cells[at++] = s.row ? s.row[j] : NULL;
    }
    bool seen = false;
    for (size_t j = 0; distinct && j < made->rows.count && !seen; j++) {
      char **other = made->rows.at[j];
      size_t i = 0;
      while (i < at && same(other[i], cells[i])) i++;
      seen = i == at;
    }
    if (!seen) append(&r->memory, &made->rows, cells);
  }
  return made;
}

table *query(run *r) {
  if (take_symbol(r, "(")) {
    table *inner = query(r);
    want_symbol(r, ")");
    return inner;
  }
  want_word(r, "SELECT");
  table *t = one_query(r);
  while (take_words(r, "UNION", "ALL")) {
    want_word(r, "SELECT");
    table *more = one_query(r);
    /* seen: 001789 (42601) */
    if (more->headings.count != t->headings.count)
      fail(r, 1789, "42601",
        "SQL compilation error:\ninvalid number of result columns for set operator input branches, expected %zu, got "
        "%zu in branch { 2 }",
        t->headings.count, more->headings.count);
    for (size_t i = 0; i < more->rows.count; i++) append(&r->memory, &t->rows, more->rows.at[i]);
  }
  return t;
}

void run_select(run *r) {
  r->at--;
  r->result = query(r);
  want_end(r);
  r->affected = (long)r->result->rows.count;
}
