/* A plugin of 1.0: notes in memory, and a template engine that knows one template. Built against the headers beside it.
 * Neither it nor they are ever edited: whatever revmeta becomes, it must load and serve this. */
#include <revmeta/revmeta.h>

#include <stdlib.h>
#include <string.h>

#define MOST 16

static revmeta_str text(const char *of) {
  revmeta_str lent = {of, strlen(of)};
  return lent;
}

static int same(revmeta_str one, revmeta_str other) {
  return one.len == other.len && (one.len == 0 || memcmp(one.ptr, other.ptr, one.len) == 0);
}

static revmeta_str kept(revmeta_str lent) {
  char *copy;
  revmeta_str own = {NULL, 0};
  if (!lent.ptr) return own;
  copy = malloc(lent.len + 1);
  memcpy(copy, lent.ptr, lent.len);
  own.ptr = copy;
  own.len = lent.len;
  return own;
}

static revmeta_status refuse(const revmeta_call *call, revmeta_status status, const char *message) {
  revmeta_failure why;
  memset(&why, 0, sizeof why);
  why.struct_size = sizeof why;
  why.message = text(message);
  call->fail(call, &why);
  return status;
}

/* The connector. */

static const revmeta_dialect dialect_table = {
    sizeof dialect_table, REVMETA_DIALECT_BACKSLASH_ESCAPES, 63, "frozen", "[", "]", "'", "'", "(", ")", ", ", "(", "=", ")",
    ";", NULL, NULL};

static const revmeta_dialect *dialect(void) { return &dialect_table; }

typedef struct {
  revmeta_str name, value;
} note;

typedef struct {
  note notes[MOST];
  size_t count;
} session;

static revmeta_status open_session(const revmeta_call *call, revmeta_pairs settings, void **out) {
  size_t i;
  for (i = 0; i < settings.count; i++) {
    const revmeta_pair *pair = (const revmeta_pair *)((const char *)settings.items + i * settings.stride);
    if (same(pair->key, text("password")) && !same(pair->value, text("open sesame")))
      return refuse(call, REVMETA_DENIED, "the password was refused");
  }
  *out = calloc(1, sizeof(session));
  return REVMETA_OK;
}

static void close_session(void *self) { free(self); }

static revmeta_status abilities(void *self, const revmeta_call *call, revmeta_ability_sink sink, void *context) {
  revmeta_ability item;
  revmeta_abilities lent = {NULL, 1, sizeof item};
  (void)self;
  (void)call;
  memset(&item, 0, sizeof item);
  item.kind = text("table");
  item.attribute = text("description");
  item.support = REVMETA_SUPPORT_FULL;
  item.flags = REVMETA_ABILITY_CLEAR;
  item.unit = REVMETA_UNIT_CHARACTERS;
  item.max_length = 40;
  lent.items = &item;
  return sink(context, lent) ? REVMETA_CANCELLED : REVMETA_OK;
}

static note *find(session *self, revmeta_str name) {
  size_t i;
  for (i = 0; i < self->count; i++)
    if (same(self->notes[i].name, name)) return &self->notes[i];
  if (self->count == MOST) return NULL;
  self->notes[self->count].name = kept(name);
  return &self->notes[self->count++];
}

static revmeta_status read_facts(void *self, const revmeta_call *call, revmeta_entities entities, revmeta_strs attributes,
                                 revmeta_fact_sink sink, void *context) {
  size_t i, j;
  for (i = 0; i < entities.count; i++) {
    const revmeta_entity *entity = (const revmeta_entity *)((const char *)entities.items + i * entities.stride);
    revmeta_str name = entity->path[entity->path_count - 1];
    if (!same(entity->kind, text("table")) || same(name, text("missing"))) continue;
    for (j = 0; j < attributes.count; j++) {
      revmeta_fact fact;
      revmeta_facts lent = {NULL, 1, sizeof fact};
      memset(&fact, 0, sizeof fact);
      fact.entity = i;
      fact.attribute = j;
      fact.kind = text("table");
      if (same(name, text("secret"))) fact.problem = text("nobody may look");
      else if (same(attributes.items[j], text("description"))) fact.value = find(self, name)->value;
      lent.items = &fact;
      if (call->cancelled(call) || sink(context, lent)) return REVMETA_CANCELLED;
    }
  }
  return REVMETA_OK;
}

static revmeta_status plan(void *self, const revmeta_call *call, revmeta_changes changes, revmeta_statement_sink statements,
                           revmeta_outcome_sink refusals, void *context) {
  size_t i;
  (void)self;
  (void)call;
  for (i = 0; i < changes.count; i++) {
    const revmeta_change *change = (const revmeta_change *)((const char *)changes.items + i * changes.stride);
    if (same(change->path[change->path_count - 1], text("stubborn"))) {
      revmeta_failure why;
      revmeta_outcome item;
      revmeta_outcomes lent = {NULL, 1, sizeof item};
      memset(&why, 0, sizeof why);
      memset(&item, 0, sizeof item);
      why.struct_size = sizeof why;
      why.message = text("it takes no notes");
      item.index = i;
      item.status = REVMETA_UNSUPPORTED;
      item.failure = &why;
      lent.items = &item;
      if (refusals(context, lent)) return REVMETA_CANCELLED;
    } else {
      revmeta_statement item;
      revmeta_statements lent = {NULL, 1, sizeof item};
      memset(&item, 0, sizeof item);
      item.text = text(change->value.ptr ? "NOTE" : "FORGET");
      item.changes = &i;
      item.change_count = 1;
      item.guard = change->channel;
      lent.items = &item;
      if (statements(context, lent)) return REVMETA_CANCELLED;
    }
  }
  return REVMETA_OK;
}

