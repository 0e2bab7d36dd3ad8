/* A connector that misbehaves in the one way its setting "way" names; without that it is sane.
 *
 * Its source is a text file, the setting "file": a line for each change that was made. Every entity exists, and nothing has a
 * description. What is wrong from the start is chosen when it is compiled, by one of the names below. */
#include "../Fixtures/plugins/fixture.h"
#include <fcntl.h>
#include <locale.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>

#ifndef MINOR
#define MINOR REVMETA_ABI_MINOR
#endif
#ifndef PLUGIN_SIZE
#define PLUGIN_SIZE sizeof plugin
#endif
#ifndef ID
#define ID "org.example.animal"
#endif

typedef struct {
  char way[64];
  char file[512];
  char token[64];
} session;

#ifdef ABORT_WHEN_LOADED
__attribute__((constructor)) static void wake(void) {
  fprintf(stderr, "animal: woken too early\n");
  abort();
}
#endif

#ifdef UNDEFINED
extern int nobody_has_this(void);
#endif

static int does(const session *self, const char *way) { return strcmp(self->way, way) == 0; }

static volatile int depth;

__attribute__((noinline)) static int overflow(int level) {
  volatile char frame[4096];
  frame[0] = (char)level;
  depth = level;
  return level < 0 ? 0 : overflow(level + 1) + frame[0];
}

static void *sleep_for_ever(void *nothing) {
  for (;;) pause();
  return nothing;
}

static void hang(void) {
  for (;;) pause();
}

static void flood(void) {
  long i;
  for (i = 0; i < 400000; i++) printf("animal: line %ld of a flood that nobody asked for, on and on and on\n", i);
  fflush(stdout);
}

/* Writes into the one socket that is the host's. */
static void garble(void) {
  int number;
  for (number = 3; number < 2000; number++) {
    int type = 0;
    socklen_t size = sizeof type;
    if (getsockopt(number, SOL_SOCKET, SO_TYPE, &type, &size) == 0) (void)!write(number, "\xFF\xFF\xFF\xFFgarbage", 11);
  }
}

static void interfere(void) {
  int number;
  for (number = 1; number < 32; number++)
    if (number != SIGSEGV && number != SIGABRT) signal(number, SIG_IGN);
  (void)!chdir("/nowhere");
  (void)!chdir("/");
  setlocale(LC_ALL, "tr_TR.UTF-8");
  setenv("LC_ALL", "tr_TR.UTF-8", 1);
  umask(0);
}

static const revmeta_call *kept_call;
static revmeta_fact_sink kept_sink;
static void *kept_context;

/* Puts its secret wherever an author may have put it by mistake. */
static revmeta_status tell_secret(session *self, const revmeta_call *call) {
  char said[256];
  snprintf(said, sizeof said, "cannot connect with token=%s", self->token);
  printf("%s\n", said);
  fflush(stdout);
  fprintf(stderr, "%s\n", said);
  call->log(call, REVMETA_LOG_ERROR, text(said));
  if (does(self, "abort telling its secret")) abort();
  return fail(call, REVMETA_DENIED, said);
}

static revmeta_status open_session(const revmeta_call *call, revmeta_pairs settings, void **opened) {
  session *self = calloc(1, sizeof *self);
  int number;
  pthread_t thread;
  copy(self->way, setting(settings, "way")->value);
  copy(self->file, setting(settings, "file")->value);
  if (setting(settings, "token")) copy(self->token, setting(settings, "token")->value);
#ifdef UNDEFINED
  nobody_has_this();
#endif
  if (does(self, "abort in open")) {
    fprintf(stderr, "animal: I cannot go on\n");
    abort();
  }
  if (strstr(self->way, "its secret")) return tell_secret(self, call);
  if (does(self, "hang in open")) hang();
  if (does(self, "flood")) flood();
  if (does(self, "close descriptors"))
    for (number = 0; number <= 20; number++) close(number);
  if (does(self, "interfere")) interfere();
  if (does(self, "leak threads"))
    for (number = 0; number < 100; number++) pthread_create(&thread, NULL, sleep_for_ever, NULL);
  if (does(self, "fail after return")) kept_call = call;
  if (does(self, "leave a child behind") && fork() == 0) {
    /* It keeps standard output open for longer than its parent lives. */
    sleep(20);
    _exit(0);
  }
  *opened = self;
  return REVMETA_OK;
}

static void close_session(void *opened) {
  session *self = opened;
  if (does(self, "hang in close")) hang();
  if (does(self, "abort in close")) abort();
  free(self);
}

static revmeta_status abilities(void *opened, const revmeta_call *call, revmeta_ability_sink sink, void *context) {
  revmeta_ability can = {{NULL, 0}, {NULL, 0}, REVMETA_SUPPORT_FULL, REVMETA_ABILITY_CLEAR, 0, 0, 0, {NULL, 0}};
  revmeta_abilities lent = {NULL, 1, sizeof can};
  (void)opened;
  can.kind = text("table");
  can.attribute = text("description");
  lent.items = &can;
  return sink(context, lent) ? stopped(call) : REVMETA_OK;
}

