/* connector.c - see connector.h. NotesConnector.swift. */
#define _POSIX_C_SOURCE 200809L

#include "connector.h"

#include <stdlib.h>
#include <unistd.h>

#include "abilities.h"
#include "data_folder.h"
#include "files.h"
#include "kit.h"
#include "note.h"
#include "order.h"

/* How templates write a statement: names bare, a text with its backslashes doubled. */
static const revmeta_dialect *dialect(void) {
  static const revmeta_dialect text = {
      .struct_size = sizeof text,
      .flags = REVMETA_DIALECT_BACKSLASH_ESCAPES,
      .name = "text",
      .literal_open = "",
      .literal_close = "",
      .list_open = "(",
      .list_close = ")",
      .list_separator = ", ",
      .pair_open = "",
      .pair_separator = " = ",
      .pair_close = "",
      .statement_end = "",
  };
  return &text;
}

/* A session holds the path of the folder, and from its first execute on the right to write below it. */
typedef struct session {
  pool pool; /* memory of the session's whole life */
  const char *folder;
  int lock; /* -1: not taken */
} session;

static str setting(revmeta_pairs settings, str key) {
  size_t index;
  for (index = 0; index < settings.count; index++) {
    const revmeta_pair *pair = LENT(revmeta_pair, settings, index);
    if (str_is_same(pair->key, key)) return pair->value;
  }
  return (str){NULL, 0};
}

static const failure *check_folder(pool *pool, str folder, const char **path) {
  buffer copy = {pool, NULL, 0, 0};
  str *names;
  size_t count;
  if (!folder.len)
    return fail(pool, REVMETA_CONFIG, "the setting 'folder' is missing: give it under the service's connection");
  buffer_text(&copy, folder);
  buffer_byte(&copy, '\0');
  *path = copy.ptr;
  if (str_has(folder, '\0') || !files_is_folder(*path))
    return fail(pool, REVMETA_CONFIG, "the setting 'folder' must be the path of a folder, found '%.*s'",
                STR_ARGUMENTS(folder));
  return files_names(pool, *path, &names, &count);
}

static revmeta_status open_session(const revmeta_call *call, revmeta_pairs settings, void **opened) {
  pool pool = {NULL};
  const char *folder = NULL;
  const failure *why = check_folder(&pool, setting(settings, STR("folder")), &folder);
  if (!why) {
    struct pool own = {NULL};
    session *session = pool_take(&own, sizeof *session);
    buffer copy = {&own, NULL, 0, 0};
    buffer_text(&copy, str_of(folder));
    buffer_byte(&copy, '\0');
    session->folder = copy.ptr;
    session->lock = -1;
    session->pool = own;
    *opened = session;
  }
  return answer(call, &pool, why);
}

static void close_session(void *closed) {
  session *session = closed;
  pool own = session->pool; /* which holds the session itself */
  if (session->lock >= 0) close(session->lock);
  pool_release(&own);
}

static revmeta_status abilities(void *session, const revmeta_call *call, revmeta_ability_sink sink, void *context) {
  pool pool = {NULL};
  int32_t answer_of_sink = sink(context, (revmeta_abilities){abilities_of_notes, abilities_of_notes_count,
                                                             sizeof abilities_of_notes[0]});
  (void)session; /* every session can do the same */
  return answer(call, &pool, stopped(&pool, answer_of_sink));
}

static const failure *read_attribute(schema_folder *schema, presence found, const str *names, size_t count,
                                     revmeta_fact fact, str attribute, revmeta_fact_sink sink, void *context) {
  said said = {.unclear = found.unclear};
  str verb = note_verb(attribute);
  /* The thing is there, though it has no such attribute. */
  if (!verb.ptr || !ability_is_full(fact.kind, attribute)) {
    return stopped(schema->pool, sink(context, (revmeta_facts){&fact, 1, sizeof fact}));
  }
  if (!said.unclear.ptr) said = notes_file_said(&schema->notes, verb, names, count);
  fact.value = said.text;
  fact.problem = said.unclear;
  return stopped(schema->pool, sink(context, (revmeta_facts){&fact, 1, sizeof fact}));
}

static const failure *read_entity(data_folder *data, const revmeta_entity *entity, size_t index,
                                  revmeta_strs attributes, revmeta_fact_sink sink, void *context) {
  const failure *why;
  const str *names;
  schema_folder *schema;
  presence found;
  size_t position, count = note_names(entity->kind, entity->path, entity->path_count, &names);
  if (!count) return NULL;
  why = data_folder_schema(data, names[0], &schema);
  if (why || !schema) return why;
  found = schema_folder_presence(schema, names + 1, count - 1);
  if (found.is_absent) return NULL;
  for (position = 0; position < attributes.count && !why; position++) {
    revmeta_fact fact = {.entity = index, .attribute = position, .kind = entity->kind};
    why = read_attribute(schema, found, names + 1, count - 1, fact, attributes.items[position], sink, context);
  }
  return why;
}

static revmeta_status read_facts(void *opened, const revmeta_call *call, revmeta_entities entities,
                                 revmeta_strs attributes, revmeta_fact_sink sink, void *context) {
  const session *session = opened;
  pool pool = {NULL};
  data_folder data = {&pool, session->folder, NULL, 0, false, NULL};
  const failure *why = NULL;
  size_t index;
  for (index = 0; index < entities.count && !why; index++) {
    why = check_cancelled(call, &pool);
    if (!why) why = read_entity(&data, LENT(revmeta_entity, entities, index), index, attributes, sink, context);
  }
  return answer(call, &pool, why);
}

