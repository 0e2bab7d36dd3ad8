/* A connector that keeps its contract: its source is a list of notes in memory.
 *
 * It speaks as a later host's contemporary would: its tables and everything it emits are larger than today's structs.
 * A test that wants it wrong in one way defines one of the names below when it compiles. */
#include "fixture.h"

#ifndef PLUGIN_ID
#define PLUGIN_ID "org.example.healthy"
#endif
#ifndef PLUGIN_NAME
#define PLUGIN_NAME "Healthy"
#endif
#ifndef PLUGIN_VERSION
#define PLUGIN_VERSION "1.2.3"
#endif
#ifndef PLUGIN_MINOR
#define PLUGIN_MINOR REVMETA_ABI_MINOR
#endif
#ifndef PLUGIN_SIZE
#define PLUGIN_SIZE sizeof plugin
#endif
#ifndef CONNECTOR_SIZE
#define CONNECTOR_SIZE sizeof connector
#endif
#ifndef DIALECT_SIZE
#define DIALECT_SIZE sizeof sql
#endif
#ifndef OFFERED
#define OFFERED REVMETA_CONNECTOR_ID
#endif

#define MOST_NOTES 8
#define MOST_TEXT 512

/* Everything that crosses, as a later release may have it. */
typedef struct { revmeta_ability now; char later[24]; } wide_ability;
typedef struct { revmeta_fact now; char later[8]; } wide_fact;
typedef struct { revmeta_statement now; char later[40]; } wide_statement;
typedef struct { revmeta_outcome now; char later[16]; } wide_outcome;

typedef struct {
  const char *path; /* the names joined by dots */
  const char *kind;
  int has_description;
  char description[MOST_TEXT];
} note;

typedef struct {
  pid_t thread; /* that opened the session */
  int visits;
  int strays; /* calls from another thread */
  FILE *file; /* holds the word "open", and "closed" once the session is closed on its own thread */
  note notes[MOST_NOTES];
} session;

static atomic_int meeting; /* sessions that wait for one another */

static void visit(session *self) {
  self->visits += 1;
  if (gettid() != self->thread) self->strays += 1;
}

static const note first_notes[MOST_NOTES] = {
    {"shop", "database", 0, ""},
    {"shop.public", "schema", 1, "What is sold"},
    {"shop.public.orders", "table", 1, "Orders, one a row"},
    {"shop.public.orders.id", "column", 1, ""},
    {"shop.public.recent", "materialized view", 1, "naïve 雪 \xF0\x9F\x8C\xB1"},
    {"shop.public.locked", "table", 0, ""},
    {"shop.public.refund", "function", 0, ""},
};

static note *find(session *self, const revmeta_str *path, size_t count) {
  char joined[MOST_TEXT] = "";
  size_t i;
  for (i = 0; i < count; i++) {
    if (i > 0) strcat(joined, ".");
    strncat(joined, path[i].ptr, path[i].len);
  }
  for (i = 0; i < MOST_NOTES; i++)
    if (self->notes[i].path && strcmp(self->notes[i].path, joined) == 0) return &self->notes[i];
  return NULL;
}

static revmeta_status open_session(const revmeta_call *call, revmeta_pairs settings, void **out) {
  session *self;
  const revmeta_pair *status = setting(settings, "status");
  if (status) {
    revmeta_failure why = {sizeof why, 1045, 1500, 7, 9, {NULL, 0}, {NULL, 0}};
    const revmeta_pair *message = setting(settings, "message");
    if (message) {
      why.message = message->value;
      why.sqlstate = text("28P01");
      call->fail(call, &why);
    }
    return (revmeta_status)number(status->value);
  }
  self = calloc(1, sizeof *self);
  self->thread = gettid();
  memcpy(self->notes, first_notes, sizeof first_notes);
  if (setting(settings, "file")) {
    char path[MOST_TEXT];
    copy(path, setting(settings, "file")->value);
    self->file = fopen(path, "we");
    fputs("open\n", self->file);
    fflush(self->file);
  }
  call->log(call, REVMETA_LOG_INFO, text("connected"));
  call->log(call, REVMETA_LOG_DEBUG, text("details"));
  *out = self;
  return REVMETA_OK;
}

static void close_session(void *session_) {
  session *self = session_;
  visit(self);
  if (self->file) {
    if (self->strays == 0) fputs("closed\n", self->file);
    fclose(self->file);
  }
  free(self);
}

