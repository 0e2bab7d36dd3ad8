#include "standin.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

_Noreturn void fail(run *r, int code, const char *sqlstate, const char *pattern, ...) {
  va_list arguments, again;
  va_start(arguments, pattern);
  va_copy(again, arguments);
  int length = vsnprintf(NULL, 0, pattern, arguments);
  va_end(arguments);
  char *message = take(&r->memory, (size_t)length + 1);
  vsnprintf(message, (size_t)length + 1, pattern, again);
  va_end(again);
  r->failure.code = code;
  snprintf(r->failure.sqlstate, sizeof r->failure.sqlstate, "%s", sqlstate);
  r->failure.message = message;
  longjmp(r->out, 1);
}

bool attempt(run *r, void (*what)(run *)) {
  if (setjmp(r->out)) return false;
  what(r);
  return true;
}

void succeeded(run *r, const char *message) {
  r->result = new_table(r, "status");
  new_row(r, r->result)[0] = copy(&r->memory, message);
}

/* docs: sql-reference/sql/use-role, use-warehouse, use-database, use-schema, use-secondary-roles. seen: 002043
 * (02000) */
void run_use(run *r) {
  if (take_word(r, "SECONDARY")) {
    want_word(r, "ROLES");
    bool all = take_word(r, "ALL");
    if (!all) want_word(r, "NONE");
    want_end(r);
    r->context->all_roles = all;
    return succeeded(r, "Statement executed successfully.");
  }
  kind k = K_DATABASE;
  bool said = want_kind(r, &k);
  if (said && k != K_ROLE && k != K_WAREHOUSE && k != K_DATABASE && k != K_SCHEMA) unexpected(r);
  name n = want_qualified_name(r);
  want_end(r);
  if (!said && n.count == 2) k = K_SCHEMA;
  object *o = k == K_SCHEMA && n.count == 1 && !r->context->database ? NULL : resolve_or_null(r, k, n);
  if (!o || !is_shown(r->state, r->context, o))
    fail(r, 2043, "02000", "SQL compilation error:\nObject does not exist, or operation cannot be performed.");
  if (k == K_ROLE && !user_has_role(r->state, r->context->user, o))
    fail(r, 3013, "42501",
      "SQL access control error:\nRequested role '%s' is not assigned to the executing user. Specify another role to "
      "activate.",
      o->name);
  if (k == K_ROLE) r->context->role = o;
  if (k == K_WAREHOUSE) r->context->warehouse = o;
  if (k == K_DATABASE) r->context->database = o, r->context->schema = find(r->state, K_SCHEMA, o, "PUBLIC");
  if (k == K_SCHEMA) r->context->database = o->parent, r->context->schema = o;
  succeeded(r, "Statement executed successfully.");
}

void run_statement(run *r) {
  static const struct {
    const char *word;
    void (*run)(run *);
  } statements[] = {{"CREATE", run_create}, {"DROP", run_drop}, {"ALTER", run_alter}, {"COMMENT", run_comment},
    {"GRANT", run_grant}, {"REVOKE", run_revoke}, {"SHOW", run_show}, {"DESC", run_describe},
    {"DESCRIBE", run_describe}, {"USE", run_use}, {"SELECT", run_select}, {"INSERT", run_insert}};
  tokenize(r);
  /* seen: 000900 (42601) Statement is empty */
  if (at_end(r)) fail(r, 900, "42601", "SQL compilation error:\nEmpty SQL Statement.");
  /* DDL is its own transaction, so these have nothing to hold. docs: sql-reference/transactions */
  if (is_word(r, "BEGIN") || is_word(r, "COMMIT") || is_word(r, "ROLLBACK")) {
    r->at++;
    if (!take_word(r, "TRANSACTION")) take_word(r, "WORK");
    want_end(r);
    return succeeded(r, "Statement executed successfully.");
  }
  for (size_t i = 0; i < sizeof statements / sizeof *statements; i++) {
    if (!take_word(r, statements[i].word)) continue;
    statements[i].run(r);
    return;
  }
  unexpected(r);
}

static void refuse(failure *why, int code, const char *sqlstate, char *message) {
  why->code = code;
  snprintf(why->sqlstate, sizeof why->sqlstate, "%s", sqlstate);
  why->message = message;
}

