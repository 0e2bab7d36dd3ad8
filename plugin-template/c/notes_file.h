/* notes_file.h - the lines of a NOTES.txt. NotesFile.swift.
 * Those that are not asked to change stay as people wrote them, byte for byte. */
#ifndef NOTES_FILE_H
#define NOTES_FILE_H

#include "kit.h"

/* What a new file begins with. */
#define NOTES_FILE_HEADING \
  STR("# One line a note: \"describe NAME: TEXT\" or \"own NAME: OWNER\", where \".\" is this folder.\n" \
      "# A backslash is written \\\\, a new line \\n, a return \\r, a tab \\t; in names also \\/ and \\:\n")

typedef struct notes_file {
  pool *pool;
  str *lines; /* absent: a line that was taken out; the others keep their numbers */
  size_t count;
  size_t capacity;
  struct notes_place {
    str key;
    size_t number;
  } *places; /* sorted by key, then number */
  size_t place_count;
  size_t place_capacity;
  bool is_changed;
} notes_file;

/* What a file says of one thing: nothing (both absent), a text, or why it cannot be told. */
typedef struct said {
  str text;
  str unclear;
} said;

/* `contents` must live as long as the pool. */
notes_file notes_file_begin(pool *pool, str contents);

/* The file as bytes. */
str notes_file_contents(const notes_file *file);

/* What is said of the thing with these names; no names: the folder itself. */
said notes_file_said(const notes_file *file, str verb, const str *names, size_t count);

/* Says something else, or nothing, of a thing of which at most one line speaks. */
void notes_file_say(notes_file *file, str verb, const str *names, size_t count, str value);

#endif