static revmeta_status abilities(void *session_, const revmeta_call *call, revmeta_ability_sink sink, void *context) {
  static const char *const kinds[] = {"table", "materialized view"};
  wide_ability list[2];
  revmeta_abilities lent = {NULL, 2, sizeof *list};
  size_t i;
  (void)call;
  visit(session_);
  memset(list, 0xEE, sizeof list);
  for (i = 0; i < 2; i++) {
    revmeta_ability can = {{NULL, 0}, {NULL, 0}, REVMETA_SUPPORT_FULL, REVMETA_ABILITY_CLEAR, REVMETA_TEXT_NO_NUL,
                           REVMETA_UNIT_CHARACTERS, 500, {NULL, 0}};
    can.kind = text(kinds[i]);
    can.attribute = text("description");
    list[i].now = can;
  }
  list[1].now.support = REVMETA_SUPPORT_VERSIONED;
  list[1].now.flags = REVMETA_ABILITY_EMPTY_IS_NULL;
  list[1].now.max_length = 0;
  list[1].now.unit = REVMETA_UNIT_BYTES;
  list[1].now.text = REVMETA_TEXT_BMP;
  list[1].now.note = text("from 9.4 on");
  lent.items = &list[0].now;
  return sink(context, lent) ? stopped(call) : REVMETA_OK;
}

/* Waits until the host asks to stop, or the deadline passes. */
static revmeta_status wait_for_the_end(const revmeta_call *call) {
  int64_t gives_up = now() + 600 * SECOND;
  call->log(call, REVMETA_LOG_INFO, text("waiting"));
  while (now() < gives_up) {
    /* First: a host that is told nothing soon after a deadline asks to stop too. */
    if (call->deadline_ns && now() > call->deadline_ns)
      return fail(call, REVMETA_TRANSIENT, "the call's deadline has passed");
    if (call->cancelled(call)) return stopped(call);
    usleep(1000);
  }
  return fail(call, REVMETA_FAILED, "nobody asked to stop");
}

/* Answers "tag.visits", "tag.strays", "tag.process" and "tag.deadline" about the session itself; "tag.wait" ends with the call and
 * "tag.meet" when another session is in it too. */
static revmeta_status probe(session *self, const revmeta_call *call, revmeta_str attribute, char *answer) {
  int64_t gives_up = now() + 600 * SECOND;
  if (is(attribute, "tag.wait")) return wait_for_the_end(call);
  if (is(attribute, "tag.visits")) sprintf(answer, "%d", self->visits);
  if (is(attribute, "tag.strays")) sprintf(answer, "%d", self->strays);
  if (is(attribute, "tag.thread")) sprintf(answer, "%ld", (long)self->thread);
  if (is(attribute, "tag.process")) sprintf(answer, "%ld", (long)getpid());
  if (is(attribute, "tag.deadline") && call->deadline_ns)
    sprintf(answer, "%ld", (long)((call->deadline_ns - now()) / SECOND));
  if (is(attribute, "tag.meet")) {
    atomic_fetch_add(&meeting, 1);
    while (atomic_load(&meeting) < 2 && now() < gives_up) usleep(1000);
    strcpy(answer, atomic_load(&meeting) >= 2 ? "met" : "alone");
  }
  return REVMETA_OK;
}

static revmeta_status read_facts(void *session_, const revmeta_call *call, revmeta_entities entities,
                                 revmeta_strs attributes, revmeta_fact_sink sink, void *context) {
  session *self = session_;
  size_t i, j;
  visit(self);
  for (i = 0; i < entities.count; i++) {
    const revmeta_entity *entity = item(entities, i);
    const note *found = find(self, entity->path, entity->path_count);
    /* All the facts of an entity in one list, so that the host must step by its stride. */
    wide_fact *list = malloc(attributes.count * sizeof *list);
    revmeta_facts lent = {&list->now, 0, sizeof *list};
    char answers[MOST_NOTES][64];
    int32_t stop;
    if (!found) {
      free(list);
      continue;
    }
    memset(list, 0xEE, attributes.count * sizeof *list);
    for (j = 0; j < attributes.count; j++) {
      revmeta_fact fact = {i, j, {NULL, 0}, {NULL, 0}, {NULL, 0}};
      fact.kind = text(found->kind);
      if (starts(attributes.items[j], "tag.")) {
        revmeta_status status;
        answers[j][0] = '\0';
        status = probe(self, call, attributes.items[j], answers[j]);
        if (status != REVMETA_OK) {
          free(list);
          return status;
        }
        if (answers[j][0]) fact.value = text(answers[j]);
      } else if (is(attributes.items[j], "owner")) {
        if (strcmp(found->kind, "function") != 0) continue; /* only functions have an owner here, of unknown name */
        fact.problem = text("two functions have this name");
      } else if (found->has_description) {
        fact.value = text(found->description);
      }
      list[lent.count++].now = fact;
    }
    stop = sink(context, lent);
    free(list);
    if (stop) return stopped(call);
  }
  return REVMETA_OK;
}

