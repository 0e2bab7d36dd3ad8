/* A stand-in for Snowflake, as an ODBC driver: what its files share.
 *
 * It keeps an account in a folder that all its connections share, takes the statements that a metadata connector
 * sends as Snowflake documents them, and refuses everything else with Snowflake's codes. It is no Snowflake: what it
 * proves is that statements are as documented and what state they leave. A rule names the page it comes from as
 * "docs: PATH", below docs.snowflake.com/en; "seen:" marks what the documentation leaves open and others report of
 * the real one. */
#ifndef STANDIN_H
#define STANDIN_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* text.c: memory that is given back at once, and texts that grow. */

typedef struct chunk chunk;
typedef struct {
  chunk *first;
} arena;

void *take(arena *a, size_t size);
char *copy(arena *a, const char *text);
char *copy_part(arena *a, const char *text, size_t length);
char *format(arena *a, const char *pattern, ...) __attribute__((format(printf, 2, 3)));
void release(arena *a);

typedef struct {
  char *bytes;
  size_t length, capacity;
} growing;

void add(growing *to, const char *text);
void add_part(growing *to, const char *text, size_t length);
void add_byte(growing *to, char byte);
const char *upper(arena *a, const char *text);
bool same(const char *a, const char *b); /* NULL is the same as NULL alone */
bool same_word(const char *a, const char *b); /* without case */
size_t characters(const char *utf8);
bool is_like(const char *text, const char *pattern, bool with_case);
char *quoted_if_needed(arena *a, const char *name);

/* A list of pointers. */
typedef struct {
  void **at;
  size_t count, capacity;
} list;

void append(arena *a, list *to, void *element);
void sort(list *of, int (*compare)(const void *, const void *));

/* lexer.c */

typedef enum { T_WORD, T_QUOTED, T_STRING, T_NUMBER, T_SYMBOL, T_END } token_kind;

typedef struct {
  token_kind kind;
  char *text; /* a word is in upper case, a string without its quotes and escapes */
  size_t start, end; /* bytes of the statement */
  unsigned line, column;
} token;

/* state.c: what the account holds. */

typedef enum {
  K_ACCOUNT,
  K_DATABASE,
  K_SCHEMA,
  K_TABLE,
  K_EXTERNAL_TABLE,
  K_DYNAMIC_TABLE,
  K_ICEBERG_TABLE,
  K_EVENT_TABLE,
  K_VIEW,
  K_MATERIALIZED_VIEW,
  K_STAGE,
  K_PROCEDURE,
  K_FUNCTION,
  K_TAG,
  K_MASKING_POLICY,
  K_ROW_ACCESS_POLICY,
  K_ROLE,
  K_USER,
  K_WAREHOUSE,
  K_COUNT
} kind;

typedef struct object object;

typedef struct {
  char *name, *type, *comment, *initial;
  bool nullable;
  object *policy; /* a masking policy set on the column itself */
} column;

typedef struct {
  char **cells;
} row;

struct object {
  kind kind;
  char *name;
  object *parent; /* a schema's database, a table's schema */
  object *owner; /* a role */
  char *comment;
  unsigned long created, dropped; /* the number of the statement; 0: it was not dropped */
  bool transient, secure, managed;
  list columns, rows;
  char *arguments, *signature, *returns; /* of a routine: its types, its types with names, what it gives */
  char *body; /* a view's query, a policy's expression, a routine's code */
  list names; /* a policy's arguments */
  list allowed; /* a tag's values */
  bool is_restricted; /* a tag has a list of values, an empty one even */
  list policies; /* a tag's masking policies; a table's row access policy */
  list policy_columns; /* what the row access policy is given */
  char *password, *default_role, *default_warehouse, *public_key; /* of a user */
};

/* A tag on an object or on one of its columns. */
typedef struct {
  object *tag, *object;
  column *column;
  char *value;
  unsigned long since, until; /* 0: it still is */
} reference;

/* A privilege on an object for a role, or a role for a role or a user (privilege USAGE on a role). */
typedef struct {
  char *privilege;
  object *on; /* the account too */
  object *to;
  object *by;
  bool with_option;
} grant;

typedef struct {
  arena memory;
  object *account;
  list objects, references, grants;
  unsigned long number; /* of statements that changed something */
  long read; /* bytes of the log that were replayed */
} state;

/* What a statement is run as. */
typedef struct {
  object *user, *role, *database, *schema, *warehouse;
  object *rights; /* whose privileges count while a view is read: its owner's; NULL: the role's */
  bool all_roles; /* USE SECONDARY ROLES ALL */
} context;

