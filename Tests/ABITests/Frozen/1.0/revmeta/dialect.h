/* dialect.h - how a source spells names, texts and scripts, as data.
 *
 * Connectors export one; template engines and the kit's SQL builder read it, so that quoting is written once.
 * What a dialect depends on (standard_conforming_strings, sql_mode) the connector pins in its sessions and repeats
 * in script_begin.
 */
#ifndef REVMETA_DIALECT_H
#define REVMETA_DIALECT_H

#include "base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Inside a literal a backslash starts an escape, so it is doubled. */
#define REVMETA_DIALECT_BACKSLASH_ESCAPES ((uint32_t)1)
/* $$text$$ and $tag$text$tag$ are literals. */
#define REVMETA_DIALECT_DOLLAR_QUOTES ((uint32_t)2)
/* Block comments nest. */
#define REVMETA_DIALECT_NESTED_COMMENTS ((uint32_t)4)
/* "text" is a literal, not an identifier. */
#define REVMETA_DIALECT_DOUBLE_QUOTED_LITERALS ((uint32_t)8)
/* # starts a comment that ends with its line, as -- does everywhere. */
#define REVMETA_DIALECT_HASH_COMMENTS ((uint32_t)16)
/* // starts a comment that ends with its line. */
#define REVMETA_DIALECT_SLASH_COMMENTS ((uint32_t)32)
/* E'text' is a literal in which a backslash starts an escape. */
#define REVMETA_DIALECT_ESCAPE_LITERALS ((uint32_t)64)
/* Inside a literal a quote is escaped by a backslash and never doubled, and a line's end is escaped too. Only with
 * REVMETA_DIALECT_BACKSLASH_ESCAPES. */
#define REVMETA_DIALECT_ESCAPED_QUOTES ((uint32_t)128)
/* Inside a quoted identifier backslashes and quotes are treated as inside a literal. */
#define REVMETA_DIALECT_ESCAPED_IDENTIFIERS ((uint32_t)256)
/* A dot inside a quoted identifier separates names: `database.schema.table`. */
#define REVMETA_DIALECT_DOTTED_IDENTIFIERS ((uint32_t)512)

/* Strings are plain C literals, valid for the life of the process. */
typedef struct REVMETA_TABLE revmeta_dialect {
  uint32_t struct_size;
  uint32_t flags;                /* REVMETA_DIALECT_…, joined by |                                               */
  uint32_t identifier_max_bytes; /* longer names cannot exist at the source; 0: no limit known                   */
  const char *name;              /* "postgresql", "mysql", "snowflake", …; "text" where the source is not SQL    */
  const char *identifier_open;   /* before a quoted identifier                                                   */
  const char *identifier_close;  /* after it; doubled where it stands inside. Both NULL: names cannot be quoted  */
  const char *literal_open;      /* before a literal, with its prefix: "'" or "N'"                               */
  const char *literal_close;     /* after it; doubled where it stands inside                                     */
  const char *list_open;         /* how a list of pairs renders: "[" "]" "," "(" "," ")" gives [('k','v')]       */
  const char *list_close;
  const char *list_separator;
  const char *pair_open;
  const char *pair_separator;
  const char *pair_close;
  const char *statement_end; /* what ends a statement in a script: ";"                                        */
  const char *script_begin;  /* statements that a script starts with, each ended; NULL: none                  */
  const char *script_use;    /* what stands before a quoted database name in a script to enter it; NULL: none */
} revmeta_dialect;

#ifdef __cplusplus
}
#endif

#endif
