/* data_folder.h - the folder of the data, as one call sees it. DataFolder.swift.
 * Each folder in it is listed, each file in it read, at most once. */
#ifndef DATA_FOLDER_H
#define DATA_FOLDER_H

#include "csv_header.h"
#include "kit.h"
#include "note.h"
#include "notes_file.h"

/* One schema: a folder, its CSV files, and the notes about them. */
typedef struct schema_folder {
  struct schema_folder *next;
  pool *pool;
  str name;
  const char *path;
  str *names;
  size_t count;
  struct table_header *headers;
  notes_file notes;
} schema_folder;

/* Start with {pool, path, NULL, 0, false, NULL}. */
typedef struct data_folder {
  pool *pool;
  const char *path;
  str *names;
  size_t count;
  bool is_listed;
  schema_folder *schemas;
} data_folder;

/* Whether something is there, and if that cannot be told, why. */
typedef struct presence {
  bool is_absent;
  str unclear;
} presence;

/* The folder that is a schema; NULL: there is none of this name. */
const failure *data_folder_schema(data_folder *data, str name, schema_folder **schema);

/* The schema of a note, which is sure to hold what the note is about. */
const failure *data_folder_schema_holding(data_folder *data, const note *note, schema_folder **schema);

/* Whether the schema (no names), a table (one) or a column (two) is there. */
presence schema_folder_presence(schema_folder *schema, const str *names, size_t count);

/* Why what a note is about is not there. */
const failure *schema_folder_expect(schema_folder *schema, const note *note);

/* Puts the notes on disk, if they changed. */
const failure *schema_folder_save(schema_folder *schema);

#endif