state *new_state(void);
void free_state(state *s);
const char *kind_name(kind k); /* MATERIALIZED VIEW */
bool is_table(kind k); /* of any kind, without views */
bool has_columns(kind k);
object *find(const state *s, kind k, const object *parent, const char *name);
object *find_relation(const state *s, const object *schema, const char *name);
column *find_column(const object *o, const char *name);
object *add_object(state *s, kind k, object *parent, const char *name, object *owner);
void drop_object(state *s, object *o);
object *database_of(object *o);
object *schema_of(object *o);
const char *full_name(arena *a, const object *o); /* DB.S.T, quoted where needed */
reference *find_reference(const state *s, const object *tag, const object *o, const column *c);

/* roles.c: who may what. docs: user-guide/security-access-control-overview */

bool role_has_role(const state *s, const object *role, const object *other); /* itself too */
bool user_has_role(const state *s, const object *user, const object *role);
bool acts_as(const state *s, const context *c, const object *role); /* by the primary or a secondary role */
bool owns(const state *s, const context *c, const object *o);
bool holds(
  const state *s, const context *c, const char *privilege, const object *o); /* owning an object is every privilege */
bool is_shown(const state *s, const context *c, object *o); /* by INFORMATION_SCHEMA */
bool sees(const state *s, const context *c, object *o); /* by commands */

/* A statement that is run. */

typedef enum { V_TEXT, V_NUMBER, V_BOOLEAN, V_TIMESTAMP } value_type;

typedef struct {
  char *name;
  value_type type;
} heading;

typedef struct {
  list headings, rows; /* of heading, of char ** */
} table;

typedef struct {
  int code;
  char sqlstate[6];
  char *message;
} failure;

typedef struct session session;

typedef struct {
  state *state;
  context *context;
  session *session; /* NULL while the log is replayed */
  arena memory;
  const char *text;
  token *tokens;
  size_t at, count;
  bool changes; /* what was run belongs into the log */
  table *result;
  long affected;
  failure failure;
  jmp_buf out;
} run;

_Noreturn void fail(run *r, int code, const char *sqlstate, const char *pattern, ...)
  __attribute__((format(printf, 4, 5)));
bool attempt(run *r, void (*what)(run *)); /* false: it failed, and r->failure says how */
void tokenize(run *r);

/* parser.c: reading tokens. */

const token *here(run *r);
_Noreturn void unexpected(run *r);
bool is_word(run *r, const char *word);
bool is_symbol(run *r, const char *symbol);
bool take_word(run *r, const char *word);
bool take_words(run *r, const char *first, const char *second);
bool take_symbol(run *r, const char *symbol);
void want_word(run *r, const char *word);
void want_symbol(run *r, const char *symbol);
bool is_name(run *r);
char *want_name(run *r);
char *want_string(run *r);
char *want_type(run *r);
const char *type_family(const char *type); /* NUMBER of NUMBER(38,0): how routines are told apart */
const char *column_data_type(const char *type); /* TEXT of VARCHAR(10), as INFORMATION_SCHEMA has it */
void want_end(run *r);
bool at_end(run *r);

typedef struct {
  char *part[4];
  int count;
} name;

name want_qualified_name(run *r);
const char *written(run *r, name n);
bool want_kind(run *r, kind *k); /* false: no word of a kind stands here */
bool take_if_exists(run *r);
bool take_if_not_exists(run *r);
char *want_argument_types(run *r); /* (NUMBER, VARCHAR) */

/* resolve.c: from names to objects that the role may know of. */

object *resolve(run *r, kind k, name n);
object *resolve_or_null(run *r, kind k, name n);
object *resolve_relation(run *r, name n); /* of any kind with columns */
object *resolve_any_or_null(run *r, name n);
object *resolve_routine(run *r, kind k, name n, const char *arguments);
object *resolve_schema_for(run *r, name n, int depth); /* the schema that a new object's name says */
column *resolve_column(run *r, object *o, const char *column_name);
_Noreturn void missing(run *r, kind k, const char *what);
_Noreturn void denied(run *r, object *o);
void may_change(run *r, object *o);
object *object_argument(run *r, const char *text, const char *domain, column **c); /* of functions: 'db.s.t', 'TABLE' */

/* The statements. */

void run_create(run *r);
void run_drop(run *r);
void run_alter(run *r);
void run_comment(run *r);
void run_grant(run *r);
void run_revoke(run *r);
void run_show(run *r);
void run_describe(run *r);
void run_use(run *r);
void run_select(run *r);
void run_insert(run *r);
void run_statement(run *r); /* looks at the first word */
void succeeded(run *r, const char *message);

