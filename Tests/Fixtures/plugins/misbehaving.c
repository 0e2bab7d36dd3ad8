/* A connector that breaks its contract in the way that its setting "breach" names, and only there. */
#include "fixture.h"

static char breach[64]; /* of the session that is open; tests open one at a time of each copy of this library */

static int breaks(const char *how) { return strcmp(breach, how) == 0; }

static revmeta_status open_session(const revmeta_call *call, revmeta_pairs settings, void **session) {
  revmeta_failure why = {sizeof why, 0, 0, 0, 0, {NULL, 0}, {NULL, 0}};
  copy(breach, setting(settings, "breach")->value);
  if (breaks("OK without a session")) return REVMETA_OK;
  if (breaks("no reason")) return REVMETA_DENIED;
  if (breaks("cancelled by nobody")) return REVMETA_CANCELLED;
  if (breaks("unknown status")) return fail(call, 77, "seventy-seven");
  if (breaks("negative status")) return fail(call, -1, "minus one");
  if (breaks("message not UTF-8")) return fail(call, REVMETA_FAILED, "caf\xE9");
  if (breaks("reason without a message")) call->fail(call, &why);
  if (breaks("small reason")) {
    why.struct_size = 8;
    call->fail(call, &why);
  }
  if (breaks("NULL reason")) call->fail(call, NULL);
  if (breaks("reason without a message") || breaks("small reason") || breaks("NULL reason")) return REVMETA_CONFIG;
  call->log(call, REVMETA_LOG_WARNING, text("log line that is not UTF-8: \xFF"));
  *session = breach;
  return REVMETA_OK;
}

static void close_session(void *session) { (void)session; }

static revmeta_status abilities(void *session, const revmeta_call *call, revmeta_ability_sink sink, void *context) {
  revmeta_ability can = {{NULL, 0}, {NULL, 0}, REVMETA_SUPPORT_FULL, 0, 0, 0, 0, {NULL, 0}};
  revmeta_abilities lent = {NULL, 1, sizeof can};
  (void)session;
  can.kind = text("table");
  can.attribute = text("description");
  if (breaks("ability without a kind")) can.kind.ptr = NULL;
  if (breaks("unknown support")) can.support = 12;
  lent.items = &can;
  return sink(context, lent) ? stopped(call) : REVMETA_OK;
}

static revmeta_status read_facts(void *session, const revmeta_call *call, revmeta_entities entities,
                                 revmeta_strs attributes, revmeta_fact_sink sink, void *context) {
  revmeta_fact fact = {0, 0, {NULL, 0}, {NULL, 0}, {NULL, 0}};
  revmeta_facts lent = {NULL, 1, sizeof fact};
  (void)session;
  fact.kind = text("table");
  fact.value = text("value");
  if (breaks("entity out of range")) fact.entity = entities.count;
  if (breaks("huge entity")) fact.entity = (size_t)-1;
  if (breaks("attribute out of range")) fact.attribute = attributes.count;
  if (breaks("kind not UTF-8")) fact.kind = text("ta\xC0\xAF");
  if (breaks("value not UTF-8")) fact.value = text("\xED\xA0\x80");
  if (breaks("problem not UTF-8")) fact.problem = text("\xFF");
  if (breaks("fact without a kind")) fact.kind.ptr = NULL;
  if (breaks("small stride")) lent.stride = 8;
  if (!breaks("facts without their list")) lent.items = &fact;
  if (breaks("huge count")) lent.count = (size_t)-1;
  if (breaks("huge text")) fact.value.len = (size_t)-1;
  if (sink(context, lent)) {
    /* A plugin that goes on after it was told to stop is told so again. */
    fact.entity = 0;
    return sink(context, lent) ? stopped(call) : REVMETA_OK;
  }
  if (breaks("fact twice")) sink(context, lent);
  return REVMETA_OK;
}

static int tell(revmeta_outcome_sink sink, void *context, size_t index, revmeta_status status, const char *message) {
  revmeta_failure why = {sizeof why, 0, 0, 0, 0, {NULL, 0}, {NULL, 0}};
  revmeta_outcome outcome = {0, 0, NULL};
  revmeta_outcomes lent = {NULL, 1, sizeof outcome};
  if (message) {
    why.message = text(message);
    outcome.failure = &why;
  }
  outcome.index = index;
  outcome.status = status;
  lent.items = &outcome;
  return sink(context, lent);
}

