/* note.h - one note: what a statement does, and what a line of NOTES.txt says. Note.swift, Note+Change.swift.
 *
 *   describe orders.csv/total: Sum of the lines
 *
 * A verb, the names of a thing joined by slashes, a colon, a space, and what is said. Nothing after the colon: nothing
 * is said any more. A backslash keeps what would end a name or the line: \\ \/ \: \n \r \t
 */
#ifndef NOTE_H
#define NOTE_H

#include "kit.h"

typedef struct note {
  str verb;      /* "describe" or "own"                                                                  */
  str attribute; /* "description" or "owner"                                                             */
  str names[3];  /* of a statement: the schema's, the table's, the column's                              */
  size_t count;  /* of all names that were given; those beyond three are not kept, as nothing has so many */
  str value;     /* empty: nothing is said                                                               */
} note;

/* The verb for an attribute; absent: there is none. */
str note_verb(str attribute);

/* The note without what is said, the colon included. */
str note_key(pool *pool, str verb, const str *names, size_t count);

/* The note as one line, without its end. */
str note_line(pool *pool, str verb, const str *names, size_t count, str value);

/* Where what is said begins: after the first colon that no backslash keeps. 0: there is none. */
size_t note_key_end(str line);

/* What is said after a key. False: a backslash stands before something else than it may keep, or it is no UTF-8. */
bool note_value(pool *pool, str text, str *value);

/* Reads a statement. */
const failure *note_parse(pool *pool, str text, note *note);

/* The note that makes a change, or why there is none. */
const failure *note_making(pool *pool, const revmeta_change *change, note *note);

/* The kind of the thing a statement is about; absent: nothing has this many names. */
str note_kind(const note *note);

/* An entity's names, without the database's, as many as its kind has. 0: its path is longer or shorter. */
size_t note_names(str kind, const str *path, size_t path_count, const str **names);

const failure *not_found(pool *pool, const str *names, size_t count);

#endif
