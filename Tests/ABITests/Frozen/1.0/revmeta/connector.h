/* connector.h - "revmeta.connector/1": reads facts from one kind of source, plans statements, executes them.
 *
 * A fact says: the KIND at PATH has ATTRIBUTE equal to VALUE. Attributes are open: "description", "owner", and
 * "tag.NAME" for the value of the tag NAME.
 *
 * Kinds the host asks for: "database", "schema", "table" (of every kind), "column" (nested ones too), "procedure"
 * (functions too). Kinds a connector answers with are the source's own: "view", "materialized view", "function", …
 *
 * A path is the entity's names, outermost first: database, schema, table, column, nested field. Names stand as the
 * source stores them: never quoted, never case-folded. A source with two levels ignores element 0. An overloaded
 * routine's name carries its argument types: "refund(integer, text)".
 */
#ifndef REVMETA_CONNECTOR_H
#define REVMETA_CONNECTOR_H

#include "base.h"
#include "call.h"
#include "dialect.h"

#define REVMETA_CONNECTOR_ID "revmeta.connector/1"

#ifdef __cplusplus
extern "C" {
#endif

/* Something the catalog describes. */
typedef struct revmeta_entity {
  revmeta_str kind;
  const revmeta_str *path;
  size_t path_count;
} revmeta_entity;

typedef struct revmeta_entities {
  const revmeta_entity *items;
  size_t count;
  size_t stride;
} revmeta_entities;

/* What the source says about one asked entity and one asked attribute. */
typedef struct revmeta_fact {
  size_t entity;       /* index into the entities asked for                                                   */
  size_t attribute;    /* index into the attributes asked for                                                 */
  revmeta_str kind;    /* the entity's kind at the source                                                     */
  revmeta_str value;   /* absent: the attribute is empty                                                      */
  revmeta_str problem; /* set: the value is unknown, and why ("two functions have this name"); absent: known  */
} revmeta_fact;

typedef struct revmeta_facts {
  const revmeta_fact *items;
  size_t count;
  size_t stride;
} revmeta_facts;

/* A fact to set, or to clear. */
typedef struct revmeta_change {
  revmeta_str kind; /* the kind at the source, as read emitted it */
  const revmeta_str *path;
  size_t path_count;
  revmeta_str attribute;
  revmeta_str before;  /* what the source held when it was read; absent: nothing                 */
  revmeta_str value;   /* absent: clear                                                          */
  revmeta_str channel; /* the name of the channel that wants it, for query tags; absent: no name */
} revmeta_change;

typedef struct revmeta_changes {
  const revmeta_change *items;
  size_t count;
  size_t stride;
} revmeta_changes;

/* What carries one or more changes to the source. A statement succeeds or fails for all of them. */
typedef struct revmeta_statement {
  revmeta_str text;      /* exactly what is sent, without the envelope (transaction, savepoint) and without its end */
  const size_t *changes; /* indexes of the changes it carries, at least one                                         */
  size_t change_count;
  revmeta_str guard; /* what else must still hold right before it runs, in the connector's own words; absent: only
                        that each change's `before` is still what the source holds                                 */
  revmeta_strs parts; /* of none: `text` is one statement, as this connector planned it. Else it comes from a template: the
                         statements that `text` consists of, in order, each without its end. They run in that order as
                         one unit: all of them or, where the source allows it, none. There is no guard then             */
} revmeta_statement;

typedef struct revmeta_statements {
  const revmeta_statement *items;
  size_t count;
  size_t stride;
} revmeta_statements;

/* How one change (of plan, of check) or one statement (of execute) ended. */
typedef struct revmeta_outcome {
  size_t index;
  revmeta_status status;
  const revmeta_failure *failure; /* NULL with REVMETA_OK, set otherwise */
} revmeta_outcome;

typedef struct revmeta_outcomes {
  const revmeta_outcome *items;
  size_t count;
  size_t stride;
} revmeta_outcomes;

/* How far an attribute of a kind is supported. */
#define REVMETA_SUPPORT_UNKNOWN ((int32_t)0)         /* depends on something not known yet             */
#define REVMETA_SUPPORT_UNSUPPORTED ((int32_t)1)     /* the source has no such notion                  */
#define REVMETA_SUPPORT_NOT_IMPLEMENTED ((int32_t)2) /* the source has it, this connector does not yet */
#define REVMETA_SUPPORT_VERSIONED ((int32_t)3)       /* the source has it from a newer release on      */
#define REVMETA_SUPPORT_FULL ((int32_t)4)

#define REVMETA_ABILITY_CLEAR ((uint32_t)1)         /* the attribute can be cleared                  */
#define REVMETA_ABILITY_EMPTY_IS_NULL ((uint32_t)2) /* the source keeps "" and nothing as one value  */

/* What max_length counts. */
#define REVMETA_UNIT_BYTES ((int32_t)0)      /* of UTF-8        */
#define REVMETA_UNIT_CHARACTERS ((int32_t)1) /* Unicode scalars */

/* Which texts the source can hold. */
#define REVMETA_TEXT_ANY ((int32_t)0)    /* all of Unicode; the host still keeps U+0000 to itself       */
#define REVMETA_TEXT_NO_NUL ((int32_t)1) /* all but U+0000                                              */
#define REVMETA_TEXT_BMP ((int32_t)2)    /* U+0001 to U+FFFF: anything beyond would be mangled silently */

/* What a session can do with one attribute of one kind. */
typedef struct revmeta_ability {
  revmeta_str kind;      /* the kind at the source                                                          */
  revmeta_str attribute; /* "tag." stands for every tag                                                     */
  int32_t support;       /* REVMETA_SUPPORT_…                                                               */
  uint32_t flags;        /* REVMETA_ABILITY_…, joined by |                                                  */
  int32_t text;          /* REVMETA_TEXT_…                                                                  */
  int32_t unit;          /* REVMETA_UNIT_…                                                                  */
  uint64_t max_length;   /* of the value, in that unit; 0: no limit                                         */
  revmeta_str note;      /* a sentence for people where support is not full: why, and what to do; or absent */
} revmeta_ability;

typedef struct revmeta_abilities {
  const revmeta_ability *items;
  size_t count;
  size_t stride;
} revmeta_abilities;

/* Sinks. Each copies what it is given before it returns. Nonzero: stop, and return REVMETA_CANCELLED. [session] */
typedef int32_t (*revmeta_ability_sink)(void *context, revmeta_abilities abilities);
typedef int32_t (*revmeta_fact_sink)(void *context, revmeta_facts facts);
typedef int32_t (*revmeta_statement_sink)(void *context, revmeta_statements statements);
typedef int32_t (*revmeta_outcome_sink)(void *context, revmeta_outcomes outcomes);

/* The interface. Every slot must be set. */
typedef struct REVMETA_TABLE revmeta_connector {
  uint32_t struct_size;

  /* Gives the dialect of the statements this connector plans.
   * Called after loading, before any session. The dialect is valid for the life of the process. Cannot fail. [any] */
  const revmeta_dialect *(*dialect)(void);

  /* Connects to the source and gives a session.
   * Called once for each scope the manifest names (a service, or each database of one).
   * `settings` are borrowed for the call; a secret among them must reach no message. *session is set only with OK.
   * OK, CONFIG (name the setting), DENIED, NOT_FOUND (the database), TRANSIENT, CANCELLED, FAILED. [session] */
  revmeta_status (*open)(const revmeta_call *call, revmeta_pairs settings, void **session);

  /* Ends a session and frees what it holds; open transactions are rolled back, locks released.
   * Called exactly once for each session that open gave, also after failures. Cannot fail. [session] */
  void (*close)(void *session);

  /* Emits what this session can do: one ability for each kind and attribute it knows of. What is not emitted is
   * unsupported. Called once after open.
   * OK, TRANSIENT, CANCELLED, FAILED. [session] */
  revmeta_status (*abilities)(void *session, const revmeta_call *call, revmeta_ability_sink sink, void *context);

  /* Emits one fact for each asked entity that exists and each asked attribute; its value is absent where it is empty, or
   * where the kind has no such attribute. Of an entity that does not exist nothing is emitted. In as few queries as the
   * source allows: their number must not grow with the number of entities.
   * Called with some thousands of entities at a time, in any order, all within the session's scope.
   * OK, DENIED, TRANSIENT, CANCELLED, FAILED; after anything but OK the host takes nothing of it as known. [session] */
  revmeta_status (*read)(void *session, const revmeta_call *call, revmeta_entities entities, revmeta_strs attributes,
                         revmeta_fact_sink sink, void *context);

  /* Emits the statements that make the changes, and an outcome for each change it cannot plan (UNSUPPORTED, INVALID,
   * NOT_FOUND, with the reason). Each change is in exactly one statement or one outcome.
   * Pure, but for what it must look up. All the changes of a table come together.
   * OK, DENIED, TRANSIENT, CANCELLED, FAILED. [session] */
  revmeta_status (*plan)(void *session, const revmeta_call *call, revmeta_changes changes,
                         revmeta_statement_sink statements, revmeta_outcome_sink refusals, void *context);

  /* Says for each change whether this session may make it: an outcome for each one that it may not (DENIED with the
   * missing privilege and how to grant it, NOT_FOUND), none for the others. Writes nothing.
   * OK, TRANSIENT, CANCELLED, FAILED. [session] */
  revmeta_status (*check)(void *session, const revmeta_call *call, revmeta_changes changes, revmeta_outcome_sink sink,
                          void *context);

  /* Runs the statements, as fast as the source allows, and emits one outcome for each as soon as it is certain.
   * `changes` are those that the statements' indexes point into. Before a statement runs, its guard and the `before`
   * of its changes are compared with the source: moved means CONFLICT and the statement does not run. A source that
   * holds a change's `value` by now has not moved; a change whose attribute this session cannot read for its kind, which
   * a template's statement may carry, is not compared. One failing statement costs its own changes only. The first call
   * takes the source's write lock, which is held until close. If it is not to be had nothing runs, and TRANSIENT is the
   * outcome of each statement.
   * OK if each statement has its outcome, whatever that is; TRANSIENT, CANCELLED or FAILED if the session broke:
   * statements without an outcome are then unsettled, and the host reads the source again to learn the truth. [session] */
  revmeta_status (*execute)(void *session, const revmeta_call *call, revmeta_changes changes,
                            revmeta_statements statements, revmeta_outcome_sink sink, void *context);
} revmeta_connector;

#ifdef __cplusplus
}
#endif

#endif