static revmeta_status plan(void *session, const revmeta_call *call, revmeta_changes changes,
                           revmeta_statement_sink statements, revmeta_outcome_sink refusals, void *context) {
  size_t i;
  (void)session;
  for (i = 0; i < changes.count; i++) {
    size_t carried[2];
    revmeta_statement statement = {{NULL, 0}, NULL, 1, {NULL, 0}, {NULL, 0}};
    revmeta_statements lent = {NULL, 1, sizeof statement};
    carried[0] = carried[1] = i;
    if (i == 1 && breaks("change in none")) continue;
    if (i == 1 && breaks("change in two")) carried[0] = 0;
    if (breaks("change twice in a statement")) statement.change_count = 2;
    if (breaks("statement for a stranger")) carried[0] = changes.count;
    if (breaks("statement for a huge stranger")) carried[0] = (size_t)-1;
    if (breaks("statement for nothing")) statement.change_count = 0;
    statement.text = text("DO");
    statement.changes = carried;
    if (breaks("statement without a text")) statement.text.ptr = NULL;
    if (breaks("statement not UTF-8")) statement.text = text("\x80");
    lent.items = &statement;
    if (breaks("refused and planned") && tell(refusals, context, i, REVMETA_UNSUPPORTED, "no")) return stopped(call);
    if (breaks("refused a stranger") && tell(refusals, context, changes.count, REVMETA_DENIED, "no"))
      return stopped(call);
    if (statements(context, lent)) return stopped(call);
  }
  return REVMETA_OK;
}

static revmeta_status check(void *session, const revmeta_call *call, revmeta_changes changes,
                            revmeta_outcome_sink sink, void *context) {
  int stop = 0;
  (void)session;
  if (breaks("refused a stranger")) stop = tell(sink, context, changes.count, REVMETA_DENIED, "no");
  if (breaks("refused a huge stranger")) stop = tell(sink, context, (size_t)-1, REVMETA_DENIED, "no");
  if (breaks("refused without a reason")) stop = tell(sink, context, 0, REVMETA_DENIED, NULL);
  return stop ? stopped(call) : REVMETA_OK;
}

/* Runs the first statement well, and breaks the contract with the second one. */
static revmeta_status execute(void *session, const revmeta_call *call, revmeta_changes changes,
                              revmeta_statements statements, revmeta_outcome_sink sink, void *context) {
  int stop = tell(sink, context, 0, REVMETA_OK, NULL);
  (void)session;
  (void)changes;
  if (breaks("outcome twice")) stop = tell(sink, context, 0, REVMETA_FAILED, "after all");
  if (breaks("outcome of a stranger")) stop = tell(sink, context, statements.count, REVMETA_OK, NULL);
  if (breaks("outcome of a huge stranger")) stop = tell(sink, context, (size_t)-1, REVMETA_OK, NULL);
  if (breaks("outcome without a reason")) stop = tell(sink, context, 1, REVMETA_FAILED, NULL);
  if (breaks("unknown outcome")) stop = tell(sink, context, 1, 55, "fifty-five");
  if (breaks("outcome not UTF-8")) stop = tell(sink, context, 1, REVMETA_FAILED, "\xC3");
  if (breaks("outcome missing")) return REVMETA_OK;
  return stop ? stopped(call) : REVMETA_OK;
}

static const revmeta_dialect *dialect(void) {
  static const revmeta_dialect none = {sizeof none, 0, 0, "text", NULL, NULL, "'", "'", "", "", "", "", "", "", "",
                                       NULL, NULL};
  return &none;
}

static const revmeta_connector connector = {sizeof connector, dialect, open_session, close_session, abilities,
                                            read_facts, plan, check, execute};

static const void *query(const char *id) { return strcmp(id, REVMETA_CONNECTOR_ID) == 0 ? &connector : NULL; }

static const revmeta_plugin plugin = {sizeof plugin, REVMETA_ABI_MINOR, "org.example.misbehaving", "Misbehaving", "1.0.0",
                                      query};

const revmeta_plugin *revmeta_plugin_v1(void) { return &plugin; }
