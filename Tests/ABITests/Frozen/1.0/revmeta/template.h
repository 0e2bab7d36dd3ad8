/* template.h - "revmeta.template/1": turns a change into statement texts by a template that a user wrote.
 *
 * A template is compiled once against a dialect and rendered for each change. Both are pure: no I/O, no clock, the
 * same input gives the same text. Values are placed by what stands around them, so that no value can change the
 * statement's shape.
 */
#ifndef REVMETA_TEMPLATE_H
#define REVMETA_TEMPLATE_H

#include "base.h"
#include "call.h"
#include "connector.h"
#include "dialect.h"

#define REVMETA_TEMPLATE_ID "revmeta.template/1"

#ifdef __cplusplus
extern "C" {
#endif

/* What a variable's value is, which decides how it is placed where no quotes stand around it. */
#define REVMETA_ROLE_NAME ((int32_t)0)  /* an identifier: becomes a quoted identifier             */
#define REVMETA_ROLE_TEXT ((int32_t)1)  /* a text: becomes a literal; absent becomes NULL         */
#define REVMETA_ROLE_PAIRS ((int32_t)2) /* a list of pairs: becomes the dialect's list of literals */
#define REVMETA_ROLE_JSON ((int32_t)3)  /* a JSON text, for engines with logic: it is no value itself, what it holds is */

/* A variable and its value for one change. */
typedef struct revmeta_variable {
  revmeta_str name;    /* "table", "description", …                        */
  int32_t role;        /* REVMETA_ROLE_…                                   */
  revmeta_str value;   /* with NAME, TEXT and JSON; absent: nothing to say */
  revmeta_pairs pairs; /* with PAIRS                                       */
} revmeta_variable;

typedef struct revmeta_variables {
  const revmeta_variable *items;
  size_t count;
  size_t stride;
} revmeta_variables;

/* What a template may do beside the usual. */
#define REVMETA_TEMPLATE_ALLOW_RAW ((uint32_t)1) /* place a value as it is, whatever it does to the statement */

/* Takes names, or the statements of one change, in order. Copied before it returns. Nonzero: stop. [any] */
typedef int32_t (*revmeta_text_sink)(void *context, revmeta_strs texts);

/* The interface. Every slot must be set. */
typedef struct REVMETA_TABLE revmeta_template {
  uint32_t struct_size;

  /* Compiles a template and gives it.
   * `names` are the variables that it can use, `flags` what it may do: REVMETA_TEMPLATE_…, joined by |. Everything is
   * borrowed for the call, but `dialect`, which outlives the template. *compiled is set only with OK.
   * OK, CONFIG (line, column and message say what is wrong, and list the known names after an unknown one). [any] */
  revmeta_status (*compile)(const revmeta_call *call, const revmeta_dialect *dialect, revmeta_str text,
                            revmeta_strs names, uint32_t flags, void **compiled);

  /* Hands the names of the variables that a template uses to the sink, all at once, each once, in any order.
   * OK, CANCELLED (the sink asked to stop). [any] */
  revmeta_status (*uses)(const void *compiled, revmeta_text_sink sink, void *context);

  /* Renders a compiled template for one change, one text for each statement, without what ends it.
   * `change` and `variables` are borrowed for the call; there are values for all that the template uses.
   * OK, CONFIG, INVALID (a variable that compile did not know), CANCELLED, FAILED. [any] */
  revmeta_status (*render)(const void *compiled, const revmeta_call *call, const revmeta_change *change,
                           revmeta_variables variables, revmeta_text_sink sink, void *context);

  /* Frees a compiled template. Called once for each, when no render of it is going on. Cannot fail. [any] */
  void (*release)(void *compiled);
} revmeta_template;

#ifdef __cplusplus
}
#endif

#endif