static int same_path(const revmeta_change *one, const revmeta_change *other) {
  size_t i;
  if (one->path_count != other->path_count) return 0;
  for (i = 0; i < one->path_count; i++)
    if (!same(one->path[i], other->path[i])) return 0;
  return 1;
}

/* One statement for neighbouring changes of one path: "NOTE orders.description+owner". Functions cannot be noted. */
static revmeta_status plan(void *session_, const revmeta_call *call, revmeta_changes changes,
                           revmeta_statement_sink statements, revmeta_outcome_sink refusals, void *context) {
  size_t i = 0;
  visit(session_);
  while (i < changes.count) {
    const revmeta_change *change = item(changes, i);
    if (is(change->kind, "function")) {
      revmeta_failure why = {sizeof why, 0, 0, 0, 0, {NULL, 0}, {NULL, 0}};
      wide_outcome refusal;
      revmeta_outcomes lent = {&refusal.now, 1, sizeof refusal};
      memset(&refusal, 0xEE, sizeof refusal);
      why.message = text("functions have no notes here");
      refusal.now.index = i;
      refusal.now.status = REVMETA_UNSUPPORTED;
      refusal.now.failure = &why;
      if (refusals(context, lent)) return stopped(call);
      i += 1;
    } else {
      size_t indexes[MOST_NOTES], count = 0;
      char body[MOST_TEXT] = "NOTE ";
      wide_statement statement;
      revmeta_statements lent = {&statement.now, 1, sizeof statement};
      append(body, change->path[change->path_count - 1]);
      do {
        strcat(body, count == 0 ? "." : "+");
        append(body, item(changes, i)->attribute);
        indexes[count++] = i++;
      } while (i < changes.count && count < MOST_NOTES && same_path(change, item(changes, i)));
      memset(&statement, 0xEE, sizeof statement);
      statement.now.text = text(body);
      statement.now.changes = indexes;
      statement.now.change_count = count;
      /* An absent text has no length, whatever stands there. */
      statement.now.guard.ptr = NULL;
      if (count > 1) statement.now.guard = text("is one object");
      statement.now.parts.count = 0;
      if (statements(context, lent)) return stopped(call);
    }
  }
  return REVMETA_OK;
}

static revmeta_status check(void *session_, const revmeta_call *call, revmeta_changes changes,
                            revmeta_outcome_sink sink, void *context) {
  size_t i;
  visit(session_);
  for (i = 0; i < changes.count; i++) {
    const revmeta_change *change = item(changes, i);
    revmeta_failure why = {sizeof why, 42, 0, 0, 0, {NULL, 0}, {NULL, 0}};
    revmeta_outcome refusal = {0, REVMETA_DENIED, NULL};
    revmeta_outcomes lent = {NULL, 1, sizeof refusal};
    if (!is(change->path[change->path_count - 1], "locked")) continue;
    why.message = text("\"locked\" may be noted by its owner only");
    why.sqlstate = text("42501");
    refusal.index = i;
    refusal.failure = &why;
    lent.items = &refusal;
    if (sink(context, lent)) return stopped(call);
  }
  return REVMETA_OK;
}

static revmeta_status compare(session *self, const revmeta_change *change) {
  const note *found = find(self, change->path, change->path_count);
  if (!found) return REVMETA_NOT_FOUND;
  if (!change->before.ptr) return found->has_description ? REVMETA_CONFLICT : REVMETA_OK;
  return found->has_description && is(change->before, found->description) ? REVMETA_OK : REVMETA_CONFLICT;
}