static revmeta_status check(void *self, const revmeta_call *call, revmeta_changes changes, revmeta_outcome_sink sink,
                            void *context) {
  (void)self;
  (void)call;
  (void)changes;
  (void)sink;
  (void)context;
  return REVMETA_OK;
}

static revmeta_status execute(void *self, const revmeta_call *call, revmeta_changes changes, revmeta_statements statements,
                              revmeta_outcome_sink sink, void *context) {
  size_t i;
  if (REVMETA_HAS(call, label.ptr)) call->log(call, REVMETA_LOG_INFO, call->label);
  for (i = 0; i < statements.count; i++) {
    const revmeta_statement *one = (const revmeta_statement *)((const char *)statements.items + i * statements.stride);
    const revmeta_change *change =
        (const revmeta_change *)((const char *)changes.items + one->changes[0] * changes.stride);
    note *found = find(self, change->path[change->path_count - 1]);
    revmeta_failure why;
    revmeta_outcome item;
    revmeta_outcomes lent = {NULL, 1, sizeof item};
    memset(&why, 0, sizeof why);
    memset(&item, 0, sizeof item);
    item.index = i;
    if (!same(found->value, change->before) && !same(found->value, change->value)) {
      why.struct_size = sizeof why;
      why.message = text("the note has moved");
      item.status = REVMETA_CONFLICT;
      item.failure = &why;
    } else {
      found->value = one->parts.count ? kept(one->parts.items[one->parts.count - 1]) : kept(change->value);
    }
    lent.items = &item;
    if (sink(context, lent)) return REVMETA_CANCELLED;
  }
  return REVMETA_OK;
}

static const revmeta_connector connector = {sizeof connector, dialect,    open_session, close_session, abilities,
                                            read_facts,       plan,       check,        execute};

static void interrupt(void *self) { (void)self; }

static const revmeta_interrupt interruption = {sizeof interruption, interrupt};

/* The template engine: its one template is "NOTE @". */

static revmeta_status compile(const revmeta_call *call, const revmeta_dialect *of, revmeta_str template, revmeta_strs names,
                              uint32_t flags, void **out) {
  static char compiled;
  (void)of;
  (void)names;
  (void)flags;
  if (!same(template, text("NOTE @"))) {
    revmeta_failure why;
    memset(&why, 0, sizeof why);
    why.struct_size = sizeof why;
    why.line = 1;
    why.column = 6;
    why.message = text("expected NOTE @");
    call->fail(call, &why);
    return REVMETA_CONFIG;
  }
  *out = &compiled;
  return REVMETA_OK;
}

static revmeta_status uses(const void *compiled, revmeta_text_sink sink, void *context) {
  revmeta_str names[2];
  revmeta_strs lent = {names, 2};
  (void)compiled;
  names[0] = text("table");
  names[1] = text("description");
  return sink(context, lent) ? REVMETA_CANCELLED : REVMETA_OK;
}

static revmeta_status render(const void *compiled, const revmeta_call *call, const revmeta_change *change,
                             revmeta_variables variables, revmeta_text_sink sink, void *context) {
  size_t i;
  revmeta_str parts[2];
  revmeta_strs lent = {parts, 2};
  (void)compiled;
  (void)change;
  for (i = 0; i < variables.count; i++) {
    const revmeta_variable *variable =
        (const revmeta_variable *)((const char *)variables.items + i * variables.stride);
    if (same(variable->name, text("table")) && variable->role == REVMETA_ROLE_NAME) parts[0] = variable->value;
    else if (same(variable->name, text("description")) && variable->role == REVMETA_ROLE_TEXT) parts[1] = variable->value;
    else return refuse(call, REVMETA_INVALID, "this variable was not asked for");
  }
  return sink(context, lent) ? REVMETA_CANCELLED : REVMETA_OK;
}

static void release(void *compiled) { (void)compiled; }

static const revmeta_template engine = {sizeof engine, compile, uses, render, release};

static const void *query(const char *id) {
  if (strcmp(id, REVMETA_CONNECTOR_ID) == 0) return &connector;
  if (strcmp(id, REVMETA_INTERRUPT_ID) == 0) return &interruption;
  if (strcmp(id, REVMETA_TEMPLATE_ID) == 0) return &engine;
  return NULL;
}

static const revmeta_plugin plugin = {sizeof plugin, REVMETA_ABI_MINOR, "org.example.frozen", "Frozen", "1.0.0", query};

const revmeta_plugin *revmeta_plugin_v1(void) { return &plugin; }