/* A value of a connection string: KEY=value; or KEY={value with }} for }}; */
const char *connection_value(arena *a, const char *text, const char *key) {
  while (*text) {
    while (*text == ';' || *text == ' ') text++;
    size_t length = strcspn(text, "=;");
    char *found = copy_part(a, text, length);
    text += length;
    if (*text == '=') text++;
    char *value = take(a, strlen(text) + 1), *to = value;
    if (*text == '{') {
      for (text++; *text; text++) {
        if (*text == '}' && *++text != '}') break;
        *to++ = *text;
      }
    } else {
      while (*text && *text != ';') *to++ = *text++;
    }
    if (same_word(found, key)) return value;
    text += strcspn(text, ";");
  }
  return NULL;
}

static const char *given(arena *a, const char *connection, const char *key) {
  const char *value = connection_value(a, connection, key);
  return value && *value ? value : NULL;
}

static object *token_owner(arena *a, const state *s, const char *folder, const char *token) {
  FILE *file = fopen(format(a, "%s/tokens", folder), "re");
  char *line = NULL;
  size_t capacity = 0;
  object *found = NULL;
  while (file && getline(&line, &capacity, file) > 0) {
    line[strcspn(line, "\n")] = 0;
    char *tab = strchr(line, '\t');
    if (!tab) continue;
    *tab = 0;
    if (same(line, token)) found = find(s, K_USER, NULL, tab + 1);
  }
  free(line);
  if (file) fclose(file);
  return found;
}

/* A key is read and its form looked at; that it belongs to the user's public key is taken for granted once there is
 * one. */
static bool key_opens(arena *a, const char *path, const char *passphrase) {
  FILE *file = fopen(path, "re");
  if (!file) return false;
  char *line = NULL;
  size_t capacity = 0;
  bool key = getline(&line, &capacity, file) > 0 && strstr(line, "-----BEGIN") && strstr(line, "PRIVATE KEY-----");
  bool encrypted = key && strstr(line, "ENCRYPTED");
  (void)a;
  free(line);
  fclose(file);
  return key && (!encrypted || passphrase);
}

/* Who it is. docs: developer-guide/odbc/odbc-parameters: UID, PWD, Authenticator, PRIV_KEY_FILE, PRIV_KEY_FILE_PWD,
 * Token. seen: 390100 (28000), 390144 (08004) JWT token is invalid, 390303 (08001) Invalid OAuth access token */
static object *authenticate(arena *a, const state *s, const char *folder, const char *connection, failure *why) {
  const char *method = given(a, connection, "Authenticator"), *uid = given(a, connection, "UID"),
             *password = given(a, connection, "PWD");
  object *user = uid ? find(s, K_USER, NULL, upper(a, uid)) : NULL;
  if (method && (same_word(method, "oauth") || same_word(method, "PROGRAMMATIC_ACCESS_TOKEN"))) {
    const char *token = given(a, connection, "Token");
    object *owner = token ? token_owner(a, s, folder, token) : NULL;
    if (!owner || (uid && owner != user)) return refuse(why, 390303, "08001", "Invalid OAuth access token. "), NULL;
    return owner;
  }
  if (!uid)
    return refuse(why, 20032, "28000", "Required setting 'UID' is not present in the connection settings."), NULL;
  if (method && same_word(method, "SNOWFLAKE_JWT")) {
    const char *path = given(a, connection, "PRIV_KEY_FILE"), *passphrase = given(a, connection, "PRIV_KEY_FILE_PWD");
    if (!passphrase) passphrase = given(a, connection, "PRIV_KEY_PWD");
    if (!path)
      return refuse(why, 20032, "28000", "Required setting 'PRIV_KEY_FILE' is not present in the connection settings."),
             NULL;
    if (!key_opens(a, path, passphrase))
      return refuse(why, 44, "28000", "Error finding PrivateKey data: a wrong file or passphrase."), NULL;
    if (!user || !user->public_key) return refuse(why, 390144, "08004", "JWT token is invalid."), NULL;
    return user;
  }
  if (method && !same_word(method, "snowflake"))
    return refuse(why, 390190, "08001",
             "The specified authenticator is not accepted by your Snowflake account configuration."),
           NULL;
  if (!user || !password || !same(user->password, password))
    return refuse(why, 390100, "28000", "Incorrect username or password was specified."), NULL;
  return user;
}

/* What the session starts with. seen: 390189 (08001) for a role; an unknown database, schema or warehouse is left
 * unset. */