static revmeta_status plan(void *opened, const revmeta_call *call, revmeta_changes changes,
                           revmeta_statement_sink statements, revmeta_outcome_sink refusals, void *context) {
  const session *session = opened;
  pool pool = {NULL};
  data_folder data = {&pool, session->folder, NULL, 0, false, NULL};
  const failure *why = NULL;
  size_t index;
  for (index = 0; index < changes.count && !why; index++) {
    schema_folder *schema;
    note note;
    why = check_cancelled(call, &pool);
    if (why) break;
    why = note_making(&pool, LENT(revmeta_change, changes, index), &note);
    if (!why) why = data_folder_schema_holding(&data, &note, &schema);
    if (!why) {
      str line = note_line(&pool, note.verb, note.names, note.count, note.value);
      revmeta_statement statement = {.text = line, .changes = &index, .change_count = 1};
      why = stopped(&pool, statements(context, (revmeta_statements){&statement, 1, sizeof statement}));
    } else if (why->status == REVMETA_UNSUPPORTED || why->status == REVMETA_INVALID ||
               why->status == REVMETA_NOT_FOUND) {
      why = emit_outcome(&pool, refusals, context, index, why);
    }
  }
  return answer(call, &pool, why);
}

static const failure *check_change(data_folder *data, const revmeta_change *change) {
  schema_folder *schema;
  note note;
  const failure *why = note_making(data->pool, change, &note);
  if (!why) why = data_folder_schema_holding(data, &note, &schema);
  if (why || files_is_writable(schema->path)) return why;
  return fail(data->pool, REVMETA_DENIED,
              "cannot write in '%s': let the account that runs revmeta write in that folder", schema->path);
}

static revmeta_status check(void *opened, const revmeta_call *call, revmeta_changes changes,
                            revmeta_outcome_sink sink, void *context) {
  const session *session = opened;
  pool pool = {NULL};
  data_folder data = {&pool, session->folder, NULL, 0, false, NULL};
  const failure *why = NULL;
  size_t index;
  for (index = 0; index < changes.count && !why; index++) {
    const failure *missing;
    why = check_cancelled(call, &pool);
    if (why) break;
    missing = check_change(&data, LENT(revmeta_change, changes, index));
    if (missing) why = emit_outcome(&pool, sink, context, index, missing);
  }
  return answer(call, &pool, why);
}

/* Carries out the orders for one schema in one write, and notes for each why it was not carried out. */
static void carry_out(pool *pool, const char *folder, order **batch, size_t count) {
  /* Looked at anew, behind the lock: what was read or planned may have moved since. */
  data_folder data = {pool, folder, NULL, 0, false, NULL};
  schema_folder *schema;
  size_t position;
  const failure *why = data_folder_schema(&data, batch[0]->note.names[0], &schema);
  if (!why && !schema) why = not_found(pool, batch[0]->note.names, 1);
  if (!why) {
    for (position = 0; position < count; position++) batch[position]->why = order_carry_out(batch[position], schema);
    why = schema_folder_save(schema);
  }
  for (position = 0; position < count; position++)
    if (!batch[position]->why) batch[position]->why = why;
}

/* Carries out the first order and all others for its schema, emits how they ended, and takes them out of the list. */
static const failure *carry_out_first_batch(const session *session, const revmeta_call *call, pool *pool,
                                            order **orders, size_t *count, revmeta_outcome_sink sink, void *context) {
  str schema = orders[0]->note.names[0];
  order **batch = pool_take(pool, *count * sizeof *batch);
  size_t index, batch_count = 0, rest = 0, kept = 0;
  const failure *why = NULL;
  for (index = 0; index < *count; index++) {
    if (str_is_same(orders[index]->note.names[0], schema)) batch[batch_count++] = orders[index];
    else orders[rest++] = orders[index];
  }
  *count = rest;
  carry_out(pool, session->folder, batch, batch_count);
  for (index = 0; index < batch_count && !why; index++) {
    if (!batch[index]->why) kept++;
    why = emit_outcome(pool, sink, context, batch[index]->index, batch[index]->why);
  }
  if (!why)
    say(call, pool, REVMETA_LOG_DEBUG, "%zu of %zu notes kept in '%.*s'", kept, batch_count, STR_ARGUMENTS(schema));
  return why;
}

static revmeta_status execute(void *opened, const revmeta_call *call, revmeta_changes changes,
                              revmeta_statements statements, revmeta_outcome_sink sink, void *context) {
  session *session = opened;
  pool pool = {NULL};
  order **orders = pool_take(&pool, statements.count * sizeof *orders);
  const failure *why = session->lock < 0 ? files_lock(&pool, session->folder, &session->lock) : NULL;
  size_t index, count = 0;
  for (index = 0; index < statements.count && !why; index++) {
    order *order = pool_take(&pool, sizeof *order);
    const failure *misread =
        order_read(&pool, index, LENT(revmeta_statement, statements, index), changes, order);
    if (misread) why = emit_outcome(&pool, sink, context, index, misread);
    else orders[count++] = order;
  }
  while (count && !why) {
    why = check_cancelled(call, &pool);
    if (!why) why = carry_out_first_batch(session, call, &pool, orders, &count, sink, context);
  }
  return answer(call, &pool, why);
}

const revmeta_connector connector = {
    .struct_size = sizeof connector,
    .dialect = dialect,
    .open = open_session,
    .close = close_session,
    .abilities = abilities,
    .read = read_facts,
    .plan = plan,
    .check = check,
    .execute = execute,
};