/* tags.c */

typedef struct {
  object *tag;
  char *value;
} tagging;

tagging *want_tagging(run *r); /* t = 'v' */
list want_taggings(run *r); /* t = 'v', … */
list want_tag_names(run *r);
void check_may_tag(run *r, object *o, const list *taggings, bool setting);
void check_quota(run *r, object *o, const list *on_object, const list *column_changes);
void set_tags(run *r, object *o, column *c, const list *taggings);
void unset_tags(run *r, object *o, column *c, const list *tags);
object *want_tag(run *r);
char *tag_value(run *r, object *tag, object *o, column *c, object **level);
object *masking_policy_of(run *r, object *o, column *c, object **tag);
const char *domain_of(const object *o); /* TABLE for all that have columns */

/* expression.c: the expressions of queries and of policies. */

typedef struct expression expression;
struct expression {
  enum {
    E_TEXT,
    E_NUMBER,
    E_NULL,
    E_BOOLEAN,
    E_COLUMN,
    E_STAR,
    E_CALL,
    E_UNARY,
    E_BINARY,
    E_IN,
    E_LIKE,
    E_IS_NULL,
    E_CASE,
    E_CAST,
    E_BETWEEN
  } form;
  char *text; /* a literal, an operator, a function, a column; a column's qualifier is its first argument's text */
  char *qualifier;
  list arguments;
  bool negated, without_case;
  expression *otherwise; /* CASE … ELSE */
  bool has_subject; /* CASE x WHEN … */
  unsigned line, column;
};

typedef struct scope scope;
struct scope {
  const table *table; /* headings of the row; a heading's qualifier stands in qualifiers, by its index */
  char **qualifiers;
  char **row;
  object *masked; /* the column that a policy is asked about */
  column *masked_column;
  list *group; /* the rows of an aggregate */
};

expression *want_expression(run *r);
char *evaluate(run *r, expression *e, scope *s);
value_type type_of(expression *e, const scope *s);
bool is_true(const char *value);
bool is_aggregate(const expression *e);
char *call(run *r, expression *e, scope *s); /* functions.c */

/* relations.c: what can stand in FROM. */

table *new_table(run *r, const char *names); /* "NAME SIZE# FLAG? MADE@": # number, ? boolean, @ time */
char **new_row(run *r, table *t);
/* Fills a row from its cells in the order of the headings. */
#define ROW(t, ...) memcpy(new_row(r, t), ((char *[]){__VA_ARGS__}), sizeof((char *[]){__VA_ARGS__}))
char *owner_of(const object *o);
table *information_schema(run *r, object *database, const char *view);
table *account_usage(run *r, const char *view);
table *table_function(run *r, object *database, const char *function, list *arguments, list *names);
table *relation_rows(run *r, object *o); /* of a user's table or view, masked */
table *query(run *r); /* a SELECT from here on */
expression *expression_of(run *r, const char *text);
table *query_of(run *r, const char *text);
list visible_objects(run *r, kind first, kind last, const object *container); /* by name; container NULL: the account */
list shown_objects(run *r, kind first, kind last, const object *container); /* of them what INFORMATION_SCHEMA shows */
char *json_list(run *r, const list *texts);
char *moment(run *r, unsigned long number);

/* log.c: the folder that all connections share. */

int lock_account(const char *folder);
void unlock_account(int lock);
void replay(state *s, const char *folder);
bool record_change(run *r, const context *before, const char *folder);
void record_statement(session *s, const char *text, int code);
char *setting(arena *a, const char *folder, const char *key);
char *escaped(arena *a, const char *text);

/* faults.c */

typedef struct {
  char *action; /* NULL: none */
  int code;
  char *sqlstate, *message;
} fault;

fault next_fault(arena *a, const char *folder, const char *text);

/* session.c */

struct session {
  char *folder, *query_tag;
  char *number;
  state *state;
  context context;
  arena memory;
  long multi_statement_count;
  bool dropped; /* the connection is gone */
  atomic_bool cancelled;
};

session *open_session(const char *connection_string, failure *why, arena *a, double patience);
void close_session(session *s);
list execute(session *s, const char *text, long statements, failure *why, arena *a); /* of answer */
const char *connection_value(arena *a, const char *connection_string, const char *key);

typedef struct {
  table *table; /* NULL: none */
  long affected;
} answer;

#endif
