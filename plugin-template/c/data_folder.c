/* data_folder.c - see data_folder.h. DataFolder.swift. */
#include "data_folder.h"

#include "files.h"

struct table_header {
  struct table_header *next;
  str table;
  csv_header header;
  str problem; /* absent: the header is known */
};

static const failure *open_schema(data_folder *data, str name, schema_folder **opened) {
  schema_folder *schema = pool_take(data->pool, sizeof *schema);
  const failure *why;
  str contents = {NULL, 0};
  schema->pool = data->pool;
  schema->name = name;
  schema->path = files_join(data->pool, data->path, name);
  if (!files_is_folder(schema->path)) return NULL;
  why = files_names(data->pool, schema->path, &schema->names, &schema->count);
  if (!why) why = files_contents(data->pool, files_join(data->pool, schema->path, STR("NOTES.txt")), &contents);
  if (why) return why;
  schema->notes = notes_file_begin(data->pool, contents.ptr ? contents : NOTES_FILE_HEADING);
  schema->next = data->schemas;
  data->schemas = *opened = schema;
  return NULL;
}

/* Names are looked up in a listing: asked by path, ".." or another case of letters might find something too. */
const failure *data_folder_schema(data_folder *data, str name, schema_folder **found) {
  schema_folder *schema;
  *found = NULL;
  for (schema = data->schemas; schema; schema = schema->next)
    if (str_is_same(schema->name, name)) {
      *found = schema;
      return NULL;
    }
  if (!data->is_listed) {
    const failure *why = files_names(data->pool, data->path, &data->names, &data->count);
    if (why) return why;
    data->is_listed = true;
  }
  if (!name.len || name.ptr[0] == '.' || !files_has(data->names, data->count, name)) return NULL;
  return open_schema(data, name, found);
}

const failure *data_folder_schema_holding(data_folder *data, const note *note, schema_folder **schema) {
  const failure *why = data_folder_schema(data, note->names[0], schema);
  if (why) return why;
  return *schema ? schema_folder_expect(*schema, note) : not_found(data->pool, note->names, 1);
}

static bool take(void *header, str block) { return csv_header_take(header, block); }

static struct table_header *header_of(schema_folder *schema, str table) {
  struct table_header *known;
  const char *path;
  const failure *why;
  for (known = schema->headers; known; known = known->next)
    if (str_is_same(known->table, table)) return known;
  known = pool_take(schema->pool, sizeof *known);
  known->table = table;
  known->header = csv_header_begin(schema->pool);
  path = files_join(schema->pool, schema->path, table);
  why = files_read(schema->pool, path, take, &known->header);
  if (!why && known->header.is_too_long)
    why = fail(schema->pool, REVMETA_FAILED, "the first line of '%s' is longer than %zu bytes", path,
               CSV_HEADER_MAX_LENGTH);
  if (why) known->problem = why->details.message;
  else csv_header_finish(&known->header);
  known->next = schema->headers;
  schema->headers = known;
  return known;
}

presence schema_folder_presence(schema_folder *schema, const str *names, size_t count) {
  const struct table_header *known;
  size_t columns;
  if (!count) return (presence){.is_absent = false};
  if (!str_ends_with(names[0], STR(".csv")) || !files_has(schema->names, schema->count, names[0]) ||
      !files_is_file(files_join(schema->pool, schema->path, names[0])))
    return (presence){.is_absent = true};
  if (count == 1) return (presence){.is_absent = false};
  known = header_of(schema, names[0]);
  if (known->problem.ptr) return (presence){.unclear = known->problem};
  columns = csv_header_count(&known->header, names[1]);
  if (columns > 1)
    return (presence){.unclear = fail(schema->pool, REVMETA_UNSUPPORTED,
                                      "several columns of %.*s have this name: rename all but one",
                                      STR_ARGUMENTS(names[0]))->details.message};
  return (presence){.is_absent = !columns};
}

const failure *schema_folder_expect(schema_folder *schema, const note *note) {
  presence found = schema_folder_presence(schema, note->names + 1, note->count - 1);
  if (found.is_absent) return not_found(schema->pool, note->names, note->count);
  if (found.unclear.ptr)
    return fail(schema->pool, REVMETA_UNSUPPORTED, "%.*s", STR_ARGUMENTS(found.unclear));
  return NULL;
}

const failure *schema_folder_save(schema_folder *schema) {
  if (!schema->notes.is_changed) return NULL;
  return files_replace(schema->pool, files_join(schema->pool, schema->path, STR("NOTES.txt")), schema->path,
                       notes_file_contents(&schema->notes));
}