/* Makes all the changes of a statement, or none if one of them finds its note moved. */
static revmeta_status run(session *self, const revmeta_statement *statement, revmeta_changes changes) {
  size_t i;
  for (i = 0; i < statement->change_count; i++) {
    revmeta_status status = compare(self, item(changes, statement->changes[i]));
    if (status != REVMETA_OK) return status;
  }
  for (i = 0; i < statement->change_count; i++) {
    const revmeta_change *change = item(changes, statement->changes[i]);
    note *found = find(self, change->path, change->path_count);
    found->has_description = change->value.ptr != NULL;
    copy(found->description, change->value);
  }
  return REVMETA_OK;
}

/* Says what came along for the source's logs, and of what parts a statement is; or if it has none, what it is and carries. */
static void say_parts(const revmeta_call *call, const revmeta_statement *statement, revmeta_changes changes) {
  char line[MOST_TEXT] = "";
  size_t i;
  if (!call->label.ptr) return;
  append(line, call->label);
  strcat(line, " of ");
  append(line, item(changes, statement->changes[0])->channel);
  if (statement->parts.count == 0) {
    strcat(line, ": ");
    append(line, statement->text);
    for (i = 0; i < statement->change_count; i++) {
      strcat(line, i == 0 ? " for " : ", ");
      append(line, item(changes, statement->changes[i])->value);
    }
    strcat(line, " if it ");
    append(line, statement->guard);
  }
  for (i = 0; i < statement->parts.count; i++) {
    strcat(line, i == 0 ? ": " : " then ");
    append(line, statement->parts.items[i]);
  }
  call->log(call, REVMETA_LOG_INFO, text(line));
}

static revmeta_status execute(void *session_, const revmeta_call *call, revmeta_changes changes,
                              revmeta_statements statements, revmeta_outcome_sink sink, void *context) {
  session *self = session_;
  size_t i;
  visit(self);
  for (i = 0; i < statements.count; i++) {
    const revmeta_statement *statement = item(statements, i);
    revmeta_failure why = {sizeof why, 0, 0, 0, 0, {NULL, 0}, {NULL, 0}};
    wide_outcome outcome;
    revmeta_outcomes lent = {&outcome.now, 1, sizeof outcome};
    say_parts(call, statement, changes);
    if (is(statement->text, "BREAK")) return fail(call, REVMETA_TRANSIENT, "the connection was lost");
    memset(&outcome, 0xEE, sizeof outcome);
    why.message = text("the note has moved");
    outcome.now.index = i;
    outcome.now.status = run(self, statement, changes);
    outcome.now.failure = outcome.now.status == REVMETA_OK ? NULL : &why;
    if (sink(context, lent)) return stopped(call);
  }
  return REVMETA_OK;
}

static const struct { revmeta_dialect now; const char *later; } sql = {
    {DIALECT_SIZE, REVMETA_DIALECT_BACKSLASH_ESCAPES, 64, "notes", "[", "]", "'", "'", "(", ")", ", ", "", " = ", "",
     ";;", "SET notes = on;;", "USE "},
    "later"};

static const revmeta_dialect *dialect(void) {
#ifdef NO_DIALECT
  return NULL;
#elif defined NULL_IN_DIALECT
  static revmeta_dialect copy_;
  copy_ = sql.now;
  copy_.NULL_IN_DIALECT = NULL;
  return &copy_;
#else
  return &sql.now;
#endif
}

static struct { revmeta_connector now; void (*later)(void); } connector = {
    {CONNECTOR_SIZE, dialect, open_session, close_session, abilities, read_facts, plan, check, execute}, NULL};

static const void *query(const char *id) {
  if (strcmp(id, OFFERED) != 0) return NULL;
#ifdef NULL_IN_CONNECTOR
  connector.now.NULL_IN_CONNECTOR = NULL;
#endif
  return &connector;
}

static struct { revmeta_plugin now; const char *later; } plugin = {
    {PLUGIN_SIZE, PLUGIN_MINOR, PLUGIN_ID, PLUGIN_NAME, PLUGIN_VERSION, query}, "later"};

const revmeta_plugin *revmeta_plugin_v1(void) {
#ifdef NO_TABLE
  return NULL;
#endif
#ifdef NULL_IN_PLUGIN
  plugin.now.NULL_IN_PLUGIN = NULL;
#endif
#ifdef UNDEFINED
  extern void a_function_that_nobody_has(void);
  a_function_that_nobody_has();
#endif
  return &plugin.now;
}
