#include "standin.h"
#include <string.h>

/* INSERT INTO t [ ( c, … ) ] VALUES ( … ) [ , … ]. docs: sql-reference/sql/insert */
void run_insert(run *r) {
  want_word(r, "INTO");
  object *o = resolve_relation(r, want_qualified_name(r));
  list targets = {0};
  if (take_symbol(r, "(")) {
    do append(&r->memory, &targets, resolve_column(r, o, want_name(r)));
    while (take_symbol(r, ","));
    want_symbol(r, ")");
  } else {
    targets = o->columns;
  }
  want_word(r, "VALUES");
  list rows = {0};
  do {
    char **values = take(&r->memory, (o->columns.count + 1) * sizeof *values);
    size_t given = 0;
    for (size_t i = 0; i < o->columns.count; i++) values[i] = ((column *)o->columns.at[i])->initial;
    want_symbol(r, "(");
    do {
      char *value = evaluate(r, want_expression(r), NULL);
      if (given < targets.count)
        for (size_t i = 0; i < o->columns.count; i++)
          if (o->columns.at[i] == targets.at[given]) values[i] = value;
      given++;
    } while (take_symbol(r, ","));
    want_symbol(r, ")");
    if (given != targets.count)
      fail(r, 2057, "42601",
        "SQL compilation error:\nInsert value list does not match column list expecting %zu but got %zu", targets.count,
        given);
    append(&r->memory, &rows, values);
  } while (take_symbol(r, ","));
  want_end(r);
  if (!is_table(o->kind))
    fail(r, 2203, "02000", "SQL compilation error:\nObject found is of type 'VIEW', not specified type 'TABLE'.");
  if (!holds(r->state, r->context, "INSERT", o)) denied(r, o);
  for (size_t k = 0; k < rows.count; k++) {
    char **values = rows.at[k];
    for (size_t i = 0; i < o->columns.count; i++) {
      const column *c = o->columns.at[i];
      /* seen: 100072 (22000) */
      if (!values[i] && !c->nullable) fail(r, 100072, "22000", "NULL result in a non-nullable column");
    }
  }
  for (size_t k = 0; k < rows.count; k++) {
    row *made = take(&r->state->memory, sizeof *made);
    made->cells = take(&r->state->memory, (o->columns.count + 1) * sizeof *made->cells);
    for (size_t i = 0; i < o->columns.count; i++) made->cells[i] = copy(&r->state->memory, ((char **)rows.at[k])[i]);
    append(&r->state->memory, &o->rows, made);
  }
  r->changes = true;
  r->affected = (long)rows.count;
  r->result = new_table(r, "x#");
  ((heading *)r->result->headings.at[0])->name = "number of rows inserted";
  new_row(r, r->result)[0] = format(&r->memory, "%zu", rows.count);
}