static bool begin(session *s, const char *connection, failure *why, arena *a) {
  const char *role = given(a, connection, "Role"), *warehouse = given(a, connection, "Warehouse"),
             *database = given(a, connection, "Database");
  const char *schema = given(a, connection, "Schema");
  context *c = &s->context;
  if (!role) role = c->user->default_role ? c->user->default_role : "PUBLIC";
  if (!warehouse) warehouse = c->user->default_warehouse;
  c->role = find(s->state, K_ROLE, NULL, role);
  if (!c->role) c->role = find(s->state, K_ROLE, NULL, upper(a, role));
  if (!c->role || !user_has_role(s->state, c->user, c->role)) {
    refuse(why, 390189, "08001",
      format(a,
        "Role '%s' specified in the connect string does not exist or not authorized. Contact your local "
        "system administrator, or attempt to login with another role, e.g. PUBLIC.",
        role));
    return false;
  }
  object *o = warehouse ? find(s->state, K_WAREHOUSE, NULL, warehouse) : NULL;
  if (warehouse && !o) o = find(s->state, K_WAREHOUSE, NULL, upper(a, warehouse));
  if (o && is_shown(s->state, c, o)) c->warehouse = o;
  o = database ? find(s->state, K_DATABASE, NULL, database) : NULL;
  if (database && !o) o = find(s->state, K_DATABASE, NULL, upper(a, database));
  if (o && is_shown(s->state, c, o)) c->database = o;
  if (c->database) {
    o = find(s->state, K_SCHEMA, c->database, schema ? schema : "PUBLIC");
    if (o && is_shown(s->state, c, o)) c->schema = o;
  }
  return true;
}

/* A session's number: one more than the last of the account. */
static char *next_number(session *s) {
  char *path = format(&s->memory, "%s/sessions", s->folder);
  FILE *file = fopen(path, "re");
  long number = 0;
  if (file) {
    if (fscanf(file, "%ld", &number) != 1) number = 0;
    fclose(file);
  }
  if ((file = fopen(path, "we"))) {
    fprintf(file, "%ld\n", number + 1);
    fclose(file);
  }
  return format(&s->memory, "%ld", number + 1);
}

/* Waits, unless it is cancelled. Seconds below 0: for ever. */
static bool wait_for(session *s, double seconds) {
  struct timespec now, end, step = {0, 2000000};
  clock_gettime(CLOCK_MONOTONIC, &now);
  double until = (double)now.tv_sec + (double)now.tv_nsec / 1e9 + seconds;
  do {
    if (atomic_load(&s->cancelled)) return false;
    nanosleep(&step, NULL);
    clock_gettime(CLOCK_MONOTONIC, &end);
  } while (seconds < 0 || (double)end.tv_sec + (double)end.tv_nsec / 1e9 < until);
  return true;
}

session *open_session(const char *connection, failure *why, arena *a, double patience) {
  const char *folder = given(a, connection, "StandIn");
  if (!folder) folder = getenv("SNOWFLAKE_STANDIN");
  if (!given(a, connection, "Server")) {
    refuse(why, 20032, "HY000", "Required setting 'SERVER' is not present in the connection settings.");
    return NULL;
  }
  if (!folder || access(folder, W_OK) != 0) {
    refuse(why, 4, "08001",
      "The stand-in has no account: the key StandIn of the connection string names a folder that can be written.");
    return NULL;
  }
  session *s = calloc(1, sizeof *s);
  if (!s) abort();
  s->folder = copy(&s->memory, folder);
  s->state = new_state();
  s->multi_statement_count = 1;
  int lock = lock_account(folder);
  fault broken = next_fault(a, folder, "CONNECT");
  if (broken.action && same(broken.action, "stall")) {
    unlock_account(lock);
    wait_for(s, patience > 0 ? patience : -1);
    refuse(why, 4, "HYT00", "The login timed out.");
    close_session(s);
    return NULL;
  }
  replay(s->state, folder);
  if (broken.action)
    refuse(why, broken.code ? broken.code : 4, *broken.sqlstate ? broken.sqlstate : "08001", broken.message);
  else s->context.user = authenticate(a, s->state, folder, connection, why);
  bool begun = s->context.user && begin(s, connection, why, a);
  if (begun) s->number = next_number(s);
  unlock_account(lock);
  if (begun) return s;
  close_session(s);
  return NULL;
}

void close_session(session *s) {
  free_state(s->state);
  release(&s->memory);
  free(s);
}

/* The statements of a text, cut at the semicolons between them. */
static list cut(run *r) {
  list texts = {0};
  size_t start = r->tokens[0].start;
  bool any = false;
  for (size_t i = 0; i < r->count; i++) {
    const token *t = &r->tokens[i];
    bool ends = t->kind == T_END || (t->kind == T_SYMBOL && same(t->text, ";"));
    if (!ends) {
      any = true;
      continue;
    }
    if (any) append(&r->memory, &texts, copy_part(&r->memory, r->text + start, t->start - start));
    if (t->kind != T_END) start = r->tokens[i + 1].start;
    any = false;
  }
  return texts;
}

