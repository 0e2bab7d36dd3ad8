/* csv_header.h - the columns that the first record of a CSV file names. CSVHeader.swift. */
#ifndef CSV_HEADER_H
#define CSV_HEADER_H

#include "kit.h"

/* A longer record is no header but some other kind of file. */
#define CSV_HEADER_MAX_LENGTH ((size_t)1 << 20)

/* Takes bytes only until the record ends. Start with csv_header_begin. */
typedef struct csv_header {
  pool *pool;
  str *names; /* sorted once complete; a name may stand there twice */
  size_t count;
  size_t capacity;
  bool is_complete;
  bool is_too_long;
  buffer field;
  bool is_first_field;
  enum { CSV_START, CSV_PLAIN, CSV_QUOTED, CSV_QUOTE_IN_QUOTED } place;
  size_t length;
} csv_header;

csv_header csv_header_begin(pool *pool);

/* Takes a block of the file. False: no more is needed. */
bool csv_header_take(csv_header *header, str bytes);

/* Takes the end of the file. */
void csv_header_finish(csv_header *header);

/* How often a name stands in a finished header. */
size_t csv_header_count(const csv_header *header, str name);

#endif
