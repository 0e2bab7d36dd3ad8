/* order.c - see order.h. Order.swift. */
#include "order.h"

#include "abilities.h"

static const revmeta_change *change_of(const order *order, size_t position) {
  return LENT(revmeta_change, order->changes, order->statement->changes[position]);
}

static const failure *check_changes(pool *pool, const order *order) {
  const revmeta_statement *statement = order->statement;
  str key = note_key(pool, order->note.verb, order->note.names, order->note.count);
  size_t position, is_known = statement->change_count > 0;
  for (position = 0; position < statement->change_count; position++)
    if (statement->changes[position] >= order->changes.count) is_known = false;
  if (!is_known)
    return fail(pool, REVMETA_INVALID, "expected a statement for one or more of the %zu changes it came with",
                order->changes.count);
  for (position = 0; position < statement->change_count; position++) {
    note wanted;
    const failure *why = note_making(pool, change_of(order, position), &wanted);
    if (why) return why;
    if (!str_is_same(note_key(pool, wanted.verb, wanted.names, wanted.count), key))
      return fail(pool, REVMETA_INVALID, "expected a statement about what its change is about, found '%.*s'",
                  STR_ARGUMENTS(statement->text));
  }
  return NULL;
}

const failure *order_read(pool *pool, size_t index, const revmeta_statement *statement, revmeta_changes changes,
                          order *read) {
  const failure *why;
  str kind;
  if (statement->guard.ptr)
    return fail(pool, REVMETA_INVALID,
                "expected a statement without a guard, since this connector plans none, found '%.*s'",
                STR_ARGUMENTS(statement->guard));
  if (statement->parts.count > 1)
    return fail(pool, REVMETA_INVALID, "expected a statement that is one note, found one of %zu parts",
                statement->parts.count);
  *read = (order){.index = index, .statement = statement, .changes = changes};
  why = note_parse(pool, statement->text, &read->note);
  if (why) return why;
  kind = note_kind(&read->note);
  if (!kind.ptr)
    return fail(pool, REVMETA_INVALID, "expected the names of a schema, table or column, found '%.*s'",
                STR_ARGUMENTS(statement->text));
  why = ability_check(pool, kind, read->note.attribute, read->note.value);
  return why ? why : check_changes(pool, read);
}

const failure *order_carry_out(order *order, schema_folder *schema) {
  const note *note = &order->note;
  const str *names = note->names + 1;
  size_t position, count = note->count - 1;
  said found;
  const failure *why = schema_folder_expect(schema, note);
  if (why) return why;
  found = notes_file_said(&schema->notes, note->verb, names, count);
  if (found.unclear.ptr) return fail(schema->pool, REVMETA_CONFLICT, "%.*s", STR_ARGUMENTS(found.unclear));
  for (position = 0; position < order->statement->change_count; position++)
    if (!str_is_same(change_of(order, position)->before, found.text))
      return fail(schema->pool, REVMETA_CONFLICT, "the %.*s has changed since it was read: read it again",
                  STR_ARGUMENTS(note->attribute));
  notes_file_say(&schema->notes, note->verb, names, count, note->value);
  return NULL;
}
