/* order.h - a statement, understood: the note to keep, and what must still be said before it is. Order.swift. */
#ifndef ORDER_H
#define ORDER_H

#include "data_folder.h"
#include "kit.h"
#include "note.h"

typedef struct order {
  size_t index; /* of the statement */
  note note;    /* its names are the schema's, the table's and the column's */
  const revmeta_statement *statement;
  revmeta_changes changes;
  const failure *why; /* it was not carried out; NULL: it was */
} order;

/* Reads a statement. A statement that a template wrote may say another text, but not of another thing. */
const failure *order_read(pool *pool, size_t index, const revmeta_statement *statement, revmeta_changes changes,
                          order *order);

/* Puts the note among the others, if they still say what they said when the change was made up. */
const failure *order_carry_out(order *order, schema_folder *schema);

#endif