static revmeta_status read_facts(void *opened, const revmeta_call *call, revmeta_entities entities,
                                 revmeta_strs attributes, revmeta_fact_sink sink, void *context) {
  session *self = opened;
  revmeta_fact fact = {0, 0, {NULL, 0}, {NULL, 0}, {NULL, 0}};
  revmeta_facts lent = {NULL, 1, sizeof fact};
  lent.items = &fact;
  fact.kind = text("table");
  if (does(self, "segfault in read")) *(volatile int *)8 = 1;
  if (does(self, "exit in read")) exit(3);
  if (does(self, "stop in read")) raise(SIGSTOP);
  if (does(self, "be killed in read")) kill(getpid(), SIGKILL);
  if (does(self, "garble")) garble();
  if (does(self, "fact not UTF-8")) fact.value = text("caf\xE9");
  if (does(self, "fact never asked for")) fact.entity = entities.count + 7;
  if (does(self, "fail after return")) {
    revmeta_failure why = {sizeof why, 0, 0, 0, 0, {NULL, 0}, {NULL, 0}};
    why.message = text("too late");
    kept_call->fail(kept_call, &why);
    kept_call->log(kept_call, REVMETA_LOG_ERROR, text("too late"));
  }
  for (; fact.entity < entities.count || does(self, "fact never asked for"); fact.entity++)
    for (fact.attribute = 0; fact.attribute < attributes.count; fact.attribute++)
      if (sink(context, lent)) return stopped(call);
      else if (does(self, "fact never asked for")) return REVMETA_OK;
  kept_sink = sink;
  kept_context = context;
  return REVMETA_OK;
}

static revmeta_status plan(void *opened, const revmeta_call *call, revmeta_changes changes,
                           revmeta_statement_sink statements, revmeta_outcome_sink refusals, void *context) {
  session *self = opened;
  size_t i;
  (void)refusals;
  if (does(self, "overflow in plan")) overflow(0);
  if (does(self, "sink after the call")) {
    revmeta_fact fact = {0, 0, {NULL, 0}, {NULL, 0}, {NULL, 0}};
    revmeta_facts lent = {NULL, 1, sizeof fact};
    lent.items = &fact;
    fact.kind = text("table");
    kept_sink(kept_context, lent);
  }
  for (i = 0; i < changes.count; i++) {
    revmeta_statement statement = {{NULL, 0}, NULL, 1, {NULL, 0}, {NULL, 0}};
    revmeta_statements lent = {NULL, 1, sizeof statement};
    size_t carried = does(self, "plan for a stranger") ? changes.count : i;
    statement.text = text("SET");
    statement.changes = &carried;
    lent.items = &statement;
    if (statements(context, lent)) return stopped(call);
  }
  return REVMETA_OK;
}

static revmeta_status check(void *opened, const revmeta_call *call, revmeta_changes changes,
                            revmeta_outcome_sink sink, void *context) {
  (void)opened;
  (void)call;
  (void)changes;
  (void)sink;
  (void)context;
  return REVMETA_OK;
}

static revmeta_status execute(void *opened, const revmeta_call *call, revmeta_changes changes,
                              revmeta_statements statements, revmeta_outcome_sink sink, void *context) {
  session *self = opened;
  size_t i;
  for (i = 0; i < statements.count; i++) {
    revmeta_outcome outcome = {0, REVMETA_OK, NULL};
    revmeta_outcomes lent = {NULL, 1, sizeof outcome};
    const revmeta_statement *statement = item(statements, i);
    const revmeta_change *change = item(changes, statement->changes[0]);
    FILE *file = fopen(self->file, "a");
    outcome.index = i;
    lent.items = &outcome;
    if (does(self, "hang in execute")) hang();
    if (does(self, "abort in execute")) abort();
    if (!file) return fail(call, REVMETA_FAILED, "the animal's file cannot be opened");
    fprintf(file, "%.*s=%.*s\n", (int)change->path[2].len, change->path[2].ptr, (int)change->value.len, change->value.ptr);
    fclose(file);
    if (does(self, "outcome never")) continue;
    if (does(self, "outcome of a stranger")) outcome.index = statements.count + 1;
    if (does(self, "abort after a write")) abort();
    if (sink(context, lent)) return stopped(call);
    if (does(self, "outcome twice") && sink(context, lent)) return stopped(call);
  }
  return REVMETA_OK;
}

static const revmeta_dialect *dialect(void) {
  static const revmeta_dialect none = {sizeof none, 0, 0, "text", NULL, NULL, "'", "'", "", "", "", "", "", "", "",
                                       NULL, NULL};
  return &none;
}

static const revmeta_connector connector = {sizeof connector, dialect, open_session, close_session, abilities,
                                            read_facts, plan, check, execute};

#ifdef INTERRUPTIBLE
static void interrupt(void *opened) {
  session *self = opened;
  FILE *file = fopen(self->file, "a");
  fprintf(file, "interrupted\n");
  fclose(file);
}

static const revmeta_interrupt interruption = {sizeof interruption, interrupt};
#endif

static const void *query(const char *id) {
#ifdef INTERRUPTIBLE
  if (strcmp(id, REVMETA_INTERRUPT_ID) == 0) return &interruption;
#endif
  return strcmp(id, REVMETA_CONNECTOR_ID) == 0 ? &connector : NULL;
}

static const revmeta_plugin plugin = {PLUGIN_SIZE, MINOR, ID, "Animal", "1.0.0", query};

#ifdef NULL_TABLE
const revmeta_plugin *revmeta_plugin_v1(void) { return NULL; }
#elif !defined NO_ENTRY
const revmeta_plugin *revmeta_plugin_v1(void) { return &plugin; }
#endif

/* Whatever is chosen, everything is used. */
const void *animal_of_the_zoo(void) { return &plugin; }
