/* probe.c - a host of the C boundary, as small as can be, that takes a plugin of the template through its contract.
 *
 * usage: probe LIBRARY ID FOLDER      FOLDER: empty, for the data
 *
 * Everything that travels in a list is sent in elements larger than the headers say, as a newer host would. */
#define _DEFAULT_SOURCE
#define _POSIX_C_SOURCE 200809L

#include <dlfcn.h>
#include <errno.h>
#include <revmeta/revmeta.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static int failures;

#define EXPECT(condition) \
  do { \
    if (!(condition)) { \
      fprintf(stderr, "%s:%d: expected %s\n", __FILE__, __LINE__, #condition); \
      failures++; \
    } \
  } while (0)

#define EXPECT_RECORD(expected) expect_record(expected, __LINE__)
#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define TEXT(literal) {literal, sizeof(literal) - 1}
#define STR(literal) ((revmeta_str)TEXT(literal))
#define NONE {NULL, 0}

/* The data. */

static const char *folder;

static const char *at(const char *name) {
  static char paths[4][4096];
  static int turn;
  char *path = paths[turn++ % 4];
  snprintf(path, sizeof paths[0], "%s/%s", folder, name);
  return path;
}

static void put(const char *name, const char *text) {
  FILE *file = fopen(at(name), "wb");
  if (!file || fputs(text, file) == EOF || fclose(file) == EOF) {
    fprintf(stderr, "cannot write %s: %s\n", at(name), strerror(errno));
    exit(2);
  }
}

static const char *get(const char *name) {
  static char text[1 << 20];
  FILE *file = fopen(at(name), "rb");
  size_t len;
  if (!file) return "(no file)";
  len = fread(text, 1, sizeof text - 1, file);
  text[len] = '\0';
  fclose(file);
  return text;
}

static ino_t number_of(const char *name) {
  struct stat status;
  return stat(at(name), &status) == 0 ? status.st_ino : 0;
}

/* What the plugin said, as lines of text. */

static char record[1 << 20];
static size_t record_len;
static char message[4096];
static int32_t message_code;
static int logged, sink_answer, asked_to_stop;

static void say(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  record_len += (size_t)vsnprintf(record + record_len, sizeof record - record_len, format, arguments);
  va_end(arguments);
}

static void say_text(revmeta_str text) {
  if (!text.ptr) say("(absent)");
  else say("'%.*s'", (int)text.len, text.ptr);
}

static void expect_record(const char *expected, int line) {
  if (strcmp(record, expected) != 0) {
    fprintf(stderr, "%s:%d: expected\n%s\nfound\n%s\n", __FILE__, line, expected, record);
    failures++;
  }
}

static const char *name_of(revmeta_status status) {
  static const char *const names[] = {"OK",        "UNSUPPORTED", "INVALID",   "CONFIG",   "DENIED",
                                      "NOT_FOUND", "TRANSIENT",   "CANCELLED", "CONFLICT", "FAILED"};
  return status >= 0 && (size_t)status < COUNT(names) ? names[status] : "(no status)";
}

static int32_t cancelled(const revmeta_call *call) {
  (void)call;
  return asked_to_stop;
}

static void take_log(const revmeta_call *call, int32_t level, revmeta_str text) {
  (void)call;
  EXPECT(level == REVMETA_LOG_DEBUG && text.len > 0);
  logged++;
}

static void take_failure(const revmeta_call *call, const revmeta_failure *failure) {
  (void)call;
  snprintf(message, sizeof message, "%.*s", (int)failure->message.len, failure->message.ptr);
  message_code = failure->vendor_code;
}

static struct {
  revmeta_call call;
  char newer[32];
} wide_call = {
    {sizeof wide_call, REVMETA_LOG_DEBUG, 0, NULL, cancelled, take_log, take_failure, TEXT("run 12")},
    "",
};

/* Starts a call anew. */
static const revmeta_call *call(void) {
  record[0] = message[0] = '\0';
  record_len = 0;
  logged = 0;
  return &wide_call.call;
}

static int32_t take_abilities(void *context, revmeta_abilities abilities) {
  size_t index;
  EXPECT(context == record);
  for (index = 0; index < abilities.count; index++) {
    const revmeta_ability *ability = (const void *)((const char *)abilities.items + index * abilities.stride);
    say("%.*s %.*s %d %u %d %d %llu%s\n", (int)ability->kind.len, ability->kind.ptr, (int)ability->attribute.len,
        ability->attribute.ptr, (int)ability->support, (unsigned)ability->flags, (int)ability->text, (int)ability->unit,
        (unsigned long long)ability->max_length, ability->note.ptr ? " and why" : "");
  }
  return sink_answer;
}

/* Attributes are asked for in the order description, owner, tag: what a thing has no notion of is absent, but told. */
static int has_notion(const revmeta_fact *fact) {
  return fact->attribute == 0 || (fact->attribute == 1 && fact->kind.len == 5 && memcmp(fact->kind.ptr, "table", 5) == 0);
}

static size_t facts_without_notion;

static int32_t take_facts(void *context, revmeta_facts facts) {
  size_t index;
  EXPECT(context == record);
  for (index = 0; index < facts.count; index++) {
    const revmeta_fact *fact = (const void *)((const char *)facts.items + index * facts.stride);
    if (!has_notion(fact)) {
      EXPECT(!fact->value.ptr && !fact->problem.ptr);
      facts_without_notion++;
      continue;
    }
    say("%zu %zu %.*s ", fact->entity, fact->attribute, (int)fact->kind.len, fact->kind.ptr);
    if (fact->problem.ptr) say("unclear");
    else say_text(fact->value);
    say("\n");
  }
  return sink_answer;
}

static int32_t take_statements(void *context, revmeta_statements statements) {
  size_t index;
  EXPECT(context == record);
  for (index = 0; index < statements.count; index++) {
    const revmeta_statement *statement = (const void *)((const char *)statements.items + index * statements.stride);
    EXPECT(statement->change_count == 1 && !statement->guard.ptr);
    say("%zu ", statement->changes[0]);
    say_text(statement->text);
    say("\n");
  }
  return sink_answer;
}

static int32_t take_outcomes(void *context, revmeta_outcomes outcomes) {
  size_t index;
  EXPECT(context == record);
  for (index = 0; index < outcomes.count; index++) {
    const revmeta_outcome *outcome = (const void *)((const char *)outcomes.items + index * outcomes.stride);
    say("%zu %s\n", outcome->index, name_of(outcome->status));
    EXPECT(!outcome->failure == (outcome->status == REVMETA_OK));
    if (!outcome->failure) continue;
    EXPECT(outcome->failure->message.len > 10);
    take_failure(NULL, outcome->failure);
  }
  return sink_answer;
}

/* What the host sends. */

typedef struct wide_pair {
  revmeta_pair pair;
  char newer[16];
} wide_pair;

typedef struct wide_entity {
  revmeta_entity entity;
  char newer[24];
} wide_entity;

typedef struct wide_change {
  revmeta_change change;
  char newer[40];
} wide_change;

typedef struct wide_statement {
  revmeta_statement statement;
  char newer[8];
} wide_statement;

static const revmeta_str description = TEXT("description"), owner = TEXT("owner");

static const revmeta_str in_sales[] = {TEXT("any"), TEXT("sales")};
static const revmeta_str in_orders[] = {TEXT("any"), TEXT("sales"), TEXT("orders.csv")};
static const revmeta_str in_id[] = {TEXT("any"), TEXT("sales"), TEXT("orders.csv"), TEXT("id")};
static const revmeta_str in_total[] = {TEXT("any"), TEXT("sales"), TEXT("orders.csv"), TEXT("a/b: \\\n")};
static const revmeta_str in_twice[] = {TEXT("any"), TEXT("sales"), TEXT("orders.csv"), TEXT("twice")};
static const revmeta_str in_nothing[] = {TEXT("any"), TEXT("sales"), TEXT("orders.csv"), TEXT("nothing")};
static const revmeta_str in_no_table[] = {TEXT("any"), TEXT("sales"), TEXT("ORDERS.csv")};
static const revmeta_str in_folder[] = {TEXT("any"), TEXT("sales"), TEXT("folder.csv")};
static const revmeta_str in_notes[] = {TEXT("any"), TEXT("sales"), TEXT("NOTES.txt")};
static const revmeta_str in_binary[] = {TEXT("any"), TEXT("sales"), TEXT("binary.csv"), TEXT("id")};
static const revmeta_str in_no_schema[] = {TEXT("any"), TEXT("nosuch")};
static const revmeta_str in_parent[] = {TEXT("any"), TEXT("..")};
static const revmeta_str in_escape[] = {TEXT("any"), TEXT("sales"), TEXT("../other/plain.csv")};
static const revmeta_str in_nul[] = {TEXT("any"), TEXT("sales\0")};
static const revmeta_str in_file[] = {TEXT("any"), TEXT("readme.csv")};
static const revmeta_str in_hidden[] = {TEXT("any"), TEXT(".hidden")};
static const revmeta_str in_dangling[] = {TEXT("any"), TEXT("sales"), TEXT("dangling.csv")};
static const revmeta_str in_empty[] = {TEXT("any"), TEXT("")};
static const revmeta_str in_other[] = {TEXT("any"), TEXT("other")};
static const revmeta_str in_plain[] = {TEXT("any"), TEXT("other"), TEXT("plain.csv")};

#define PATH(names) names, COUNT(names)
#define ENTITY(kind, names) {{TEXT(kind), PATH(names)}, ""}
#define CHANGE(kind, names, attribute, before, value) {{TEXT(kind), PATH(names), attribute, before, value, NONE}, ""}

static const revmeta_connector *connector;

static revmeta_status open_folder(const char *path, void **session) {
  wide_pair pairs[] = {{{TEXT("unknown"), TEXT("ignored")}, ""}, {{TEXT("folder"), NONE}, ""}};
  pairs[1].pair.value = (revmeta_str){path, strlen(path)};
  return connector->open(call(), (revmeta_pairs){&pairs[0].pair, COUNT(pairs), sizeof pairs[0]}, session);
}

static revmeta_status read_facts(void *session, const wide_entity *entities, size_t count) {
  const revmeta_str attributes[] = {description, owner, STR("tag.PII")};
  return connector->read(session, call(), (revmeta_entities){(const void *)entities, count, sizeof *entities},
                         (revmeta_strs){attributes, COUNT(attributes)}, take_facts, record);
}

static revmeta_changes list(const wide_change *changes, size_t count) {
  return (revmeta_changes){(const void *)changes, count, sizeof *changes};
}

static revmeta_status plan(void *session, const wide_change *changes, size_t count) {
  return connector->plan(session, call(), list(changes, count), take_statements, take_outcomes, record);
}

static revmeta_status check(void *session, const wide_change *changes, size_t count) {
  return connector->check(session, call(), list(changes, count), take_outcomes, record);
}

static revmeta_status execute(void *session, const wide_change *changes, size_t change_count,
                              const wide_statement *statements, size_t count) {
  return connector->execute(session, call(), list(changes, change_count),
                            (revmeta_statements){(const void *)statements, count, sizeof *statements},
                            take_outcomes, record);
}

/* Makes one change by a statement with this text. */
static revmeta_status execute_one(void *session, const wide_change *change, const char *text) {
  static const size_t first = 0;
  wide_statement statement = {{NONE, &first, 1, NONE, {NULL, 0}}, ""};
  statement.statement.text = (revmeta_str){text, strlen(text)};
  return execute(session, change, 1, &statement, 1);
}

/* The steps, each of which finds the folder as the one before it left it. */

static void lay_out(void) {
  static char binary[(1 << 20) + 2];
  memset(binary, 'x', sizeof binary - 1);
  mkdir(at("sales"), 0755);
  mkdir(at("sales/folder.csv"), 0755);
  mkdir(at("other"), 0755);
  mkdir(at(".hidden"), 0755);
  EXPECT(symlink("nowhere", at("sales/dangling.csv")) == 0);
  put("sales/orders.csv", "id,\"a/b: \\\n\",twice,twice\n1,2,3,4\n");
  put("sales/binary.csv", binary);
  put("other/plain.csv", "x\n");
  put("readme.csv", "x\n");
}

static void inspect(const char *library, const char *id) {
  const revmeta_plugin *(*entry)(void);
  const revmeta_plugin *plugin;
  const revmeta_dialect *dialect;
  void *image = dlopen(library, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (!image) {
    fprintf(stderr, "%s\n", dlerror());
    exit(2);
  }
  *(void **)&entry = dlsym(image, REVMETA_ENTRY);
  EXPECT(entry != NULL);
  plugin = entry();
  EXPECT(plugin == entry());
  EXPECT(plugin->struct_size >= sizeof *plugin && plugin->abi_minor == REVMETA_ABI_MINOR);
  EXPECT(strcmp(plugin->id, id) == 0 && *plugin->name && strcmp(plugin->version, "1.0.0") == 0);
  EXPECT(plugin->query("revmeta.nosuch/1") == NULL);
  EXPECT(plugin->query(REVMETA_CONNECTOR_ID "garbage") == NULL);
  EXPECT(plugin->query(REVMETA_TEMPLATE_ID) == NULL);
  EXPECT(plugin->query("") == NULL);
  connector = plugin->query(REVMETA_CONNECTOR_ID);
  EXPECT(connector != NULL && connector == plugin->query(REVMETA_CONNECTOR_ID));
  EXPECT(connector->struct_size >= sizeof *connector);
  EXPECT(connector->dialect && connector->open && connector->close && connector->abilities && connector->read);
  EXPECT(connector->plan && connector->check && connector->execute);
  dialect = connector->dialect();
  EXPECT(dialect->struct_size >= sizeof *dialect && strcmp(dialect->name, "text") == 0);
  EXPECT(!dialect->identifier_open && !dialect->identifier_close && !dialect->script_begin && !dialect->script_use);
  EXPECT(!*dialect->literal_open && !*dialect->literal_close && !*dialect->statement_end);
  EXPECT(dialect->flags == REVMETA_DIALECT_BACKSLASH_ESCAPES && dialect->identifier_max_bytes == 0);
  EXPECT(!strcmp(dialect->list_open, "(") && !strcmp(dialect->list_close, ")"));
  EXPECT(!strcmp(dialect->list_separator, ", ") && !*dialect->pair_open);
  EXPECT(!strcmp(dialect->pair_separator, " = ") && !*dialect->pair_close);
}

static void open_says_what_is_wrong(void) {
  void *session = NULL;
  wide_pair nul = {{TEXT("folder"), TEXT("/\0")}, ""};
  EXPECT(connector->open(call(), (revmeta_pairs){NULL, 0, sizeof(wide_pair)}, &session) == REVMETA_CONFIG);
  EXPECT(!session && strstr(message, "'folder'"));
  EXPECT(open_folder("", &session) == REVMETA_CONFIG);
  EXPECT(!session && strstr(message, "'folder'"));
  EXPECT(open_folder(at("nosuch"), &session) == REVMETA_CONFIG);
  EXPECT(!session && strstr(message, "'folder'"));
  EXPECT(open_folder(at("readme.csv"), &session) == REVMETA_CONFIG);
  EXPECT(!session && strstr(message, "'folder'"));
  EXPECT(connector->open(call(), (revmeta_pairs){&nul.pair, 1, sizeof nul}, &session) == REVMETA_CONFIG);
  EXPECT(!session && strstr(message, "'folder'"));
}

static void abilities_are_said(void *session) {
  EXPECT(connector->abilities(session, call(), take_abilities, record) == REVMETA_OK);
  EXPECT_RECORD("schema description 4 3 1 0 65536\n"
                "table description 4 3 1 0 65536\n"
                "column description 4 3 1 0 65536\n"
                "table owner 4 2 1 0 255\n"
                "schema owner 1 0 0 0 0 and why\n"
                "column owner 1 0 0 0 0 and why\n"
                "database description 1 0 0 0 0 and why\n");
}

static void only_what_is_there_is_read(void *session) {
  const revmeta_str database[] = {TEXT("any")};
  const wide_entity entities[] = {
      ENTITY("schema", in_sales),     ENTITY("table", in_orders),    ENTITY("column", in_id),
      ENTITY("column", in_total),     ENTITY("column", in_twice),    ENTITY("column", in_nothing),
      ENTITY("table", in_no_table),   ENTITY("table", in_folder),    ENTITY("table", in_notes),
      ENTITY("column", in_binary),    ENTITY("schema", in_no_schema), ENTITY("schema", in_parent),
      ENTITY("table", in_escape),     ENTITY("schema", in_nul),      ENTITY("schema", in_file),
      ENTITY("schema", in_empty),     ENTITY("database", database),  ENTITY("procedure", in_orders),
      ENTITY("column", in_orders),    ENTITY("schema", in_orders),   ENTITY("table", in_plain),
      ENTITY("schema", in_hidden),    ENTITY("table", in_dangling),
  };
  EXPECT(read_facts(session, entities, COUNT(entities)) == REVMETA_OK);
  EXPECT_RECORD("0 0 schema (absent)\n"
                "1 0 table (absent)\n"
                "1 1 table (absent)\n"
                "2 0 column (absent)\n"
                "3 0 column (absent)\n"
                "4 0 column unclear\n"
                "9 0 column unclear\n"
                "20 0 table (absent)\n"
                "20 1 table (absent)\n");
  EXPECT(read_facts(session, NULL, 0) == REVMETA_OK);
  EXPECT_RECORD("");
  EXPECT(number_of("sales/NOTES.txt") == 0);
}

static const wide_entity all[] = {ENTITY("schema", in_sales), ENTITY("table", in_orders), ENTITY("column", in_id),
                                  ENTITY("column", in_total), ENTITY("table", in_plain)};

#define FIRST_FACTS \
  "0 0 schema 'Sales: a/b'\n" \
  "1 0 table ' two\nlines\t\\n\r'\n" \
  "1 1 table 'alice'\n" \
  "2 0 column '\xF0\x9F\x98\x80 %s ''\"'\n" \
  "3 0 column (absent)\n" \
  "4 0 table 'Plain'\n" \
  "4 1 table (absent)\n"

static void what_is_planned_and_executed_is_read_again(void *session) {
  static char many[65537];
  const revmeta_str just_fits = {many, 65536}, too_long = {many, 65537};
  const wide_change changes[] = {
      CHANGE("schema", in_sales, description, NONE, TEXT("Sales: a/b")),
      CHANGE("table", in_orders, description, TEXT(""), TEXT(" two\nlines\t\\n\r")),
      CHANGE("table", in_orders, owner, NONE, TEXT("alice")),
      CHANGE("column", in_id, description, NONE, TEXT("\xF0\x9F\x98\x80 %s ''\"")),
      CHANGE("table", in_plain, description, NONE, TEXT("Plain")),
      CHANGE("column", in_total, description, NONE, too_long),
      CHANGE("column", in_total, description, NONE, TEXT("a\0b")),
      CHANGE("column", in_nothing, description, NONE, TEXT("x")),
      CHANGE("table", in_no_table, description, NONE, TEXT("x")),
      CHANGE("schema", in_parent, description, NONE, TEXT("x")),
      CHANGE("schema", in_no_schema, description, NONE, TEXT("x")),
      CHANGE("column", in_twice, description, NONE, TEXT("x")),
      CHANGE("column", in_id, owner, NONE, TEXT("x")),
      CHANGE("table", in_orders, TEXT("tag.PII"), NONE, TEXT("x")),
      CHANGE("table", in_orders, owner, TEXT("alice"), NONE),
      CHANGE("table", in_sales, description, NONE, TEXT("x")),
      CHANGE("column", in_total, description, NONE, just_fits),
  };
  static const size_t carried[] = {0, 1, 2, 3, 4};
  wide_statement statements[] = {
      {{TEXT("describe sales: Sales: a/b"), &carried[0], 1, NONE, {NULL, 0}}, ""},
      {{TEXT("describe other/plain.csv: Plain"), &carried[4], 1, NONE, {NULL, 0}}, ""},
      {{TEXT("describe sales/orders.csv:  two\\nlines\\t\\\\n\\r"), &carried[1], 1, NONE, {NULL, 0}}, ""},
      {{TEXT("own sales/orders.csv: alice"), &carried[2], 1, NONE, {NULL, 0}}, ""},
      {{TEXT("describe sales/orders.csv/id: \xF0\x9F\x98\x80 %s ''\""), &carried[3], 1, NONE, {NULL, 0}}, ""},
  };
  memset(many, 'x', sizeof many);
  EXPECT(plan(session, changes, COUNT(changes) - 1) == REVMETA_OK);
  EXPECT_RECORD("0 'describe sales: Sales: a/b'\n"
                "1 'describe sales/orders.csv:  two\\nlines\\t\\\\n\\r'\n"
                "2 'own sales/orders.csv: alice'\n"
                "3 'describe sales/orders.csv/id: \xF0\x9F\x98\x80 %s ''\"'\n"
                "4 'describe other/plain.csv: Plain'\n"
                "5 INVALID\n6 INVALID\n7 NOT_FOUND\n8 NOT_FOUND\n9 NOT_FOUND\n10 NOT_FOUND\n11 UNSUPPORTED\n"
                "12 UNSUPPORTED\n13 UNSUPPORTED\n14 UNSUPPORTED\n15 NOT_FOUND\n");
  EXPECT(plan(session, &changes[16], 1) == REVMETA_OK);
  EXPECT(record_len > 65536 && strncmp(record, "0 'describe sales/orders.csv/a\\/b\\: \\\\\\n: xx", 40) == 0);
  EXPECT(check(session, changes, 5) == REVMETA_OK);
  EXPECT_RECORD("");
  EXPECT(check(session, &changes[7], 5) == REVMETA_OK);
  EXPECT_RECORD("0 NOT_FOUND\n1 NOT_FOUND\n2 NOT_FOUND\n3 NOT_FOUND\n4 UNSUPPORTED\n");
  EXPECT(number_of("sales/NOTES.txt") == 0);

  EXPECT(execute(session, changes, 5, statements, COUNT(statements)) == REVMETA_OK);
  EXPECT_RECORD("0 OK\n2 OK\n3 OK\n4 OK\n1 OK\n");
  EXPECT(logged == 2);
  EXPECT(read_facts(session, all, COUNT(all)) == REVMETA_OK);
  EXPECT_RECORD(FIRST_FACTS);
  EXPECT(strcmp(get("sales/NOTES.txt"),
                "# One line a note: \"describe NAME: TEXT\" or \"own NAME: OWNER\", where \".\" is this folder.\n"
                "# A backslash is written \\\\, a new line \\n, a return \\r, a tab \\t; in names also \\/ and \\:\n"
                "describe .: Sales: a/b\n"
                "describe orders.csv:  two\\nlines\\t\\\\n\\r\n"
                "own orders.csv: alice\n"
                "describe orders.csv/id: \xF0\x9F\x98\x80 %s ''\"\n") == 0);
  EXPECT(number_of("sales/NOTES.txt.new") == 0);
}

static void the_same_again_writes_nothing(void *session) {
  const wide_change same = CHANGE("table", in_orders, owner, TEXT("alice"), TEXT("alice"));
  ino_t number = number_of("sales/NOTES.txt");
  wide_call.call.log_level = REVMETA_LOG_INFO;
  EXPECT(execute_one(session, &same, "own sales/orders.csv: alice") == REVMETA_OK);
  EXPECT_RECORD("0 OK\n");
  EXPECT(logged == 0);
  wide_call.call.log_level = REVMETA_LOG_DEBUG;
  EXPECT(number_of("sales/NOTES.txt") == number);
}

static void what_has_moved_is_a_conflict(void *session) {
  const wide_change changes[] = {
      CHANGE("table", in_orders, owner, TEXT("bob"), TEXT("carol")),
      CHANGE("table", in_orders, description, NONE, TEXT("x")),
      CHANGE("column", in_total, description, TEXT("gone"), TEXT("x")),
      CHANGE("schema", in_sales, description, TEXT("Sales: a/b"), NONE),
      CHANGE("schema", in_sales, description, TEXT("Sales: a/b"), TEXT("too late")),
  };
  static const size_t carried[] = {0, 1, 2, 3, 4};
  const wide_statement statements[] = {
      {{TEXT("own sales/orders.csv: carol"), &carried[0], 1, NONE, {NULL, 0}}, ""},
      {{TEXT("describe sales/orders.csv: x"), &carried[1], 1, NONE, {NULL, 0}}, ""},
      {{TEXT("describe sales/orders.csv/a\\/b\\: \\\\\\n: x"), &carried[2], 1, NONE, {NULL, 0}}, ""},
      {{TEXT("describe sales:"), &carried[3], 1, NONE, {NULL, 0}}, ""},
      {{TEXT("describe sales: too late"), &carried[4], 1, NONE, {NULL, 0}}, ""},
  };
  EXPECT(execute(session, changes, COUNT(changes), statements, COUNT(statements)) == REVMETA_OK);
  EXPECT_RECORD("0 CONFLICT\n1 CONFLICT\n2 CONFLICT\n3 OK\n4 CONFLICT\n");
  EXPECT(strstr(get("sales/NOTES.txt"), "own orders.csv: alice\n") != NULL);
  EXPECT(strstr(get("sales/NOTES.txt"), "describe .") == NULL);
}

static void people_may_write_too(void *session) {
  const wide_change changes[] = {
      CHANGE("table", in_orders, description, TEXT("by hand"), TEXT("by us")),
      CHANGE("column", in_id, description, NONE, TEXT("x")),
      CHANGE("column", in_total, description, NONE, TEXT("x")),
  };
  static const size_t carried[] = {0, 1, 2};
  const wide_statement statements[] = {
      {{TEXT("describe sales/orders.csv: by us"), &carried[0], 1, NONE, {NULL, 0}}, ""},
      {{TEXT("describe sales/orders.csv/id: x"), &carried[1], 1, NONE, {NULL, 0}}, ""},
      {{TEXT("describe sales/orders.csv/a\\/b\\: \\\\\\n: x"), &carried[2], 1, NONE, {NULL, 0}}, ""},
  };
  struct stat status;
  put("sales/NOTES.txt", "a line of mine\r\ndescribe orders.csv:by hand\r\ndescribe orders.csv/id: 1\n"
                         "describe orders.csv/id: 2\ndescribe orders.csv/a\\/b\\: \\\\\\n: \\q\nno end");
  chmod(at("sales/NOTES.txt"), 0640);
  EXPECT(read_facts(session, all, COUNT(all) - 1) == REVMETA_OK);
  EXPECT_RECORD("0 0 schema (absent)\n1 0 table 'by hand'\n1 1 table (absent)\n2 0 column unclear\n"
                "3 0 column unclear\n");
  EXPECT(execute(session, changes, COUNT(changes), statements, COUNT(statements)) == REVMETA_OK);
  EXPECT_RECORD("0 OK\n1 CONFLICT\n2 CONFLICT\n");
  EXPECT(strcmp(get("sales/NOTES.txt"),
                "a line of mine\r\ndescribe orders.csv: by us\ndescribe orders.csv/id: 1\n"
                "describe orders.csv/id: 2\ndescribe orders.csv/a\\/b\\: \\\\\\n: \\q\nno end\n") == 0);
  EXPECT(stat(at("sales/NOTES.txt"), &status) == 0 && (status.st_mode & 0777) == 0640);
}

static void statements_that_make_no_sense_are_invalid(void *session) {
  const wide_change changes[] = {
      CHANGE("table", in_plain, description, TEXT("Plain"), TEXT("x")),
      CHANGE("table", in_plain, TEXT("tag.PII"), NONE, TEXT("x")),
      CHANGE("schema", in_no_schema, description, NONE, TEXT("x")),
      CHANGE("column", in_nothing, description, NONE, TEXT("x")),
  };
  static const size_t good = 0, tag = 1, schema = 2, column = 3, beyond = 4, both[] = {0, 0}, one_beyond[] = {0, 4};
  static const revmeta_str parts[] = {TEXT("describe other/plain.csv: from a\ntemplate"), TEXT("own other/plain.csv: x")};
  const wide_statement statements[] = {
      {{TEXT("COMMENT ON TABLE plain IS 'x'"), &good, 1, NONE, {NULL, 0}}, ""},
      {{TEXT("describe other/plain.csv/x/y: x"), &good, 1, NONE, {NULL, 0}}, ""},
      {{TEXT("own other: x"), &good, 1, NONE, {NULL, 0}}, ""},
      {{TEXT("own other/plain.csv:"), &good, 1, NONE, {NULL, 0}}, ""},
      {{TEXT("describe other/plain.csv: a\0b"), &good, 1, NONE, {NULL, 0}}, ""},
      {{TEXT("describe other/plain.csv: x"), &good, 1, TEXT("a guard"), {NULL, 0}}, ""},
      {{TEXT("describe other/plain.csv: x"), &beyond, 1, NONE, {NULL, 0}}, ""},
      {{TEXT("describe other/plain.csv: x"), one_beyond, 2, NONE, {NULL, 0}}, ""},
      {{TEXT("describe other/plain.csv: x"), NULL, 0, NONE, {NULL, 0}}, ""},
      {{TEXT("describe other: x"), &good, 1, NONE, {NULL, 0}}, ""},
      {{TEXT("own other/plain.csv: x"), &good, 1, NONE, {NULL, 0}}, ""},
      {{TEXT("describe other/plain.csv: x"), &tag, 1, NONE, {NULL, 0}}, ""},
      {{TEXT("describe other/plain.csv: x"), &good, 1, NONE, {parts, 2}}, ""},
      {{TEXT("describe nosuch: x"), &schema, 1, NONE, {NULL, 0}}, ""},
      {{TEXT("describe sales/orders.csv/nothing: x"), &column, 1, NONE, {NULL, 0}}, ""},
      {{TEXT("describe other/plain.csv: from a\ntemplate"), both, 2, NONE, {parts, 1}}, ""},
  };
  const wide_entity plain = ENTITY("table", in_plain);
  EXPECT(execute(session, changes, COUNT(changes), statements, COUNT(statements)) == REVMETA_OK);
  EXPECT_RECORD("0 INVALID\n1 INVALID\n2 UNSUPPORTED\n3 UNSUPPORTED\n4 INVALID\n5 INVALID\n6 INVALID\n7 INVALID\n"
                "8 INVALID\n9 INVALID\n10 INVALID\n11 UNSUPPORTED\n12 INVALID\n13 NOT_FOUND\n14 NOT_FOUND\n15 OK\n");
  facts_without_notion = 0;
  EXPECT(read_facts(session, &plain, 1) == REVMETA_OK);
  EXPECT(facts_without_notion == 1);
  EXPECT_RECORD("0 0 table 'from a\ntemplate'\n0 1 table (absent)\n");
  EXPECT(execute(session, NULL, 0, NULL, 0) == REVMETA_OK);
  EXPECT_RECORD("");
}

static void the_host_may_stop_any_call(void *session) {
  const wide_change change = CHANGE("table", in_plain, owner, NONE, TEXT("x"));
  const wide_change missing[] = {CHANGE("schema", in_no_schema, description, NONE, TEXT("x")),
                                 CHANGE("schema", in_no_schema, description, NONE, TEXT("x"))};
  const wide_change two[] = {CHANGE("table", in_plain, owner, TEXT("x"), TEXT("x")),
                             CHANGE("table", in_plain, owner, TEXT("x"), TEXT("x"))};
  static const size_t carried[] = {0, 1};
  const wide_statement statements[] = {{{TEXT("own other/plain.csv: x"), &carried[0], 1, NONE, {NULL, 0}}, ""},
                                       {{TEXT("own other/plain.csv: x"), &carried[1], 1, NONE, {NULL, 0}}, ""}};
  int way;
  for (way = 0; way < 3; way++) {
    revmeta_status expected = way == 1 ? REVMETA_TRANSIENT : REVMETA_CANCELLED;
    asked_to_stop = way == 0;
    wide_call.call.deadline_ns = way == 1;
    sink_answer = way == 2;
    EXPECT(read_facts(session, all, COUNT(all)) == expected);
    EXPECT(*message && (!record_len || way == 2));
    EXPECT(plan(session, &change, 1) == expected);
    EXPECT(plan(session, missing, 2) == expected);
    EXPECT_RECORD(way == 2 ? "0 NOT_FOUND\n" : "");
    EXPECT(check(session, missing, 2) == expected);
    EXPECT_RECORD(way == 2 ? "0 NOT_FOUND\n" : "");
    if (way != 2) EXPECT(execute_one(session, &change, "own other/plain.csv: x") == expected);
  }
  EXPECT(connector->abilities(session, call(), take_abilities, record) == REVMETA_CANCELLED);
  EXPECT(execute_one(session, &change, "nonsense") == REVMETA_CANCELLED);
  EXPECT(strstr(get("other/NOTES.txt"), "own plain.csv") == NULL);
  EXPECT(execute_one(session, &change, "own other/plain.csv: x") == REVMETA_CANCELLED);
  EXPECT(strstr(get("other/NOTES.txt"), "own plain.csv: x\n") != NULL);
  EXPECT(execute(session, two, 2, statements, 2) == REVMETA_CANCELLED);
  EXPECT_RECORD("0 OK\n");
  sink_answer = 0;
  wide_call.call.deadline_ns = INT64_MAX;
  EXPECT(read_facts(session, all, COUNT(all)) == REVMETA_OK);
  wide_call.call.deadline_ns = 0;
}

static void one_session_writes_at_a_time(void *first) {
  const wide_change change = CHANGE("table", in_plain, owner, TEXT("x"), TEXT("y"));
  void *second = NULL;
  EXPECT(open_folder(folder, &second) == REVMETA_OK);
  EXPECT(read_facts(second, all, COUNT(all)) == REVMETA_OK);
  EXPECT(execute_one(second, &change, "own other/plain.csv: y") == REVMETA_TRANSIENT);
  EXPECT(strstr(message, "another session"));
  EXPECT_RECORD("");
  connector->close(first);
  EXPECT(execute_one(second, &change, "own other/plain.csv: y") == REVMETA_OK);
  EXPECT_RECORD("0 OK\n");
  connector->close(second);
}

static void what_fails_leaves_the_notes_as_they_were(void *session) {
  const wide_change change = CHANGE("table", in_plain, owner, TEXT("y"), TEXT("z"));
  const wide_change two[] = {CHANGE("table", in_plain, owner, TEXT("y"), TEXT("z")),
                             CHANGE("table", in_plain, description, TEXT("no"), TEXT("z"))};
  static const size_t carried[] = {0, 1};
  const wide_statement statements[] = {{{TEXT("own other/plain.csv: z"), &carried[0], 1, NONE, {NULL, 0}}, ""},
                                       {{TEXT("describe other/plain.csv: z"), &carried[1], 1, NONE, {NULL, 0}}, ""}};
  const struct rlimit tiny = {1, RLIM_INFINITY}, unlimited = {RLIM_INFINITY, RLIM_INFINITY};
  char before[4096];
  snprintf(before, sizeof before, "%s", get("other/NOTES.txt"));

  EXPECT(symlink("elsewhere", at("other/NOTES.txt.new")) == 0);
  EXPECT(execute(session, two, 2, statements, 2) == REVMETA_OK);
  EXPECT_RECORD("0 FAILED\n1 CONFLICT\n");
  EXPECT(execute_one(session, &change, "own other/plain.csv: z") == REVMETA_OK);
  EXPECT(message_code == ELOOP && strstr(message, "NOTES.txt.new"));
  EXPECT(unlink(at("other/NOTES.txt.new")) == 0);

  signal(SIGXFSZ, SIG_IGN);
  setrlimit(RLIMIT_FSIZE, &tiny);
  EXPECT(execute_one(session, &change, "own other/plain.csv: z") == REVMETA_OK);
  setrlimit(RLIMIT_FSIZE, &unlimited);
  EXPECT_RECORD("0 FAILED\n");
  EXPECT(message_code == EFBIG);
  EXPECT(number_of("other/NOTES.txt.new") == 0);
  EXPECT(strcmp(get("other/NOTES.txt"), before) == 0);

  /* What a crash left behind is no obstacle. */
  put("other/NOTES.txt.new", "half a li");
  EXPECT(execute_one(session, &change, "own other/plain.csv: z") == REVMETA_OK);
  EXPECT_RECORD("0 OK\n");
  EXPECT(strstr(get("other/NOTES.txt"), "own plain.csv: z\n") && number_of("other/NOTES.txt.new") == 0);
}

static void what_cannot_be_read_is_not_empty(void *session) {
  const wide_entity entity = ENTITY("schema", in_other);
  const wide_change change = CHANGE("schema", in_other, description, NONE, TEXT("x"));
  EXPECT(rename(at("other/NOTES.txt"), at("other/away")) == 0 && mkdir(at("other/NOTES.txt"), 0755) == 0);
  EXPECT(read_facts(session, &entity, 1) == REVMETA_FAILED);
  EXPECT(message_code == EISDIR && strstr(message, "NOTES.txt"));
  EXPECT_RECORD("");
  EXPECT(plan(session, &change, 1) == REVMETA_FAILED);
  EXPECT_RECORD("");
  EXPECT(check(session, &change, 1) == REVMETA_OK);
  EXPECT_RECORD("0 FAILED\n");
  EXPECT(execute_one(session, &change, "describe other: x") == REVMETA_OK);
  EXPECT_RECORD("0 FAILED\n");
  EXPECT(rmdir(at("other/NOTES.txt")) == 0 && rename(at("other/away"), at("other/NOTES.txt")) == 0);
}

/* Not run as root, whom nothing is denied. */
static void what_is_denied_is_said(void *session) {
  const wide_entity entities[] = {ENTITY("schema", in_other), ENTITY("column", in_id)};
  const wide_change change = CHANGE("schema", in_other, description, NONE, TEXT("x"));
  void *none = NULL;
  chmod(at("other"), 0555);
  EXPECT(check(session, &change, 1) == REVMETA_OK);
  EXPECT_RECORD("0 DENIED\n");
  EXPECT(execute_one(session, &change, "describe other: x") == REVMETA_OK);
  EXPECT_RECORD("0 DENIED\n");
  EXPECT(message_code == EACCES);
  chmod(at("other"), 0);
  EXPECT(read_facts(session, entities, 1) == REVMETA_DENIED);
  EXPECT(strstr(message, "/other'"));
  EXPECT(plan(session, &change, 1) == REVMETA_DENIED);
  EXPECT(check(session, &change, 1) == REVMETA_OK);
  EXPECT_RECORD("0 DENIED\n");
  EXPECT(open_folder(at("other"), &none) == REVMETA_DENIED && !none);
  chmod(at("other"), 0755);
  chmod(at("other/NOTES.txt"), 0);
  EXPECT(read_facts(session, entities, 1) == REVMETA_DENIED);
  chmod(at("other/NOTES.txt"), 0644);
  chmod(at("sales/orders.csv"), 0);
  EXPECT(read_facts(session, entities, 2) == REVMETA_OK);
  EXPECT_RECORD("0 0 schema (absent)\n1 0 column unclear\n");
  chmod(at("sales/orders.csv"), 0644);
  EXPECT(open_folder(folder, &none) == REVMETA_OK);
  chmod(folder, 0);
  EXPECT(execute_one(none, &change, "describe other: x") == REVMETA_FAILED);
  EXPECT(strstr(message, "cannot lock"));
  EXPECT_RECORD("");
  connector->close(none);
  EXPECT(read_facts(session, entities, 1) == REVMETA_DENIED);
  EXPECT(execute_one(session, &change, "describe other: x") == REVMETA_OK);
  EXPECT_RECORD("0 DENIED\n");
  chmod(folder, 0755);
}

/* Thousands of columns in one call, and many sessions. */
static void much_is_no_trouble(void) {
  enum { columns = 3000 };
  static char names[columns][16], texts[columns][64];
  static revmeta_str paths[columns][4];
  static wide_entity entities[columns];
  static wide_change changes[columns];
  static wide_statement statements[columns];
  static size_t numbers[columns];
  void *session = NULL;
  FILE *file = fopen(at("other/many.csv"), "wb");
  size_t index;
  for (index = 0; file && index < columns; index++) {
    numbers[index] = index;
    fprintf(file, "%sc%zu", index ? "," : "", index);
    snprintf(names[index], sizeof names[0], "c%zu", index);
    snprintf(texts[index], sizeof texts[0], "describe other/many.csv/c%zu: C%zu", index, index);
    paths[index][0] = STR("any");
    paths[index][1] = STR("other");
    paths[index][2] = STR("many.csv");
    paths[index][3] = (revmeta_str){names[index], strlen(names[index])};
    entities[index].entity = (revmeta_entity){STR("column"), paths[index], 4};
    changes[index].change =
        (revmeta_change){STR("column"), paths[index], 4, description, {NULL, 0}, {strchr(texts[index], 'C'), 0}, {NULL, 0}};
    changes[index].change.value.len = strlen(changes[index].change.value.ptr);
    statements[index].statement =
        (revmeta_statement){{texts[index], strlen(texts[index])}, &numbers[index], 1, {NULL, 0}, {NULL, 0}};
  }
  EXPECT(file && fclose(file) == 0);
  for (index = 0; index < 100; index++) {
    EXPECT(open_folder(folder, &session) == REVMETA_OK);
    EXPECT(execute(session, NULL, 0, NULL, 0) == REVMETA_OK);
    connector->close(session);
  }
  EXPECT(open_folder(folder, &session) == REVMETA_OK);
  EXPECT(plan(session, changes, columns) == REVMETA_OK);
  EXPECT(strstr(record, "2999 'describe other/many.csv/c2999: C2999'\n"));
  EXPECT(execute(session, changes, columns, statements, columns) == REVMETA_OK);
  EXPECT(logged == 1 && strstr(record, "2999 OK\n") && !strstr(record, "CONFLICT"));
  EXPECT(read_facts(session, entities, columns) == REVMETA_OK);
  EXPECT(strstr(record, "0 0 column 'C0'\n") && strstr(record, "2999 0 column 'C2999'\n"));
  connector->close(session);
}

int main(int count, char **arguments) {
  void *session = NULL;
  if (count != 4) {
    fprintf(stderr, "usage: %s LIBRARY ID FOLDER\n", arguments[0]);
    return 2;
  }
  folder = arguments[3];
  umask(022);
  lay_out();
  inspect(arguments[1], arguments[2]);
  open_says_what_is_wrong();
  EXPECT(open_folder(folder, &session) == REVMETA_OK && session);
  if (!session) return 1;
  abilities_are_said(session);
  only_what_is_there_is_read(session);
  what_is_planned_and_executed_is_read_again(session);
  the_same_again_writes_nothing(session);
  what_has_moved_is_a_conflict(session);
  people_may_write_too(session);
  statements_that_make_no_sense_are_invalid(session);
  the_host_may_stop_any_call(session);
  one_session_writes_at_a_time(session);
  EXPECT(open_folder(folder, &session) == REVMETA_OK);
  what_fails_leaves_the_notes_as_they_were(session);
  what_cannot_be_read_is_not_empty(session);
  if (geteuid() != 0) what_is_denied_is_said(session);
  connector->close(session);
  much_is_no_trouble();
  if (failures) fprintf(stderr, "%s: %d expectations failed\n", arguments[1], failures);
  return failures != 0;
}