/* What holds an answer outlives the run. */
static table *kept(arena *a, const table *t) {
  table *made = take(a, sizeof *made);
  for (size_t i = 0; i < t->headings.count; i++) {
    const heading *h = t->headings.at[i];
    heading *copied = take(a, sizeof *copied);
    *copied = (heading){copy(a, h->name), h->type};
    append(a, &made->headings, copied);
  }
  for (size_t k = 0; k < t->rows.count; k++) {
    char **cells = take(a, (t->headings.count + 1) * sizeof *cells);
    for (size_t i = 0; i < t->headings.count; i++) cells[i] = copy(a, ((char **)t->rows.at[k])[i]);
    append(a, &made->rows, cells);
  }
  return made;
}

/* docs: sql-reference/info-schema: too much data is an error, not a part of it. seen: 090030 (22000) */
static void check_size(run *r) {
  char *most = r->session && strstr(r->text, "INFORMATION_SCHEMA.")
    ? setting(&r->memory, r->session->folder, "information_schema_rows")
    : NULL;
  if (most && r->result && r->result->rows.count > strtoul(most, NULL, 10))
    fail(r, 90030, "22000",
      "Information schema query returned too much data. Please repeat query with more selective predicates.");
}

static void run_checked(run *r) {
  run_statement(r);
  check_size(r);
}

static bool one(session *s, const char *text, list *answers, failure *why, arena *a) {
  char *delay = setting(a, s->folder, "delay_milliseconds");
  int lock = lock_account(s->folder);
  fault broken = next_fault(a, s->folder, text);
  unlock_account(lock);
  bool drops = broken.action && same(broken.action, "drop"), loses = broken.action && same(broken.action, "lose");
  bool stalls = broken.action && same(broken.action, "stall"), fails = broken.action && same(broken.action, "fail");
  /* seen: 000604 (57014) SQL execution canceled */
  if ((stalls && !wait_for(s, -1)) || (delay && !wait_for(s, strtod(delay, NULL) / 1000))) {
    refuse(why, 604, "57014", "SQL execution canceled");
  } else if (drops) {
    refuse(why, 4, "08S01", "Communication link failure: the connection was closed.");
    s->dropped = true;
  } else if (fails) {
    refuse(why, broken.code, broken.sqlstate, broken.message);
  } else {
    context before = s->context;
    run r = {.state = s->state, .context = &s->context, .session = s, .text = text, .affected = -1};
    lock = lock_account(s->folder);
    replay(s->state, s->folder);
    if (!attempt(&r, run_checked)) {
      s->context = before;
      refuse(why, r.failure.code, r.failure.sqlstate, copy(a, r.failure.message));
    } else if (r.changes && !record_change(&r, &before, s->folder)) {
      refuse(why, 370001, "XX000", "Internal error: the log cannot be written.");
    } else {
      answer *made = take(a, sizeof *made);
      *made = (answer){r.result ? kept(a, r.result) : NULL, r.affected};
      append(a, answers, made);
    }
    unlock_account(lock);
    release(&r.memory);
    if (!why->code && loses) {
      refuse(why, 4, "08S01", "Communication link failure: the connection was closed.");
      s->dropped = true;
    }
  }
  record_statement(s, text, why->code);
  return !why->code;
}

/* docs: developer-guide/odbc/odbc-api, "Executing a batch of SQL statements (multi-statement support)".
 * seen: 000008 (0A000) */
list execute(session *s, const char *text, long statements, failure *why, arena *a) {
  list answers = {0};
  *why = (failure){0};
  if (s->dropped) {
    refuse(why, 4, "08003", "The connection is closed.");
    return answers;
  }
  run r = {.state = s->state, .context = &s->context, .session = s, .text = text};
  list texts = {0};
  if (attempt(&r, tokenize)) texts = cut(&r);
  if (statements < 0) statements = s->multi_statement_count;
  if (texts.count < 2) {
    one(s, text, &answers, why, a);
  } else if (statements != 0 && (size_t)statements != texts.count) {
    refuse(why, 8, "0A000",
      format(a, "Actual statement count %zu did not match the desired statement count %ld.", texts.count, statements));
    record_statement(s, text, 8);
  } else {
    for (size_t i = 0; i < texts.count; i++)
      if (!one(s, texts.at[i], &answers, why, a)) break;
  }
  release(&r.memory);
  return answers;
}
